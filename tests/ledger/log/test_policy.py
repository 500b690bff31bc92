"""Trust policies: parsed whole or refused, and quorums that count each witness once."""

import itertools

import pytest

from ledger.keys.signer import MemorySigner
from ledger.log import note as notes
from ledger.log import policy as policies
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.note import COSIGNATURE_V1, Note, NoteSignature, VerifierKey
from ledger.log.policy import compose, known_log, parse_policy
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base64url
from tests.official import official

LOG = MemorySigner.from_seed("Ed25519", b"log")
VKEY = VerifierKey.of_log("example.com/log", LOG.public.raw)
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
WITNESSES = {name: MemorySigner.from_seed("Ed25519", name.encode()) for name in NAMES}
GENESIS = bytes(range(32))


def w_key(name: str) -> VerifierKey:
    return VerifierKey(f"witness.example/{name}", COSIGNATURE_V1, WITNESSES[name].public)


def fill(text: str) -> bytes:
    """A published example with its elided keys put in: the log's on `log` lines, one per witness on theirs."""
    lines = []
    for line in text.splitlines():
        items = line.split()
        if items[:1] == ["witness"]:
            line = line.replace("<name>", "X1").replace("<vkey>", str(w_key(items[1] if items[1] in NAMES else "X1")))
        lines.append(line.replace("<vkey>", str(VKEY)).replace("[<url>]", "https://example.com/"))
    return "".join(line + "\n" for line in lines).encode()


def published(number: int) -> bytes:
    return fill(official(f"crypto/c2sp-notes/tlog-policy.example{number}.txt").read_text())


def note(*names: str) -> Note:
    head = notes.parse(sign_checkpoint(Checkpoint(VKEY.name, 7, bytes(32)), LOG))
    return head.adding(cosign(head, w_key(name).name, WITNESSES[name], 1000) for name in names)


def test_the_published_policy_is_met_by_two_of_x_and_any_of_y() -> None:
    policy = parse_policy(published(0))
    assert [log.vkey for log in policy.logs] == [VKEY]
    assert list(policy.witnesses) == list(NAMES)
    assert (policy.groups["X-witnesses"].threshold, policy.groups["X-and-Y"].threshold) == (2, 2)
    for count in range(len(NAMES) + 1):
        for names in itertools.combinations(NAMES, count):
            x = sum(name[0] == "X" for name in names)
            met = x >= 2 and len(names) > x
            assert policy.quorum_met(note(*names)) == met, names
            if met:
                assert policy.verify_quorum(note(*names)) == dict.fromkeys(names, 1000)
            else:
                with pytest.raises(EvidenceError, match="quorum-not-met"):
                    policy.verify_quorum(note(*names))


def test_the_other_published_lines_parse() -> None:
    log = parse_policy(published(1) + b"quorum none\n").logs[0]
    assert (log.vkey, log.url) == (VKEY, "https://example.com/")
    witness = parse_policy(published(2) + b"quorum X1\n").witnesses["X1"]
    assert (witness.vkey, witness.url) == (w_key("X1"), "https://example.com/")
    assert parse_policy(published(4)).quorum is None
    assert parse_policy(published(2) + published(3).replace(b"<name>", b"X1")).quorum == "X1"
    for form, threshold in zip(published(5).splitlines(), (2, 1, 2), strict=True):
        members = form.replace(b"<name>...", b"X1 X2").replace(b"<name>", b"g").replace(b"<k>", b"2")
        policy = parse_policy(lines("X1", "X2") + members + b"\nquorum g\n")
        assert policy.groups["g"].threshold == threshold


def lines(*names: str) -> bytes:
    return "".join(f"witness {name} {w_key(name)}\n" for name in names).encode()


def test_quorum_none_asks_nobody_and_a_single_witness_suffices() -> None:
    assert parse_policy(b"quorum none\n").quorum_met(note())
    policy = parse_policy(lines("X1") + b"quorum X1\n")
    assert policy.quorum_met(note("X1"))
    assert not policy.quorum_met(note("X2"))


def test_a_cosignature_moved_from_another_head_spoils_the_note() -> None:
    policy = parse_policy(lines("X1", "X2") + b"group g any X1 X2\nquorum g\n")
    other = notes.parse(sign_checkpoint(Checkpoint(VKEY.name, 8, bytes(32)), LOG))
    forged = note("X2").adding([cosign(other, w_key("X1").name, WITNESSES["X1"], 1000)])
    with pytest.raises(EvidenceError, match="cosignature-wrong"):
        policy.quorum_met(forged)


def test_one_witness_counts_once_however_often_it_signs() -> None:
    policy = parse_policy(lines("X1", "X2") + b"group g 2 X1 X2\nquorum g\n")
    again = cosign(note(), w_key("X1").name, WITNESSES["X1"], 2000)
    assert not policy.quorum_met(note("X1").adding([again]))
    assert policy.cosigned(note("X1").adding([again])) == {"X1": 2000}


def test_another_name_or_key_under_a_witness_does_not_count() -> None:
    policy = parse_policy(lines("X1") + b"quorum X1\n")
    line = cosign(note(), w_key("X1").name, WITNESSES["X2"], 1000)
    assert not policy.quorum_met(note().adding([line]))
    renamed = NoteSignature("witness.example/other", w_key("X1").id, note("X1").signatures[1].signature)
    assert not policy.quorum_met(note().adding([renamed]))


W = lines("X1", "X2", "X3")
WRONG = {
    "nothing": (b"", "no quorum"),
    "no quorum": (W, "no quorum"),
    "two quorums": (b"quorum none\nquorum none\n", "quorum"),
    "quorum of two": (W + b"quorum X1 X2\n", "quorum"),
    "quorum undefined": (W + b"quorum Z\n", "undefined name"),
    "quorum before its name": (b"quorum X1\n" + W, "undefined name"),
    "unknown directive": (b"Quorum none\n", "unknown directive"),
    "another directive": (b"quorum none\nrequire timed\n", "unknown directive"),
    "no newline at the end": (b"quorum none", "no newline at the end"),
    "carriage return": (b"quorum none\r\n", "control character"),
    "delete": (b"# \x7f\nquorum none\n", "control character"),
    "form feed as space": (b"quorum\x0cnone\n", "control character"),
    "non-breaking space": ("quorum\u00a0none\n".encode(), "unknown directive"),
    "log twice": (f"log {VKEY}\nlog {VKEY}\nquorum none\n".encode(), "duplicate key"),
    "log key renamed": (
        f"log {VKEY}\nlog {VerifierKey.of_log('b', LOG.public.raw)}\nquorum none\n".encode(),
        "duplicate key",
    ),
    "log with three items": (f"log {VKEY} u v\nquorum none\n".encode(), "items"),
    "log with a witness's key": (f"log {w_key('X1')}\nquorum none\n".encode(), "key of another type"),
    "witness with a log's key": (f"witness a {VKEY}\nquorum none\n".encode(), "key of another type"),
    "witness without key": (b"witness a\nquorum none\n", "items"),
    "witness key twice": (W + f"witness again {w_key('X1')}\nquorum none\n".encode(), "duplicate key"),
    "witness name twice": (W + f"witness X1 {w_key('Y1')}\nquorum none\n".encode(), "duplicate name"),
    "witness named none": (f"witness none {w_key('X1')}\nquorum none\n".encode(), "duplicate name"),
    "group named as a witness": (W + b"group X1 any X2\nquorum none\n", "duplicate name"),
    "group twice": (W + b"group g any X1\ngroup g any X2\nquorum none\n", "duplicate name"),
    "group without members": (W + b"group g any\nquorum none\n", "no members"),
    "group of none": (W + b"group g any none\nquorum none\n", "undefined name"),
    "group of itself": (W + b"group g any g\nquorum none\n", "undefined name"),
    "member undefined": (W + b"group g any Z\nquorum none\n", "undefined name"),
    "member listed twice": (W + b"group g any X1 X1\nquorum none\n", "member twice"),
    "member of two groups": (W + b"group g any X1\ngroup h any X1 X2\nquorum none\n", "member twice"),
    "threshold zero": (W + b"group g 0 X1\nquorum none\n", "threshold"),
    "threshold too high": (W + b"group g 3 X1 X2\nquorum none\n", "threshold"),
    "threshold in words": (W + b"group g two X1 X2\nquorum none\n", "threshold"),
    "threshold with a zero before": (W + b"group g 01 X1 X2\nquorum none\n", "threshold"),
    "threshold below zero": (W + b"group g -1 X1 X2\nquorum none\n", "threshold"),
    "broken vkey": (b"log example.com/log\nquorum none\n", "parts"),
    "genesis too short": (b"# filiera-genesis AAAA\nquorum none\n", "genesis"),
    "genesis twice": (f"# filiera-genesis {base64url.encode(GENESIS)}\n".encode() * 2 + b"quorum none\n", "genesis"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_policy_is_refused(name: str) -> None:
    data, problem = WRONG[name]
    with pytest.raises(InputError) as error:
        parse_policy(data)
    assert (error.value.code, error.value.context["problem"]) == ("policy", problem)


def test_a_kelvin_sign_is_not_a_k() -> None:
    both = f"witness K {w_key('X1')}\nwitness \u212a {w_key('X2')}\nquorum K\n".encode()
    assert list(parse_policy(both).witnesses) == ["K", "\u212a"]
    opaque = b"witness \xff %b\nquorum \xff\n" % str(w_key("X1")).encode()
    assert parse_policy(opaque).quorum == "\udcff"


def test_spaces_tabs_comments_and_empty_lines_mean_nothing() -> None:
    policy = parse_policy(b"\n \t\n# a comment\n\t# another\n \tquorum\t  none \n")
    assert policy.quorum is None


def test_a_thousand_nested_groups_are_judged() -> None:
    nested = "".join(f"group g{i} any {'X1' if i == 0 else f'g{i - 1}'}\n" for i in range(1000)).encode()
    policy = parse_policy(W + nested + b"quorum g999\n")
    assert policy.quorum_met(note("X1"))
    assert not policy.quorum_met(note("X2"))


def test_our_policy_text_is_read_back_as_a_known_log() -> None:
    rules = [*lines("X1", "X2").decode().splitlines(), "group g any X1 X2", "quorum g"]
    known = known_log(compose(VKEY, GENESIS, rules))
    assert (known.origin, known.vkey, known.genesis, known.last) == (VKEY.name, VKEY, GENESIS, None)
    assert known.policy.quorum == "g"
    assert known_log(compose(VKEY, GENESIS)).policy.quorum is None
    with pytest.raises(InputError, match="undefined name"):
        compose(VKEY, GENESIS, ["quorum g"])


def test_a_known_log_is_one_log_with_its_genesis() -> None:
    with pytest.raises(InputError, match="policy-one-log"):
        known_log(b"quorum none\n")
    with pytest.raises(InputError, match="policy-genesis"):
        known_log(f"log {VKEY}\nquorum none\n".encode())
    assert policies.MAX_LINES >= 96
