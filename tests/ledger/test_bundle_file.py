"""The file: one spelling, every other refused with its own code."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import bundle as bundles
from ledger.bundle import (
    AbsentPart,
    Bundle,
    Completeness,
    EntryPart,
    LogPart,
    PresentPart,
    StandingPart,
    looks_like_bundle,
    parse,
    write,
)  # fmt: skip
from schemas.errors import InputError
from schemas.syntax import base64url, json_text

DIGEST = bytes(range(32))
SMALL = Bundle(
    "https://id.gs1.org/01/09520001000010/10/P-7",
    "back",
    (LogPart("log.example", "log.example+00000000+AA==", "note\n", 9, (DIGEST,), (b"der",)),),
    (EntryPart(0, 0, "a.b.c", ()), EntryPart(0, 3, "d.e.f", ("aa", "bb"))),
    (StandingPart(0, 8, 1, "kid iss role 0 - - - -", (DIGEST,)),),
    Completeness(8, (PresentPart(0, (3,), ((5, DIGEST),)),), AbsentPart(DIGEST, (3, 4), ((5, DIGEST),))),
)


def code(data: bytes) -> str:
    with pytest.raises(InputError) as refusal:
        parse(data)
    return refusal.value.code


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    tree: dict[str, Any] = json.loads(write(SMALL))
    change(tree)
    tree["self"] = base64url.encode(bundles.self_digest(tree))
    return json_text.canonical(tree)


digests = st.binary(min_size=32, max_size=32)
texts = st.text(st.characters(codec="ascii"), max_size=12)
logs = st.builds(
    LogPart, texts, texts, st.text(st.characters(codec="utf-8"), max_size=12), st.just(100),
    st.lists(digests, max_size=3).map(tuple), st.lists(st.binary(max_size=9), max_size=2).map(tuple),
)  # fmt: skip
entries = st.lists(
    st.builds(EntryPart, st.just(0), st.integers(0, 99), texts, st.sets(texts, max_size=3).map(sorted).map(tuple)),
    unique_by=lambda part: part.index,
).map(lambda parts: tuple(sorted(parts, key=lambda part: part.index)))


@given(st.none() | texts, st.sampled_from(bundles.DIRECTIONS), logs, entries)
def test_what_is_written_is_read_back(subject: Any, direction: Any, log: LogPart, parts: tuple[EntryPart, ...]) -> None:
    made = Bundle(subject, direction, (log,), parts)
    data = write(made)
    assert parse(data) == made
    assert write(parse(data)) == data
    assert looks_like_bundle(data)


def test_the_small_one_is_read_back() -> None:
    assert parse(write(SMALL)) == SMALL


REFUSED: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("file-unknown-member", lambda tree: tree.update(more=1)),
    ("file-unknown-member", lambda tree: tree["logs"][0].update(more=1)),
    ("file-unknown-member", lambda tree: tree["entries"][0].update(more=1)),
    ("file-unknown-member", lambda tree: tree["standing"][0].update(more=1)),
    ("file-unknown-member", lambda tree: tree["completeness"].update(more=1)),
    ("file-unknown-member", lambda tree: tree["completeness"]["present"][0].update(more=1)),
    ("file-unknown-member", lambda tree: tree["completeness"]["absent"].update(more=1)),
    ("file-missing-member", lambda tree: tree.pop("direction")),
    ("file-missing-member", lambda tree: tree["logs"][0].pop("timestamps")),
    ("file-member-type", lambda tree: tree.update(subject=None)),
    ("file-member-type", lambda tree: tree["entries"][0].update(index=True)),
    ("file-member-type", lambda tree: tree["completeness"]["absent"].update(path=[[1]])),
    ("file-number-range", lambda tree: tree["entries"][0].update(log=1)),
    ("file-number-range", lambda tree: tree["completeness"]["absent"]["path"][0].__setitem__(0, 256)),
    ("file-not-ascii", lambda tree: tree["entries"][0].update(entry="é")),
    ("file-digest-length", lambda tree: tree["logs"][0].update(nodes=["AAAA"])),
    ("base64url", lambda tree: tree["logs"][0].update(nodes=["AAAA="])),
    ("bundle-direction", lambda tree: tree.update(direction="up")),
    ("bundle-without-log", lambda tree: tree.update(logs=[], entries=[], standing=[])),
    ("bundle-order", lambda tree: tree["entries"].reverse()),
    ("bundle-order", lambda tree: tree["entries"].append(tree["entries"][1])),
    ("bundle-order", lambda tree: tree["entries"][1].update(disclosures=["bb", "aa"])),
    ("bundle-order", lambda tree: tree["standing"].append(tree["standing"][0])),
    ("bundle-index-beyond-size", lambda tree: tree["entries"][1].update(index=9)),
    ("bundle-format", lambda tree: tree.update(format="filiera-bundle/2")),
]


@pytest.mark.parametrize(("expected", "change"), REFUSED)
def test_another_form_is_refused_with_its_code(expected: str, change: Callable[[dict[str, Any]], Any]) -> None:
    assert code(changed(change)) == expected


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        ("bundle-self", write(SMALL).replace(b'"back"', b'"both"')),
        ("bundle-not-canonical", write(SMALL) + b"\n"),
        ("bundle-not-canonical", write(SMALL).replace(b'"back"', b'"b\\u0061ck"')),
        ("json-not-integer", write(SMALL).replace(b'"size":9', b'"size":9.0')),
        ("json-duplicate-name", write(SMALL).replace(b'"size":9', b'"size":9,"size":9')),
        ("json-syntax", write(SMALL)[:-1]),
        ("file-member-type", b"[]"),
    ],
)
def test_another_spelling_is_refused_with_its_code(expected: str, data: bytes) -> None:
    assert code(data) == expected


def test_too_large_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MAX_ENTRIES", 1)
    assert code(write(SMALL)) == "bundle-too-many-entries"
    monkeypatch.setattr(bundles, "MAX_BYTES", 100)
    assert code(write(SMALL)) == "bundle-too-large"
