"""What nobody foresaw: bundles, entries and identifiers changed at random mean the same to both verifiers."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.audience import Audience, full, public
from ledger.entry.parse import parse_wire as parse_ours
from schemas.errors import LedgerError
from schemas.gs1.canonical import canonical_uri, tagged_object
from tests.attacks.forge import put_together, rewalk, taken_apart
from tests.browser.asked import asked_in_node
from tests.independent.agreement import agreed
from tests.independent.verifier.entry import parse_wire as parse_theirs
from tests.independent.verifier.identifiers import canonical, tagged
from tests.independent.verifier.text import Refused, b64, unb64
from tests.official import ROOT, official
from tests.simulator.chain import PACKED, PALLET, PEACHES, PLUMS, STRANGE, Chain

CHAIN = Chain()
KNOWN = CHAIN.known()
BUNDLES = [
    taken_apart(CHAIN.bundle(PACKED, "back", full())),
    taken_apart(CHAIN.bundle(PALLET, "both", public())),
    taken_apart(CHAIN.bundle(PEACHES, "forward", full())),
]
ENTRIES = [
    json.loads(file.read_bytes())["entry"].encode()
    for file in sorted((ROOT / "tests" / "vectors" / "entry").glob("valid-*.json"))
]
ODD: list[Any] = [
    None, True, False, 0, 1, 2**53, -1, 1.5, "", "a", "AAAA", "é", "\x00", [], [0], {}, {"a": 1}, "A" * 43,
]  # fmt: skip
WIRES = st.integers(0, len(ENTRIES) - 1).map(ENTRIES.__getitem__)


@pytest.mark.parametrize("audience", [full(), public()], ids=lambda audience: audience.name)
@pytest.mark.parametrize("direction", ["back", "forward", "both"])
@pytest.mark.parametrize("subject", [PACKED, PEACHES, PLUMS, PALLET, STRANGE])
def test_on_every_honest_bundle(subject: str, direction: str, audience: Audience) -> None:
    assert agreed(CHAIN.bundle(subject, direction, audience), KNOWN).exit_code == 0  # type: ignore[arg-type]


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every (object or list, member or position) in a tree."""
    here = list(tree) if isinstance(tree, dict) else list(range(len(tree))) if isinstance(tree, list) else []
    return [(tree, name) for name in here] + [place for name in here for place in places(tree[name])]


@given(st.integers(0, 2), st.integers(0), st.integers(0), st.sampled_from(["drop", "odd", "swap", "bytes"]))
def test_on_a_bundle_with_one_member_changed(which: int, where: int, what: int, how: str) -> None:
    tree = deepcopy(BUNDLES[which])
    found = places(tree)
    parent, name = found[where % len(found)]
    if how == "drop":
        del parent[name]
    elif how == "swap":
        other, there = found[what % len(found)]
        parent[name] = deepcopy(other[there])
    elif how == "bytes" and isinstance(parent[name], str) and parent[name]:
        at = what % len(parent[name])
        parent[name] = parent[name][:at] + "AQgw~. _-0"[what % 10] + parent[name][at + 1 :]
    else:
        parent[name] = ODD[what % len(ODD)]
    agreed(put_together(tree), KNOWN)


@given(st.integers(0, 2), st.sets(st.integers(0, 20), max_size=6))
def test_on_a_bundle_with_entries_left_out(which: int, left: set[int]) -> None:
    tree = deepcopy(BUNDLES[which])
    tree["entries"] = [part for at, part in enumerate(tree["entries"]) if at not in left]
    agreed(put_together(rewalk(tree, CHAIN.log.leaf_hashes)), KNOWN)


@given(st.integers(0, 2), st.integers(0, 20), st.sets(st.integers(0, 40)))
def test_on_a_bundle_with_disclosures_left_out(which: int, at: int, left: set[int]) -> None:
    tree = deepcopy(BUNDLES[which])
    part = tree["entries"][at % len(tree["entries"])]
    part["disclosures"] = [text for place, text in enumerate(part["disclosures"]) if place not in left]
    agreed(put_together(tree), KNOWN)


def outcomes(wire: bytes) -> tuple[str | None, str | None]:
    """What either reader says of a wire: a code, or None where it is an entry."""
    ours = theirs = None
    try:
        parse_ours(wire)
    except LedgerError as error:
        ours = error.code
    try:
        parse_theirs(wire)
    except Refused as refused:
        theirs = refused.code
    return ours, theirs


@given(WIRES, st.integers(0), st.integers(0), st.sampled_from(["drop", "odd", "byte"]))
def test_on_an_entry_with_one_member_changed(wire: bytes, where: int, what: int, how: str) -> None:
    header, payload, rest = wire.split(b".", 2)
    tree = json.loads(unb64(payload.decode()))
    found = places(tree)
    parent, name = found[where % len(found)]
    if how == "drop":
        del parent[name]
    else:
        parent[name] = ODD[what % len(ODD)]
    changed = b64(json.dumps(tree).encode()).encode()
    if how == "byte":
        whole = bytearray(unb64(payload.decode()))
        whole[where % len(whole)] = what % 128
        changed = b64(bytes(whole)).encode()
    ours, theirs = outcomes(b".".join([header, changed, rest]))
    assert ours == theirs or (ours is not None and theirs is not None)


@given(WIRES, st.integers(0), st.integers(0, 255))
def test_on_an_entry_with_one_byte_changed(wire: bytes, where: int, what: int) -> None:
    changed = bytearray(wire)
    changed[where % len(wire)] = what
    ours, theirs = outcomes(bytes(changed))
    assert (ours is None) == (theirs is None)


NAMES = """
00 01 10 21 22 235 253 254 255 401 402 414 415 417 7040 8003 8004 8006 8010 8011 8013 8017 8018 8019 8020 gtin lot ser
gln cpv about L7 a%2Fb %41 A!( % %zz 95212345 9521234543213 09521234543213 095212345432131234 09521234543213AB 1AB_ 9521
9521-#%23 0 12 é ..
"""
KEYS = "sgtin lgtin upui itip sscc sgln pgln gsin gsrn gsrnp grai gdti sgcn giai ginc cpi gid"
REST = """
9521234 952123 154321 0000000111 00001 1234567890 12345 01 02 * 0 L7 A%2FB a%20 # A-1 012345 00012345678 %22 A/B 1.2
1234 00
"""
SEGMENTS = st.sampled_from([*NAMES.split(), "", "a b"])
SCHEMES = st.sampled_from(KEYS.split())
PARTS = st.sampled_from([*REST.split(), ""])
LINKS = st.builds(
    lambda stem, parts, tail: stem + "/".join(parts) + tail,
    st.sampled_from(["https://id.gs1.org/", "http://x.example:80/a/", "HTTPS://u@x/", "Https://x/", "https:///", "x:"]),
    st.lists(SEGMENTS, max_size=7),
    st.sampled_from(["", "?17=261231", "#x", "/", "?a#b"]),
)
URNS = st.builds(
    lambda form, scheme, parts: f"urn:epc:{form}:{scheme}:{'.'.join(parts)}",
    st.sampled_from(["id", "class", "idpat", "tag"]),
    SCHEMES,
    st.lists(PARTS, max_size=6),
)


@given(st.one_of(LINKS, URNS, st.text(max_size=30)))
@example("urn:epc:id:sgln:9521234.00001.0")
@example("https://id.gs1.org/414/9521234000013/254/0")
@example("https://id.gs1.org/01/09521234543213/10/" + "A" * 2048)
def test_on_identifiers(uri: str) -> None:
    assert (canonical(uri), tagged(uri)) == (canonical_uri(uri), tagged_object(uri))
    answer = asked_in_node({"asked": "identifier", "uri": uri})
    assert answer is None or answer["said"] == [canonical(uri), tagged(uri)]


def test_on_the_official_identifiers() -> None:
    path = "gs1/digital-link/epcis-event-hash_dl_normaliser.json"
    pairs = [v for v in json.loads(official(path).read_text("utf-8"))["vectors"] if isinstance(v["input"], str)]
    assert len(pairs) == 46
    for pair in pairs:
        assert canonical(pair["input"]) == (pair["canonicalDL"] or pair["input"])
