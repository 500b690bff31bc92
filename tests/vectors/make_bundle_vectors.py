"""Write `tests/vectors/bundle/`: bundles and evidence files with fixed keys, valid and refused, one reason each.

    python -m tests.vectors.make_bundle_vectors

- `policy.txt` is the policy under which the vectors are judged; `NAME.json` a vector:
  {"about", "file": the exact text, "exit", "verdicts", "codes": all codes of verdicts that are not yes}.
- ES256 signatures are deterministic here (RFC 6979), so the files do not change unless the format does.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger import evidence_file
from ledger.audience import full, public
from ledger.entry.record import Lot
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.policy import compose
from ledger.prove import prove
from ledger.verify.recognise import verify_file
from schemas.gs1.canonical import canonical_uri
from schemas.syntax import base64url
from schemas.syntax.json_text import Number
from tests.attacks.forge import Tree, entry, put_together, taken_apart, without
from tests.simulator.chain import GTIN, PACKED, PALLET, PEACHES, STRANGE, Chain, event, observed

FOLDER = Path(__file__).parent / "bundle"
CHAIN = Chain()
JAM = canonical_uri(GTIN + "J-1")
BUNDLE = CHAIN.bundle()


def altered(change: Callable[[Tree], Any]) -> bytes:
    """The bundle with one change, canonical and with the right `self`."""
    tree = taken_apart(BUNDLE)
    return put_together(change(tree) or tree)


def set_in(place: Callable[[Tree], Any], name: Any, value: Any) -> bytes:
    """The bundle with one member set."""

    def change(tree: Tree) -> None:
        place(tree)[name] = value

    return altered(change)


def swapped(tree: Tree) -> None:
    one, other = entry(tree, CHAIN.peaches), entry(tree, CHAIN.plums)
    one["disclosures"], other["disclosures"] = other["disclosures"], one["disclosures"]


def reversed_entries(tree: Tree) -> None:
    tree["entries"].reverse()


def forked() -> bytes:
    log = CHAIN.log
    other = sign_checkpoint(Checkpoint(log.origin, log.size, bytes(32)), log.log_signer)
    return evidence_file.log_fork(log.origin, str(log.vkey), log.checkpoint(), other)


def top(tree: Tree) -> Tree:
    return tree


def log_part(tree: Tree) -> Tree:
    part: Tree = tree["logs"][0]
    return part


def dropped(place: Callable[[Tree], Any], name: Any) -> bytes:
    """The bundle with one member or element taken away."""

    def change(tree: Tree) -> None:
        del place(tree)[name]

    return altered(change)


def empty(tree: Tree) -> None:
    tree["logs"], tree["entries"], tree["standing"] = [], [], []
    del tree["completeness"]


def tag_elsewhere(tree: Tree) -> None:
    tree["completeness"]["present"][0]["indexes"][0] += 1


def row_altered(tree: Tree) -> None:
    tree["standing"][0]["row"] = tree["standing"][0]["row"].replace(" - ", " 1 ", 1)


def later(change: Callable[[Chain], Any], subject: str = PACKED) -> bytes:
    """A bundle of the same log after something more happened in it."""
    chain = Chain()
    change(chain)
    return chain.bundle(subject)


def erased(chain: Chain, by: int) -> None:
    about = chain.log.entries[chain.peaches]
    item = {"entry": base64url.encode(about.jwt.leaf), "digests": [base64url.encode(about.claims.sd[0])]}
    chain.log.say(by, "erasure", {"erased": [item], "ground": "A request under article 17 GDPR."})


def suspect(chain: Chain) -> None:
    chain.log.compromise(1, chain.log.members[1].device, chain.packing)


def by_gateway(chain: Chain) -> None:
    chain.log.event(1, observed(PACKED, "storing", 9), by=chain.log.key_add(1, "gateway"))


def two_keys(chain: Chain) -> None:
    chain.log.event(2, observed(PACKED, "receiving", 9), lots=[Lot(PACKED, bytes(range(16)), 0)])


def relayed(chain: Chain) -> None:
    chain.log.event(1, observed(PACKED, "shipping", 9), relay=chain.log.leaves[chain.sent].decode("ascii"))


def weighed(lot: str, kilograms: str) -> list[dict[str, Any]]:
    return [{"epcClass": lot, "quantity": Number(kilograms), "uom": "KGM"}]


def more_out(chain: Chain) -> None:
    made = {"inputQuantityList": weighed(STRANGE, "10"), "outputQuantityList": weighed(JAM, "10.5")}
    chain.log.event(2, event("TransformationEvent", 9, **made))


def more_left(chain: Chain) -> None:
    shipped = {"action": "OBSERVE", "bizStep": "shipping", "quantityList": weighed(STRANGE, "10.5")}
    chain.log.event(2, event("ObjectEvent", 9, **shipped))


def in_pieces(chain: Chain) -> None:
    jars = {"outputQuantityList": [{"epcClass": JAM, "quantity": 40}]}
    chain.log.event(2, event("TransformationEvent", 9, inputQuantityList=weighed(STRANGE, "10"), **jars))


def pieces_weighed() -> bytes:
    """Forty jars of 0.25 kg from 10 kg, by what their maker says of them, after saying something else."""
    chain = Chain()
    in_pieces(chain)
    jars = {"type": "product", "id": JAM.rpartition("/10/")[0], "validFrom": "2026-01-01"}
    said = [
        chain.log.event(2, {**jars, "netContent": {"value": Number(holds), "unit": "KGM"}}, lots=(), kind="master")
        for holds in ("0.3", "0.25")
    ]
    return prove(chain.source, JAM, "back", full(), naming=lambda _: said)


def two_heads(size: int, **how: Any) -> bytes:
    """Evidence of two heads that exclude each other, or not."""
    log = CHAIN.log
    heads = (Checkpoint(log.origin, log.size, bytes(32)), Checkpoint(log.origin, size, bytes(32), **how))
    one, other = (sign_checkpoint(head, log.log_signer) for head in heads)
    return evidence_file.log_fork(log.origin, str(log.vkey), one, other)


def head_of(seed: int, **how: Any) -> str:
    return Chain(seed=seed, **how).log.checkpoint().decode("utf-8")


def first(name: str) -> Callable[[Tree], Any]:
    return lambda tree: tree[name][0]


VECTORS: dict[str, tuple[str, bytes]] = {
    "valid-back-full": ("A lot's whole history, everything disclosed.", BUNDLE),
    "valid-back-public": ("The same for a consumer.", CHAIN.bundle(audience=public())),
    "valid-forward": ("What was made from a lot.", CHAIN.bundle(PEACHES, "forward", full())),
    "valid-both-unit": ("A logistic unit, both ways.", CHAIN.bundle(PALLET, "both", full())),
    "valid-one-event": ("One event, no subject.", CHAIN.bundle(CHAIN.peaches)),
    "valid-evidence-log-fork": ("Two roots signed for one size.", forked()),
    "unknown-log": ("A bundle of another log that agrees with itself.", Chain(seed=7).bundle()),
    "unknown-version": ("A version to come.", BUNDLE.replace(b"filiera-bundle/1", b"filiera-bundle/2")),
    "refused-forged-log": (
        "A whole log forged under the known origin.",
        Chain(seed=8, origin=CHAIN.log.origin).bundle(),
    ),
    "refused-self": (
        "Damaged: `self` is not the digest.",
        BUNDLE.replace(b'"direction":"back"', b'"direction":"both"'),
    ),
    "refused-final-newline": ("A final newline.", BUNDLE + b"\n"),
    "refused-unknown-member": ("A member the format does not know.", set_in(top, "comment", "")),
    "refused-order": ("Entries not rising.", altered(reversed_entries)),
    "refused-disclosures-swapped": ("Disclosures of two entries exchanged.", altered(swapped)),
    "refused-size": ("A proof for another size.", set_in(log_part, "size", CHAIN.log.size + 1)),
    "refused-node-missing": (
        "A walk with a node too few.",
        set_in(log_part, "nodes", taken_apart(BUNDLE)["logs"][0]["nodes"][:-1]),
    ),
    "refused-subject": ("A subject that no entry proves.", set_in(top, "subject", STRANGE)),
    "refused-left-out": (
        "An entry left out, its hash in the walk.",
        altered(lambda tree: without(tree, CHAIN, CHAIN.packing)),
    ),
    "refused-no-snapshot": ("The snapshot left out.", altered(lambda tree: without(tree, CHAIN, CHAIN.log.size - 1))),
    "valid-without-completeness": ("Nothing said of what else there is.", dropped(top, "completeness")),
    "valid-declared-erased": ("An erasure by the member itself.", later(lambda chain: erased(chain, 0), PEACHES)),
    "valid-by-gateway": ("Signed by the operator's gateway for a member.", later(by_gateway)),
    "unknown-kind-of-file": ("Neither bundle nor evidence.", b"{}"),
    "unknown-standing": ("No row of any key.", set_in(top, "standing", [])),
    "unknown-evidence-two-sizes": ("Two heads that may both be honest.", two_heads(CHAIN.log.size - 1)),
    "refused-direction": ("A direction that is none.", set_in(top, "direction", "sideways")),
    "refused-member-missing": ("A member too few.", dropped(top, "standing")),
    "refused-member-type": ("A size as text.", set_in(log_part, "size", str(CHAIN.log.size))),
    "refused-digest-length": ("A node that is too short.", set_in(lambda tree: log_part(tree)["nodes"], 0, "AAAA")),
    "refused-number-range": ("An entry of a log that is not there.", set_in(first("entries"), "log", 1)),
    "refused-not-ascii": ("A row that is not ASCII.", set_in(first("standing"), "row", "é")),
    "refused-not-canonical": ("A space between members.", BUNDLE.replace(b'"direction":', b'"direction": ')),
    "refused-duplicate-name": ("A name twice.", BUNDLE.replace(b'"subject":', b'"subject":"","subject":')),
    "refused-without-log": ("No log.", altered(empty)),
    "refused-index-beyond-size": ("An entry above the size of its log.", set_in(log_part, "size", 5)),
    "refused-node-altered": (
        "A walk that gives another root.",
        set_in(lambda tree: log_part(tree)["nodes"], 0, "A" * 43),
    ),
    "refused-other-origin": ("The checkpoint of another log.", set_in(log_part, "checkpoint", head_of(7))),
    "refused-other-signer": (
        "A checkpoint that the log's key did not sign.",
        set_in(log_part, "checkpoint", head_of(8, origin=CHAIN.log.origin)),
    ),
    "refused-genesis-left-out": ("Entry 0 left out.", altered(lambda tree: without(tree, CHAIN, 0))),
    "refused-hidden-subject": (
        "The disclosures of the subject's birth taken away.",
        set_in(lambda tree: entry(tree, CHAIN.packing), "disclosures", []),
    ),
    "refused-forward-of-back": ("Its direction turned round.", set_in(top, "direction", "forward")),
    "refused-row": ("A row altered.", altered(row_altered)),
    "refused-tag-elsewhere": ("A tag said to stand elsewhere.", altered(tag_elsewhere)),
    "refused-tags-from-one": (
        "The proof of the first tag left out.",
        dropped(lambda tree: tree["completeness"]["present"], 0),
    ),
    "refused-suspect": ("Entries of a key declared compromised.", later(suspect)),
    "refused-two-keys": ("An object logged under a second key.", later(two_keys)),
    "refused-relay-differs": ("A relay of an entry that says something else.", later(relayed)),
    "refused-erasure-of-another-member": (
        "An erasure of what somebody else logged.",
        later(lambda chain: erased(chain, 1), PEACHES),
    ),
    "valid-more-out-than-in": ("A process that gives more than went into it: `balanced` is no.", later(more_out, JAM)),
    "valid-more-left-than-came": ("More shipped of a lot than there was.", later(more_left, STRANGE)),
    "valid-in-pieces": ("Jars whose content nobody says: `balanced` is not shown.", later(in_pieces, JAM)),
    "valid-pieces-weighed": ("The same, and master data says how much a jar holds.", pieces_weighed()),
    "refused-evidence-no-contradiction": ("Two heads with one root.", two_heads(CHAIN.log.size, extensions=("1",))),
}


def judged(about: str, data: bytes) -> dict[str, Any]:
    """A vector with what the verifier says of it."""
    known = CHAIN.known()
    account = verify_file(data, known=known)
    codes = [
        [reason.verdict, reason.code, reason.index]
        for reason in account.reasons
        if account.verdicts[reason.verdict] != "yes"
    ]
    return {
        "about": about,
        "file": data.decode("utf-8"),
        "exit": account.exit_code,
        "verdicts": dict(account.verdicts),
        "codes": codes,
    }


def texts() -> dict[str, str]:
    """File name -> text of every vector."""
    files = {
        f"{name}.json": json.dumps(judged(about, data), indent=1, ensure_ascii=False) + "\n"
        for name, (about, data) in VECTORS.items()
    }
    return {"policy.txt": compose(CHAIN.log.vkey, CHAIN.log.leaf_hashes[0]).decode("utf-8"), **files}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
