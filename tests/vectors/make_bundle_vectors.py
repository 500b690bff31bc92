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
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.policy import compose
from ledger.verify.recognise import verify_file
from tests.attacks.forge import Tree, entry, put_together, taken_apart, without
from tests.simulator.chain import PALLET, PEACHES, STRANGE, Chain

FOLDER = Path(__file__).parent / "bundle"
CHAIN = Chain()
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
