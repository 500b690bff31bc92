"""The file of a bundle: its form, before anything of it is believed. From docs/spec/bundle.md, section 1."""

from hashlib import sha256
from itertools import pairwise
from typing import Any

from tests.independent.verifier.text import b64, canonical, need, read, unb64

Spec = dict[str, str]
TOP: Spec = {
    "format": "text", "self": "digest", "subject": "text?", "direction": "text", "logs": "logs", "entries": "entries",
    "standing": "standing", "completeness": "completeness?",
}  # fmt: skip
PARTS: dict[str, Spec] = {
    "logs": {"origin": "text", "vkey": "text", "checkpoint": "text", "size": "integer", "nodes": "digests",
             "timestamps": "binaries"},
    "entries": {"log": "log", "index": "integer", "entry": "ascii", "disclosures": "asciis"},
    "standing": {"log": "log", "at": "integer", "n": "integer", "row": "ascii", "path": "digests"},
    "completeness": {"at": "integer", "present": "present", "absent": "absent"},
    "present": {"n": "integer", "indexes": "integers", "path": "steps"},
    "absent": {"tag": "digest", "indexes": "integers", "path": "steps"},
}  # fmt: skip
LISTS = {"digests": "digest", "binaries": "binary", "asciis": "ascii", "integers": "integer", "steps": "step"}


def parse(data: bytes) -> dict[str, Any]:
    """The bundle, its digests as bytes."""
    need(len(data) <= 64 * 2**20, "bundle-too-large")
    tree = read(data)
    need(isinstance(tree, dict), "file-member-type")
    need(tree.get("format") == "filiera-bundle/1", "bundle-format")
    logs = len(tree["logs"]) if isinstance(tree.get("logs"), list) else 0
    bundle = _object(tree, TOP, logs)
    need(bundle["direction"] in ("back", "forward", "both"), "bundle-direction")
    without = canonical({name: value for name, value in tree.items() if name != "self"})
    need(b64(sha256(without).digest()) == tree["self"], "bundle-self")
    need(canonical(tree) == data, "bundle-not-canonical")
    need(logs, "bundle-without-log")
    need(len(bundle["entries"]) <= 10_000, "bundle-too-many-entries")
    _rising([(part["log"], part["index"]) for part in bundle["entries"]])
    _rising([(part["log"], part["at"], part["n"]) for part in bundle["standing"]])
    for part in bundle["entries"]:
        _rising(part["disclosures"])
        need(part["index"] < bundle["logs"][part["log"]]["size"], "bundle-index-beyond-size")
    if bundle["completeness"]:
        _rising([part["n"] for part in bundle["completeness"]["present"]])
    return bundle


def _rising(values: list[Any]) -> None:
    need(all(a < b for a, b in pairwise(values)), "bundle-order")


def _object(value: Any, spec: Spec, logs: int) -> dict[str, Any]:
    need(isinstance(value, dict), "file-member-type")
    found: dict[str, Any] = {}
    for name, kind in spec.items():
        if kind.endswith("?") and name not in value:
            found[name] = None
            continue
        need(name in value, "file-missing-member")
        found[name] = _value(value[name], kind.removesuffix("?"), logs)
    need(value.keys() <= spec.keys(), "file-unknown-member")
    return found


def _value(value: Any, kind: str, logs: int) -> Any:
    if kind in ("completeness", "absent"):
        return _object(value, PARTS[kind], logs)
    if kind in PARTS or kind in LISTS:
        need(isinstance(value, list), "file-member-type")
        return [_object(x, PARTS[kind], logs) if kind in PARTS else _value(x, LISTS[kind], logs) for x in value]
    if kind in ("integer", "log"):
        need(type(value) is int, "file-member-type")
        need(kind == "integer" or value < logs, "file-number-range")
        return value
    if kind == "step":
        need(isinstance(value, list) and len(value) == 2 and type(value[0]) is int, "file-member-type")
        need(value[0] < 256, "file-number-range")
        return value[0], _value(value[1], "digest", logs)
    need(isinstance(value, str), "file-member-type")
    need(kind != "ascii" or value.isascii(), "file-not-ascii")
    if kind in ("digest", "binary"):
        return unb64(value, 32 if kind == "digest" else None, "file-digest-length")
    return value
