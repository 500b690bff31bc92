"""What a large retailer asks of EPCIS beyond the standard: said as data, demanded, and valid by the standard still."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from api.verbs.verify import verify
from exporters import catalogue
from exporters.format import Missing, MissingData
from exporters.preflight import missing_lines
from exporters.profiles.apply import entry_id, milliseconds, missing
from exporters.profiles.rules import Rules, rules
from ledger.trust import KnownLogs
from schemas.epcis.instant import microseconds
from schemas.errors import InputError
from schemas.wording import LANGUAGES
from tests.exporters.formats.test_epcis import exported, schema_errors, the_events
from tests.simulator.paperwork import LOT, PACKHOUSE, Season, cases, event, paperwork

PROFILES = {
    "epcis-json": "us-retailer-epcis", "epcis-xml": "us-retailer-epcis-xml", "epcis12-xml": "us-retailer-epcis12",
}  # fmt: skip
MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UUID_8 = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
PLACES = {"readPoint": {"id": PACKHOUSE}, "bizLocation": {"id": PACKHOUSE}}


@pytest.mark.parametrize("to", ["full", "buyer"])
@pytest.mark.parametrize(("format", "profile"), PROFILES.items())
def test_the_season_is_as_the_retailer_asks_and_as_the_standard_has_it(
    season: Season, format: str, profile: str, to: str
) -> None:
    data = exported(season.node, format, LOT, to=to, profile=profile).data
    assert schema_errors(format, data) == []
    events = the_events(data)
    assert len(events) == 10
    for each in events:
        assert MILLISECONDS.fullmatch(each["eventTime"])
        assert re.fullmatch(
            r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", each["eventID"]
        )
        if each["type"] == "ObjectEvent":
            assert all(each[name] for name in ("bizStep", "disposition", "readPoint", "bizLocation"))
        assert "ilmd" not in each or each["type"] == "TransformationEvent" or each["action"] == "ADD"
    assert len({each["eventID"] for each in events}) == 10
    known = KnownLogs(Path(season.node.store.folder).parent / "policies").load()
    account = verify(data, known=known)
    assert (account.exit_code, account.verdicts["faithful"]) == (0, "yes")


def test_an_event_has_the_same_name_whoever_sees_how_much_of_it(season: Season) -> None:
    names = [
        [each["eventID"] for each in the_events(exported(season.node, format, LOT, to=to, profile=profile).data)]
        for format, profile, to in (
            ("epcis-json", "us-retailer-epcis", "full"),
            ("epcis-json", "us-retailer-epcis", "buyer"),
            ("epcis12-xml", "us-retailer-epcis12", "full"),
        )
    ]
    assert all(each == names[0] for each in names)


def test_no_extension_is_written_empty(season: Season) -> None:
    for format in ("epcis-xml", "epcis12-xml"):
        data = exported(season.node, format, LOT, profile=PROFILES[format]).data
        root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
        wrappers = list(root.iter("extension", "baseExtension"))
        assert all(len(each) for each in wrappers)
        # 2.0 has one, of the header.
        assert len(wrappers) == 1 or format == "epcis12-xml"


def lacking(season: Season, format: str, *lots: str, to: str = "full") -> list[Missing]:
    with pytest.raises(MissingData) as caught:
        exported(season.node, format, *lots or (LOT,), to=to, profile=PROFILES[format])
    return list(caught.value.missing)


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """A season in which somebody was short of words: no disposition, no place, and a transformation in two parts."""
    seen = event(18, 9, action="OBSERVE", bizStep="inspecting", quantityList=[cases(3)], readPoint={"id": PACKHOUSE})
    half: dict[str, Any] = {"transformationID": "urn:example:t", "bizStep": "commissioning", **PLACES}
    used = event(18, 10, type="TransformationEvent", inputQuantityList=[cases(3)], **half)
    fine = event(
        18, 11, action="OBSERVE", disposition="active", bizStep="inspecting", quantityList=[cases(2)],
        recordTime="2026-07-18T11:00:00.123456Z", **PLACES,
    )  # fmt: skip
    with paperwork(tmp_path_factory.mktemp("gaps"), more=[seen, used, fine]) as made:
        yield made


def test_what_an_object_event_must_say_is_listed_with_who_says_it(gaps: Season) -> None:
    found = lacking(gaps, "epcis-json")
    assert [(item.element, item.about, item.who) for item in found] == [
        ("disposition", LOT, "recorder"), ("bizLocation", LOT, "recorder"),
    ]  # fmt: skip
    assert gaps.node.entry(found[0].index or 0).content["bizStep"] == "inspecting"  # type: ignore[index]
    error = MissingData("epcis-json", tuple(found))
    assert [next(missing_lines(error, language)).partition(":")[0] for language in LANGUAGES] == [
        "stato della merce", "state of the goods",
    ]  # fmt: skip


def test_a_transformation_in_two_parts_cannot_be_said_without_what_joins_them(gaps: Season) -> None:
    found = lacking(gaps, "epcis12-xml")
    assert "outputQuantityList" in [item.element for item in found]


def test_where_only_urns_are_taken_a_prefix_that_is_not_known_is_missing(season: Season) -> None:
    found = lacking(season, "epcis12-xml", to="public")
    assert {item.who for item in found if item.element == "companyPrefix"} == {"master"}
    assert LOT in {item.about for item in found if item.element == "companyPrefix"}


def test_what_the_retailer_does_not_take_is_left_out_and_said(gaps: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    lenient = {**catalogue.profiles()["us-retailer-epcis12"].options, "mandatory": {}, "without": ["disposition"]}
    with monkeypatch.context() as changed:
        changed.setattr(catalogue, "profile_of", lambda name, format: catalogue.Profile(name, format, lenient))
        changed.setattr("api.verbs.export.profile_of", catalogue.profile_of)
        written = exported(gaps.node, "epcis-json", LOT, profile="us-retailer-epcis12")
    said = [(loss.code, loss.context.get("name", loss.context.get("value"))) for loss in written.losses]
    assert said.count(("profile-loss-member", "disposition")) == 11
    assert ("profile-loss-time", "2026-07-18T11:00:00.123456Z") in said
    assert b'"disposition"' not in written.data.partition(b"filiera:paper")[0]
    assert b'"recordTime":"2026-07-18T11:00:00.123Z"' in written.data


def test_a_prefix_that_nobody_explains_is_missing() -> None:
    members: Any = {
        "type": "ObjectEvent",
        "action": "ADD",
        "ext:a": "1",
        "bare": "2",
        "ilmd": {"cbvmda:lot": "1", "x:b": "2"},
    }
    seen: Any = type("Seen", (), {"content": members, "about": "it", "index": 7})()
    found = missing(Rules(namespaces="declared"), seen, members, [{"ext": "http://ext.example/"}])
    assert [item.element for item in found] == ["@context: bare", "@context: x:b"]


def test_a_declaration_of_an_error_is_not_given_a_name_of_its_own(tmp_path: Path) -> None:
    wrong = event(
        18, 9, action="OBSERVE", bizStep="inspecting", disposition="active", quantityList=[cases(3)], **PLACES
    )
    named = {**wrong, "eventID": "urn:uuid:3f0a3f0a-0000-4000-8000-000000000001"}
    declared = {
        **named,
        "errorDeclaration": {"declarationTime": "2026-07-18T10:00:00+02:00", "reason": "incorrect_data"},
    }
    with paperwork(tmp_path, more=[named, declared]) as made:
        events = the_events(exported(made.node, "epcis-json", LOT, profile="us-retailer-epcis").data)
    assert [each["eventID"] for each in events].count(named["eventID"]) == 2
    (declaration,) = (each["errorDeclaration"] for each in events if "errorDeclaration" in each)
    assert declaration["declarationTime"] == "2026-07-18T08:00:00.000Z"


def test_every_profile_is_read_and_is_of_a_format_there_is() -> None:
    assert set(PROFILES.values()) <= set(catalogue.profiles())
    for name in PROFILES.values():
        profile = catalogue.profiles()[name]
        assert catalogue.format_of(profile.format)
        assert rules(profile.options).mandatory["every"] == ("eventID",)


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"time": "milliseconds"}, "time"),
        ({"times": "seconds"}, "times"),
        ({"times": 3}, "times"),
        ({"without": "ilmd"}, "without"),
        ({"without": ["ilmdd"]}, "without"),
        ({"mandatory": ["eventID"]}, "mandatory"),
        ({"mandatory": {"Event": ["eventID"]}}, "mandatory"),
        ({"mandatory": {"every": ["eventId"]}}, "mandatory.every"),
    ],
)
def test_an_option_that_is_none_is_refused_with_those_there_are(options: Any, option: str) -> None:
    with pytest.raises(InputError, match="profile-option") as caught:
        rules(options)
    assert caught.value.context["option"] == option
    assert caught.value.context["allowed"]


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_time_is_the_same_instant_to_the_millisecond(moment: datetime, offset: int) -> None:
    sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
    text = f"{moment.isoformat()}{sign}{hours:02d}:{minutes:02d}"
    said = milliseconds(text)
    assert MILLISECONDS.fullmatch(said)
    assert 0 <= (microseconds(text) or 0) - (microseconds(said) or 0) < 1000
    assert milliseconds(said) == said
    assert datetime.fromisoformat(said).tzinfo == UTC


def test_what_is_no_time_stays_as_it_is() -> None:
    assert milliseconds("yesterday") == "yesterday"


@given(st.binary(min_size=32, max_size=32))
def test_the_name_of_an_entry_is_a_uuid_of_version_8(leaf: bytes) -> None:
    assert json.dumps(entry_id(leaf))[24] == "8"
