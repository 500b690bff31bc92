"""What a bundle says, read for papers."""

from api.verbs.export_bundle import export_bundle
from exporters.facts.history import read
from ledger.audience import full
from ledger.readside.named import named
from tests.simulator.paperwork import COOP, LOT, Season


def test_each_member_has_its_own_profile_whoever_proposed_it(season: Season) -> None:
    naming = named(season.node, full())
    found = read(export_bundle(season.node, LOT, direction="both", audience=full(), naming=naming)).members
    own, other = season.members
    assert {iss: profile["name"] for iss, profile in found.items()} == {
        own: "Cooperativa Sole", other: "Esperia Distribuzione",
    }  # fmt: skip
    assert (found[own]["gln"], found[other]["companyPrefixes"]) == (COOP, ["9521009"])
