"""Evidence files, and what a file is. From docs/spec/bundle.md, sections 4 and 6."""

from collections.abc import Collection, Mapping
from typing import Any

from tests.independent.verifier import note
from tests.independent.verifier.account import Account
from tests.independent.verifier.crypto import from_jwk
from tests.independent.verifier.entry import parse
from tests.independent.verifier.note import Policy, Vkey
from tests.independent.verifier.text import Refused, canonical, need, read
from tests.independent.verifier.verdicts import verify_bundle

NAMES = {"format", "type", "origin", "artefacts"}


def verify_file(data: bytes, known: Mapping[str, Policy], require: Collection[str] = ()) -> Account:
    """The account of any file's bytes."""
    if b'"format":"filiera-bundle/' in data:
        return verify_bundle(data, known, require)
    account = Account({"authentic"}, demanded=set(require))
    if b'"format":"filiera-evidence/' not in data:
        account.lacks("authentic", "not-a-bundle")
        return account
    # No other verdict is given of evidence, and none is asked for.
    account.formed, account.demanded = {"authentic", "included", "keys_valid"}, set()
    try:
        _judge(_parse(data), known, account)
    except Refused as error:
        (account.lacks if error.code == "evidence-format" else account.no)("authentic", error.code)
    return account


def _parse(data: bytes) -> dict[str, Any]:
    need(len(data) <= 2**20, "evidence-too-large")
    tree = read(data)
    need(isinstance(tree, dict), "file-member-type")
    for name in ("format", "type", "origin"):
        need(name in tree, "file-missing-member")
        need(isinstance(tree[name], str), "file-member-type")
        need(name != "format" or tree[name] == "filiera-evidence/1", "evidence-format")
        need(name != "type" or tree[name] in ("log-fork", "lane-fork", "refused-inclusion"), "evidence-type")
    need("artefacts" in tree, "file-missing-member")
    texts = tree["artefacts"]
    need(isinstance(texts, list) and all(isinstance(text, str) for text in texts), "file-member-type")
    need(len(texts) == 2 and texts[0].encode() < texts[1].encode(), "evidence-artefacts")
    name, kind = ("jwk", dict) if tree["type"] == "lane-fork" else ("vkey", str)
    need(name in tree, "file-missing-member")
    need(isinstance(tree[name], kind), "file-member-type")
    need(tree.keys() == NAMES | {name}, "file-unknown-member")
    need(canonical(tree) == data, "evidence-not-canonical")
    return dict(tree)


def _judge(tree: dict[str, Any], known: Mapping[str, Policy], account: Account) -> None:
    trusted, vkey = known.get(tree["origin"]), None
    if "vkey" in tree:
        vkey = note.parse_vkey(tree["vkey"])
        need(trusted is None or trusted.log == vkey, "other-log-key")
        need(vkey.name == tree["origin"], "checkpoint-origin")
    if trusted is None:
        account.lacks("included", "unknown-log")
    one, other = (text.encode() for text in tree["artefacts"])
    if vkey is None:
        _lane(tree, one, other, account)
    elif tree["type"] == "log-fork":
        _log(vkey, one, other, account)
    else:
        first, second = (note.parse_proof(text, vkey) for text in (one, other))
        if first[0] != second[0] or first[1] == second[1]:
            account.no("authentic", "no-contradiction")


def _log(vkey: Vkey, one: bytes, other: bytes, account: Account) -> None:
    first, second = note.checkpoint(one, vkey), note.checkpoint(other, vkey)
    if first.size != second.size:
        account.lacks("authentic", "fork-of-two-sizes")
    elif first.root == second.root:
        account.no("authentic", "no-contradiction")


def _lane(tree: dict[str, Any], one: bytes, other: bytes, account: Account) -> None:
    key = from_jwk(tree["jwk"])
    first, second = parse(one), parse(other)
    for entry in (first, second):
        entry.verify(key)
    places = [(entry.claims["log"], entry.kid, entry.seq) for entry in (first, second)]
    if places[0] != places[1] or first.claims["log"] != tree["origin"]:
        account.no("authentic", "no-contradiction")
    elif first.signed == second.signed:
        account.no("authentic", "one-statement-signed-twice")
