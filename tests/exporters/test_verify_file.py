"""A paper is verified by one verb: its bundles prove themselves, and what it says is held against them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.verbs.export import export, list_formats
from api.verbs.verify import verify
from exporters import catalogue
from exporters.format import Missing, MissingData
from exporters.verify_file import bundles_of
from ledger.audience import AUDIENCES, full
from ledger.trust import KnownLogs
from ledger.verify.account import Account
from schemas.errors import InputError
from schemas.syntax.base64url import decode
from tests.simulator.paperwork import HARVESTED, LOT, Season


def known(season: Season) -> Any:
    return KnownLogs(Path(season.node.store.folder).parent / "policies").load()


def written(season: Season, *lots: str, to: str = "full", **more: Any) -> bytes:
    return export(
        season.node, "epcis-json", lots or (LOT,), audience=full(), to=AUDIENCES[to](), language="it", **more
    ).data


def account(season: Season, data: bytes) -> Account:
    return verify(data, known=known(season))


def altered(data: bytes, change: Any) -> bytes:
    tree = json.loads(data)
    change(tree)
    return json.dumps(tree).encode()


def first(tree: Any) -> Any:
    return tree["epcisBody"]["eventList"][0]


def test_a_paper_is_faithful_to_its_bundle(season: Season) -> None:
    found = account(season, written(season))
    assert (found.exit_code, found.verdicts["faithful"], found.subject) == (0, "yes", LOT)


def test_the_same_bundles_give_the_same_bytes(season: Season) -> None:
    assert written(season) == written(season)


def test_several_lots_make_one_paper_with_a_bundle_each(season: Season) -> None:
    data = written(season, *HARVESTED)
    assert len(bundles_of(data)) == 2
    found = account(season, data)
    assert (found.exit_code, found.subject) == (0, None)


def test_a_paper_that_another_program_saved_again_is_as_faithful(season: Season) -> None:
    assert account(season, altered(written(season), lambda tree: None)).exit_code == 0


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("/epcisBody/eventList/0/quantityList/0/quantity", lambda t: first(t)["quantityList"][0].update(quantity=9)),
        ("/epcisBody/eventList/0/eventTime", lambda t: first(t).update(eventTime="2026-07-13T06:00:00Z")),
        ("/creationDate", lambda t: t.update(creationDate="2026-07-21T12:00:00Z")),
        ("/note", lambda t: t.update(note="x")),
        (
            "/epcisBody/eventList/0/quantityList/0/epcClass",
            lambda t: first(t).update(quantityList={"0": first(t)["quantityList"][0]}),
        ),
    ],
)
def test_whatever_is_changed_is_named(season: Season, place: str, change: Any) -> None:
    found = account(season, altered(written(season), change))
    (reason, *_) = found.because("faithful")
    assert (found.exit_code, found.verdicts["faithful"], reason.context["place"]) == (1, "no", place)
    assert place in reason.text("it")


def test_an_event_left_out_or_said_twice_is_named(season: Season) -> None:
    data = written(season)
    for change in (
        lambda t: t["epcisBody"]["eventList"].pop(),
        lambda t: t["epcisBody"]["eventList"].append({"type": "ObjectEvent"}),
    ):
        assert account(season, altered(data, change)).verdicts["faithful"] == "no"


def test_a_swapped_bundle_is_found(season: Season) -> None:
    other = json.loads(written(season, HARVESTED[0]))["filiera:paper"]["bundles"]
    found = account(season, altered(written(season), lambda tree: tree["filiera:paper"].update(bundles=other)))
    assert found.verdicts["faithful"] == "no"


def test_a_forged_bundle_fails_on_its_own_checks(season: Season) -> None:
    def forge(tree: Any) -> None:
        text = tree["filiera:paper"]["bundles"][0]
        tree["filiera:paper"]["bundles"][0] = text.replace('"direction":"both"', '"direction":"back"')

    found = account(season, altered(written(season), forge))
    assert (found.exit_code, found.verdicts["authentic"]) == (1, "no")


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("paper-version", lambda claim: claim.update(version="filiera-paper/9")),
        ("paper-language", lambda claim: claim.update(language="la")),
        ("paper-without-bundle", lambda claim: claim.update(bundles=[])),
        ("file-missing-member", lambda claim: claim.pop("profile")),
        ("file-unknown-member", lambda claim: claim.update(more=1)),
    ],
)
def test_a_claim_that_cannot_be_read_proves_nothing(season: Season, code: str, change: Any) -> None:
    found = account(season, altered(written(season), lambda tree: change(tree["filiera:paper"])))
    assert (found.exit_code, [reason.code for reason in found.because("authentic")]) == (1, [code])


@pytest.mark.parametrize("member", ["format", "profile"])
def test_a_format_or_profile_of_another_program_is_not_decided(season: Season, member: str) -> None:
    data = altered(written(season), lambda tree: tree["filiera:paper"].update({member: "of-tomorrow"}))
    found = account(season, data)
    assert (found.exit_code, found.verdicts["faithful"]) == (2, "not_shown")


def test_the_log_of_a_paper_is_judged_like_that_of_its_bundle(season: Season) -> None:
    found = verify(written(season), known={})
    assert (found.exit_code, found.verdicts["included"], found.verdicts["faithful"]) == (2, "not_shown", "yes")


def test_a_buyer_is_not_shown_who_grows_and_where(season: Season) -> None:
    data = written(season, to="buyer")
    for hidden in (b"Azienda 11", b"44.230000", b"11.880000", b"ver=CBV2.0"):
        assert hidden not in data
    # The values of the disclosures are base64url in the bundle: look there too.
    shown = b"".join(_opened(bundle) for bundle in bundles_of(data))
    assert b"San Marzano" in shown
    assert b"Azienda 11" not in shown
    assert b"44.23" not in shown


def _opened(bundle: bytes) -> bytes:
    return b"\n".join(decode(text) for entry in json.loads(bundle)["entries"] for text in entry["disclosures"])


def test_the_public_paper_lacks_what_every_event_must_say_nowhere(season: Season) -> None:
    assert account(season, written(season, to="public")).verdicts["faithful"] == "yes"


def test_what_is_missing_is_listed_with_who_fills_it_and_nothing_is_written(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:

    lacking = replace(
        catalogue.FORMATS["epcis-json"], missing=lambda paper: iter([Missing("eventTime", "x", "recorder")])
    )
    monkeypatch.setattr(catalogue, "FORMATS", {"epcis-json": lacking})
    with pytest.raises(MissingData) as caught:
        written(season)
    assert caught.value.missing[0].who == "recorder"


def test_an_unknown_format_or_profile_is_refused_with_those_there_are(season: Season) -> None:
    with pytest.raises(InputError, match="format-unknown"):
        export(season.node, "x", [LOT], audience=full(), to=full(), language="it")
    with pytest.raises(InputError, match="profile-unknown"):
        written(season, profile="x")


def test_every_format_is_documented_and_has_a_validator() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text("utf-8")
    for language in ("it", "en"):
        for found in list_formats(language):
            assert found["validator"]
            assert f"`{found['name']}`" in page
            assert found["asked_by"] != f"asked-{found['name']}"
