"""What a pack tells is in the bundle, and nothing that the bundle hides."""

from datetime import date

from api.verbs.export_bundle import export_bundle
from exporters.facts.history import read
from exporters.facts.pack import MOST_STEPS, Pack, pack
from ledger.audience import Audience, full, public
from ledger.readside.introduced import OpenPlaces, introduced
from ledger.readside.named import named
from tests.simulator.paperwork import LOT, Season


def told(season: Season, audience: Audience) -> Pack:
    naming = named(season.node, audience) if audience.whole else introduced(season.node, audience)
    found = pack(read(export_bundle(season.node, LOT, direction="back", audience=audience, naming=naming)))
    assert found is not None
    return found


def test_a_whole_bundle_tells_towns_days_and_steps(season: Season) -> None:
    found = told(season, full())
    assert (found.product, found.code, found.maker) == ("Pomodori", "T-196", "Cooperativa Sole")
    assert found.harvested == (date(2026, 7, 14), date(2026, 7, 14))
    assert {town.name for town in found.begun_in} == {"Brisighella"}
    assert not any(town.seat for town in found.begun_in)
    assert [step.kind for step in found.steps][:1] == ["harvest"]
    assert len(found.steps) <= MOST_STEPS


def test_where_no_place_is_public_the_seat_is_told_and_called_so(season: Season) -> None:
    found = told(season, public(lambda _: True, OpenPlaces(season.node)))
    assert found.towns
    assert all(town.seat and town.name == "Faenza" for town in found.towns)


def test_of_a_history_that_is_not_published_nothing_is_introduced(season: Season) -> None:
    audience = public(lambda _: False, OpenPlaces(season.node))
    naming = introduced(season.node, audience)
    bundle = export_bundle(season.node, LOT, direction="back", audience=audience, naming=naming)
    assert pack(read(bundle)) is None
    assert list(read(bundle).masters.certificates(0)) == []
