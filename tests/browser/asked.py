"""The verifier in JavaScript, asked from Python: one Node for all that a process of tests asks.

    account = asked_in_node(case(data, known))
    differences(account, ours)      # [] where both say the same

- A *case* is plain JSON, so that the same goes to Node and to a page of a browser.
- Where there is no Node, None is answered; `test_same_answers.py` says so, and fails in CI.
"""

import json
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ledger.log.policy import KnownLog, Policy
from ledger.verify.account import Account, Reason
from schemas.syntax import base64url
from schemas.wording import sentence

HERE = Path(__file__).parent
NODE = shutil.which("node")
RECORD = "FILIERA_RECORD"
"""Names a folder that keeps every case that was asked, a line each, for another to be asked the same."""
Case = Mapping[str, Any]
# Where the two tell a mistake of spelling at other places, or in their own reader's words.
_OWN_WORDS = frozenset(("json-syntax", "json-not-utf8"))


def case(data: bytes, known: Mapping[str, KnownLog], require: Sequence[str] = ()) -> Case:
    """A file to be verified."""
    return {
        "asked": "file",
        "file": b64encode(data).decode("ascii"),
        "policies": [policy_text(log) for log in known.values()],
        "checkpoints": {
            origin: {"size": log.last.size, "root": base64url.encode(log.last.root)}
            for origin, log in known.items()
            if log.last is not None
        },
        "require": list(require),
    }


def policy_text(log: KnownLog) -> str:
    """The policy by which a log is known."""
    return "".join(
        f"{line}\n"
        for line in (
            f"# filiera-genesis {base64url.encode(log.genesis)}",
            f"log {log.vkey}",
            *_rules(log.policy),
        )
    )


def _rules(policy: Policy) -> list[str]:
    witnesses = [f"witness {witness.name} {witness.vkey}" for witness in policy.witnesses.values()]
    groups = [f"group {group.name} {group.threshold} {' '.join(group.members)}" for group in policy.groups.values()]
    return [*witnesses, *groups, f"quorum {policy.quorum or 'none'}"]


@cache
def _node(process: int) -> subprocess.Popen[str]:
    """The one Node of this process; it ends when this one does, because its input then ends."""
    assert NODE is not None
    return subprocess.Popen(
        [NODE, "--no-warnings", str(HERE / "node.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def asked_in_node(asked: Case) -> Any:
    """What Node answers, None where there is none."""
    if folder := os.environ.get(RECORD):
        with (Path(folder) / f"{os.getpid()}.jsonl").open("a") as file:
            file.write(json.dumps(asked) + "\n")
    if NODE is None:
        return None
    node = _node(os.getpid())
    assert node.stdin is not None
    assert node.stdout is not None
    node.stdin.write(json.dumps(asked) + "\n")
    node.stdin.flush()
    return json.loads(node.stdout.readline())


def differences(answer: Any, ours: Account) -> list[str]:
    """Where an answer to a file says anything else than our account; sentences are compared in Italian."""
    said = answer["said"]
    theirs = [_line(each["verdict"], each["code"], each["index"], each["context"]) for each in said["reasons"]]
    expected = [_of(reason) for reason in ours.reasons]
    found = [f"+ {line}" for line in theirs if line not in expected]
    found += [f"- {line}" for line in expected if line not in theirs]
    if said["verdicts"] != dict(ours.verdicts) or said["exit"] != ours.exit_code:
        found.append(f"{said['verdicts']} {said['exit']}, not {dict(ours.verdicts)} {ours.exit_code}")
    return found


def _of(reason: Reason) -> str:
    return _line(reason.verdict, reason.code, reason.index, reason.context)


def _line(verdict: str, code: str, index: int | None, context: Mapping[str, Any]) -> str:
    text = "" if code in _OWN_WORDS else sentence(code, {"index": index, **context}, "it")
    return f"{verdict} {code} {index} {text}"
