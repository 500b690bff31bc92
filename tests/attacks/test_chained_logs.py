"""Logs that follow one another: a bundle over two of them, and a later log that says something else of the earlier."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.bundle import parse, write
from ledger.verify.account import Account
from schemas.syntax import base64url
from tests.attacks.forge import codes, judged
from tests.simulator.chain import PACKED, Chain

OLD = Chain(seed=31)
OLD_PART = parse(OLD.bundle())


def named(**other: Any) -> dict[str, Any]:
    """What the new genesis says of the old log, or something else."""
    size = OLD.log.size
    root = base64url.encode(_root(size))
    return {"origin": OLD.log.origin, "size": size, "root": root, **other}


def _root(size: int) -> bytes:
    from ledger.log import merkle

    return merkle.root(OLD.log.leaf_hashes[:size])


def over_two(new: Chain, *trusted: Chain) -> Account:
    """The account of a bundle over the old log and a new one, by somebody who trusts these, or both."""
    later = parse(new.bundle())
    both = replace(
        later,
        logs=(*OLD_PART.logs, *later.logs),
        entries=(*OLD_PART.entries, *(replace(part, log=1) for part in later.entries)),
        standing=(*OLD_PART.standing, *(replace(part, log=1) for part in later.standing)),
        completeness=None,
    )
    known = {origin: log for chain in trusted or (OLD, new) for origin, log in chain.known().items()}
    return judged(write(both), known)


def test_a_chain_that_holds_is_included() -> None:
    account = over_two(Chain(seed=32, predecessor=named()))
    assert account.verdicts["included"] == account.verdicts["keys_valid"] == "yes"
    assert account.subject == PACKED


@pytest.mark.parametrize(
    ("predecessor", "code"),
    [
        (None, "not-the-predecessor"),
        (named(origin="another.example/log"), "not-the-predecessor"),
        (named(size=3), "predecessor-differs"),
        (named(root=base64url.encode(bytes(32))), "predecessor-differs"),
    ],
    ids=["no predecessor", "another log", "a smaller size", "another root"],
)
def test_a_log_that_does_not_follow_the_one_before_it(predecessor: dict[str, Any] | None, code: str) -> None:
    account = over_two(Chain(seed=32, predecessor=predecessor))
    assert account.exit_code == 1
    assert code in codes(account, "included")


def test_one_unknown_log_in_a_chain_leaves_it_undecided() -> None:
    new = Chain(seed=32, predecessor=named())
    for trusted in (OLD, new):
        account = over_two(new, trusted)
        assert account.verdicts["included"] == "not_shown"
        assert codes(account, "included") == {"unknown-log"}
        assert account.exit_code != 0
