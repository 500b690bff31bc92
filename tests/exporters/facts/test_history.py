"""What a bundle says of its members: each by its own name, whoever proposed it."""

from api.verbs.export_bundle import export_bundle
from exporters.facts.history import read
from ledger.audience import full
from ledger.readside.named import named
from tests.simulator.paperwork import Season


def test_every_member_has_its_own_profile(season: Season) -> None:
    naming = named(season.node, full())
    facts = read(export_bundle(season.node, season.lot, direction="back", audience=full(), naming=naming))
    own, other = season.members
    assert facts.members[own] == {"name": "Cooperativa Sole", "gln": "9521001000017", "companyPrefixes": ["9521001"]}
    assert facts.members[other]["name"] == "Esperia Distribuzione"
