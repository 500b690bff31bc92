"""Disclosing a part: what is chosen is shown with what it hangs from, and nothing else is."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entry.disclose import Path, disclose, paths
from ledger.entry.parse import Entry, parse_leaf, parse_wire, read_record, verify_entry, with_disclosures
from ledger.entry.shown import HIDDEN
from schemas.errors import InputError
from schemas.syntax.base64url import decode
from tests.vectors.make_entry_vectors import CONTEXT, ES256, KEY, LOT, Forge

ENTRY = parse_wire(Forge().event().encode("ascii"))
PATHS = sorted(paths(ENTRY), key=str)
CONTEXT_PATHS = {("content", "type"), ("content", "@context")}


def shown(keep: Callable[[Path], bool]) -> Entry:
    return with_disclosures(ENTRY.jwt.raw, disclose(ENTRY, keep))


def test_every_disclosure_has_one_path() -> None:
    assert len(PATHS) == len(ENTRY.disclosures) == 20
    assert {("content", "quantityList", 0), ("content", "ilmd", "lotNumber"), ("record", "lots", 0)} <= set(PATHS)


def test_nothing_chosen_shows_nothing() -> None:
    entry = shown(lambda path: False)
    assert (entry.content, entry.record, entry.disclosures) == (None, None, ())
    assert entry.hidden == set(ENTRY.claims.sd)


def test_everything_chosen_shows_everything() -> None:
    assert shown(lambda path: True) == ENTRY


def test_one_member_brings_its_context_and_type() -> None:
    entry = shown(lambda path: path == ("content", "ilmd", "lotNumber"))
    assert entry.content == {"@context": CONTEXT, "type": "ObjectEvent", "ilmd": {"lotNumber": "P-0107"}}
    assert entry.content.hidden == 7
    assert entry.content["ilmd"].hidden == 1
    verify_entry(entry, ES256.public)


def test_a_list_without_its_elements_shows_how_many_there_are() -> None:
    entry = shown(lambda path: path == ("content", "quantityList"))
    assert entry.content is not None
    assert entry.content["quantityList"] == [HIDDEN]
    assert entry.content["quantityList"][0] is HIDDEN


def test_the_record_needs_no_context() -> None:
    entry = shown(lambda path: path == ("record", "lots", 0))
    assert entry.content is None
    record = read_record(entry)
    assert (record.iat, record.par, [(lot.id, lot.key, lot.n) for lot in record.lots]) == (None, (), [(LOT, KEY, 0)])
    assert read_record(parse_leaf(ENTRY.jwt.raw)).lots == ()


@given(chosen=st.sets(st.sampled_from(PATHS)))
def test_exactly_the_chosen_paths_and_what_they_hang_from_are_shown(chosen: set[Path]) -> None:
    entry = shown(lambda path: path in chosen)
    expected = {path[:length] for path in chosen for length in range(1, len(path) + 1)}
    if any(path[0] == "content" and len(path) > 1 for path in chosen):
        expected |= CONTEXT_PATHS
    assert set(paths(entry)) == expected
    assert len(entry.hidden) + len(entry.disclosures) >= len(ENTRY.claims.sd)


@given(dropped=st.sampled_from(ENTRY.disclosures))
def test_dropping_any_one_disclosure_hides_it_or_is_refused(dropped: object) -> None:
    texts = [item.text for item in ENTRY.disclosures if item is not dropped]
    refusal = None
    try:
        assert len(with_disclosures(ENTRY.jwt.raw, texts).hidden) == 1
    except InputError as error:
        refusal = error.code
    # What hung from it is left over, or the members that remain have lost their context.
    assert refusal in {None, "disclosure-unreferenced", "disclosure-without-context"}


@given(order=st.permutations(range(len(ENTRY.disclosures))))
def test_the_order_of_disclosures_does_not_change_what_is_said(order: list[int]) -> None:
    entry = with_disclosures(ENTRY.jwt.raw, [ENTRY.disclosures[place].text for place in order])
    assert (entry.content, entry.record, entry.hidden) == (ENTRY.content, ENTRY.record, frozenset())


def test_a_disclosure_of_another_entry_is_refused() -> None:
    other = parse_wire(Forge().event(seq=0, more=1).encode("ascii"))
    assert other.content == ENTRY.content  # the same disclosures: same salts
    stranger = Forge()
    stranger.count = 100
    foreign = parse_wire(stranger.event().encode("ascii"))
    texts = [item.text for item in ENTRY.disclosures]
    swapped = [next(item.text for item in foreign.disclosures if item.name == "bizStep"), *texts]
    with pytest.raises(InputError, match="disclosure-unreferenced"):
        with_disclosures(ENTRY.jwt.raw, swapped)


def test_no_leaf_says_anything_of_its_content() -> None:
    payload = decode(ENTRY.jwt.raw.split(b".")[1])
    for secret in (b"P-0107", b"commissioning", b"ObjectEvent", b"9521234"):
        assert secret not in payload
