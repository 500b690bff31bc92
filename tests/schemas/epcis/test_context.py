"""Our JSON-LD context says of every term what the published texts say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.epcis.context import ADDRESSES, REVISIONS, Revision, context
from schemas.epcis.holders import DOCUMENTS, EVENTS, EXTENDED, OBJECTS
from schemas.epcis.terms import CODE_LISTS, TERMS, expand, term
from schemas.lists.table import rows, source
from tests.official import official

PUBLISHED: dict[Revision, str] = {
    "original": "ref.gs1.org-2.0.0-original",
    "current": "ref.gs1.org-2.0.0-current",
    "unversioned": "ref.gs1.org-unversioned",
}


def published(revision: Revision) -> Any:
    return json.loads(official(f"gs1/contexts/epcis-context.{PUBLISHED[revision]}.jsonld").read_text("utf-8"))


def said(whole: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Every term of a context: its path of scopes, IRI, type and container."""
    for part in whole if isinstance(whole, list) else [whole]:
        for name, meaning in part.items():
            if name.startswith("@"):
                continue
            full = meaning if isinstance(meaning, dict) else {"@id": meaning}
            yield (*path, name), full.get("@id", ""), full.get("@type", ""), full.get("@container", "")
            if "@context" in full:
                yield from said(full["@context"], (*path, name))


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_term_has_the_published_iri_type_and_container(revision: Revision) -> None:
    ours = sorted(said(context(revision)["@context"]))
    assert ours == sorted(said(published(revision)["@context"]))
    assert len(ours) > 300


@pytest.mark.parametrize("revision", REVISIONS)
def test_nothing_else_of_a_revision_differs(revision: Revision) -> None:
    assert context(revision) == published(revision)


def test_revisions_differ_in_what_gs1_means_and_in_protection() -> None:
    original, current, loose = (context(revision)["@context"] for revision in REVISIONS)
    assert {name for name in original if original[name] != current[name]} == {"gs1"}
    assert current.keys() - loose.keys() == {"@protected"}
    assert set(ADDRESSES.values()) <= set(REVISIONS)


def test_every_member_of_every_holder_is_a_term() -> None:
    for holder in (*EVENTS, EXTENDED, *DOCUMENTS, *OBJECTS):
        assert len(holder.terms()) == len(set(holder.members))
        assert set(holder.required) <= set(holder.members)


def test_a_name_means_what_its_place_says() -> None:
    assert term("type", "source").iri == "epcis:sourceOrDestinationType"
    assert term("type", "sensorReport").words == "measurement_types"
    assert term("deviceID", "sensorReport") is term("deviceID", "sensorElement")
    assert term("bizStep", "ObjectEvent").iri == "epcis:bizStep"
    with pytest.raises(KeyError):
        term("temperature", "sensorReport")


def test_no_place_gives_a_name_two_meanings() -> None:
    assert len({(row.scope, row.name) for row in TERMS}) == len(TERMS)


def test_compact_iris_expand_and_keywords_stay() -> None:
    assert expand("epcis:epcList") == "https://ref.gs1.org/epcis/epcList"
    assert expand("@id") == "@id"
    assert expand("urn:epc:id:sscc:1") == "urn:epc:id:sscc:1"


@pytest.mark.parametrize("name", [*CODE_LISTS, "units"])
def test_a_code_list_says_where_it_comes_from_and_repeats_nothing(name: str) -> None:
    assert "checked 20" in source(name)
    first = [next(iter(row.values())) for row in rows(name)]
    assert len(first) == len(set(first)) > 0
