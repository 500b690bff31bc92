"""What honest bundles show, for whom, and what they say they do not show."""

import json

import pytest

from ledger.audience import Audience, full, public
from ledger.bundle import parse
from ledger.entry.parse import with_disclosures
from ledger.log import note as notes
from ledger.log.cosignature import cosign
from ledger.log.merkle import walk_ranges
from ledger.log.note import COSIGNATURE_V1, VerifierKey
from ledger.verify.account import Opinion, account_of
from ledger.verify.bundle import verify_bundle
from schemas.errors import InputError
from schemas.syntax import base64url
from tests.attacks.forge import put_together
from tests.simulator.chain import PACKED, PALLET, PEACHES, PLUMS, STRANGE, Chain, begun, observed

CHAIN = Chain()


@pytest.mark.parametrize("audience", [full(), public()], ids=lambda audience: audience.name)
@pytest.mark.parametrize("direction", ["back", "forward", "both"])
@pytest.mark.parametrize("subject", [PACKED, PEACHES, PLUMS, PALLET, STRANGE])
def test_every_object_has_a_valid_bundle_both_ways(subject: str, direction: str, audience: Audience) -> None:
    account = verify_bundle(CHAIN.bundle(subject, direction, audience), known=CHAIN.known())  # type: ignore[arg-type]
    assert account.exit_code == 0
    shown = {name for name, answer in account.verdicts.items() if answer == "yes"}
    # What is on a pallet comes from elsewhere, and forward of the pallet nobody is asked from where.
    balanced = set() if (subject, direction) == (PALLET, "forward") else {"balanced"}
    assert shown == {"authentic", "included", "keys_valid", "unbroken", "complete"} | balanced


def test_a_stranger_to_the_lot_is_not_in_its_bundle() -> None:
    indexes = {part.index for part in parse(CHAIN.bundle()).entries}
    assert CHAIN.stranger not in indexes
    assert {CHAIN.peaches, CHAIN.plums, CHAIN.shipped, CHAIN.received, CHAIN.packing, CHAIN.loading} <= indexes


def test_the_public_sees_no_place_no_other_key_and_no_hash() -> None:
    chain = Chain()
    hashed = "ni:///sha-256;" + "a" * 64 + "?ver=CBV2.0"
    index = chain.log.event(
        0, begun("https://example.org/lot/1", eventID=hashed, bizLocation={"id": "https://x.example/1"})
    )
    data = chain.bundle("https://example.org/lot/1", "back", public())
    part = next(part for part in parse(data).entries if part.index == index)
    content = with_disclosures(part.entry.encode(), part.disclosures).content
    assert content is not None
    assert "eventID" not in content
    assert "bizLocation" not in content
    assert content["bizStep"] == "commissioning"
    packed = next(part for part in parse(CHAIN.bundle(audience=public())).entries if part.index == CHAIN.packing)
    record = with_disclosures(packed.entry.encode(), packed.disclosures).record
    assert record is not None
    assert [item["id"] for item in record["lots"] if isinstance(item, dict)] == [PACKED]


def test_an_origin_that_nobody_recorded_is_not_shown() -> None:
    chain = Chain()
    uri = "https://example.org/lot/found"
    chain.log.event(0, observed(uri, "shipping"))
    account = verify_bundle(chain.bundle(uri), known=chain.known())
    assert account.verdicts["unbroken"] == "not_shown"
    assert [reason.code for reason in account.because("unbroken")] == ["origin-not-recorded"]
    assert account.exit_code == 0


def test_more_than_48_objects_bring_their_tags_entries() -> None:
    chain = Chain()
    uris = [f"https://example.org/item/{number}" for number in range(100)]
    chain.log.event(0, begun(PACKED) | {"quantityList": [], "epcList": uris, "eventTime": "2026-07-02T08:00:00Z"})
    account = verify_bundle(chain.bundle(uris[99]), known=chain.known())
    assert (account.exit_code, account.verdicts["complete"]) == (0, "yes")
    assert account.verdicts["unbroken"] == "yes"


def test_an_unknown_lot_has_no_bundle() -> None:
    with pytest.raises(InputError, match="unknown-lot"):
        CHAIN.bundle("https://example.org/nothing")


def test_a_quorum_of_witnesses_is_demanded_and_checked() -> None:
    chain = Chain()
    signers = [chain.log.signer(name, "Ed25519") for name in ("w1", "w2")]
    keys = [VerifierKey(f"w{n}.example", COSIGNATURE_V1, signer.public) for n, signer in enumerate(signers, 1)]
    lines = (*(f"witness w{n} {key}" for n, key in enumerate(keys, 1)), "group both 2 w1 w2", "quorum both")
    known = chain.known(lines)
    plain = chain.bundle()
    account = verify_bundle(plain, known=known)
    assert (account.verdicts["witnessed"], account.exit_code) == ("not_shown", 2)

    def cosigned(*wrong: int) -> bytes:
        tree = json.loads(plain)
        note = notes.parse(tree["logs"][0]["checkpoint"].encode())
        lines = [cosign(note, key.name, signer, 1_790_000_000) for key, signer in zip(keys, signers, strict=True)]
        for place in wrong:
            lines[place] = notes.NoteSignature(lines[place].name, lines[place].key_id, bytes(72))
        tree["logs"][0]["checkpoint"] = note.adding(lines).write().decode()
        return put_together(tree)

    account = verify_bundle(cosigned(), known=known)
    assert (account.verdicts["witnessed"], account.exit_code) == ("yes", 0)
    account = verify_bundle(cosigned(1), known=known)
    assert (account.verdicts["witnessed"], account.exit_code) == ("no", 1)
    assert [reason.code for reason in account.because("witnessed")] == ["cosignature-wrong"]


def test_the_gateway_and_an_erasure_are_told() -> None:
    chain = Chain()
    log = chain.log
    gateway = log.key_add(0, "gateway")
    index = log.event(0, observed(PEACHES, "storing", 30), by=gateway)
    digest = base64url.encode(log.entries[index].disclosures[-1].digest)
    erased = [{"entry": base64url.encode(log.leaf_hashes[index]), "digests": [digest]}]
    log.say(0, "erasure", {"erased": erased, "ground": "GDPR 17(1)(a)"})
    account = verify_bundle(chain.bundle(PEACHES), known=chain.known())
    assert account.exit_code == 0
    notes_ = {(reason.code, reason.index) for reason in account.because("authentic")}
    assert notes_ == {("signed-by-gateway", index), ("declared-erased", index)}


@pytest.mark.parametrize(
    ("wrong", "lacking", "demanded", "status"),
    [
        ([], [], [], 0),
        ([], ["unbroken", "witnessed", "complete", "timed", "balanced"], [], 0),
        ([], ["included"], [], 2),
        ([], ["complete"], ["complete"], 2),
        (["unbroken"], ["included"], [], 1),
        (["balanced"], [], [], 0),
        (["balanced"], [], ["balanced"], 1),
    ],
)
def test_the_exit_status_follows_from_the_verdicts(
    wrong: list[str], lacking: list[str], demanded: list[str], status: int
) -> None:
    names = ("authentic", "included", "keys_valid", "unbroken", "witnessed", "complete", "balanced", "timed")
    opinions = {name: Opinion(name) for name in names}
    for name in wrong:
        opinions[name].deny("no-contradiction")
    for name in lacking:
        opinions[name].miss("no-contradiction")
    account = account_of(opinions.values(), demanded=demanded)
    assert account.exit_code == status
    assert account.valid == {0: True, 1: False, 2: None}[status]


def test_ten_entries_among_a_million_stay_under_60_kilobytes() -> None:
    """The measured bundle, and on top the nodes and paths that a log of 10^6 leaves, tags and 1,000 keys would add."""
    data = CHAIN.bundle(audience=full())
    bundle = parse(data)
    assert len(bundle.entries) >= 10
    size, node = 10**6, len('"",') + 43
    spread = sorted({0, size - 1, *(place * 104_729 % size for place in range(len(bundle.entries)))})
    nodes = len(walk_ranges(size, spread)) * node
    assert bundle.completeness is not None
    # A radix tree over 3 x 10^6 random tags is rarely more than 30 deep; an RFC 6962 path over 1,000 rows is 10.
    tags = (len(bundle.completeness.present) + 1) * 30 * (node + 6)
    rows = len(bundle.standing) * 10 * node
    assert len(data) + nodes + tags + rows < 60_000
