"""Checkpoints and cosignatures: whose they are, what they say, and when a witness saw them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.signer import MemorySigner
from ledger.log import checkpoint as checkpoints
from ledger.log import note as notes
from ledger.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign, cosigned_at, message
from ledger.log.note import COSIGNATURE_V1, Note, NoteSignature, VerifierKey
from schemas.errors import EvidenceError, InputError
from tests.official import official

SIGNER = MemorySigner.from_seed("Ed25519", b"log")
WITNESS = MemorySigner.from_seed("Ed25519", b"witness")
VKEY = VerifierKey.of_log("example.com/log", SIGNER.public.raw)
W_KEY = VerifierKey("witness.example/w1", COSIGNATURE_V1, WITNESS.public)
HEAD = Checkpoint("example.com/log", 7, bytes(range(32)))


def test_the_published_checkpoints_parse() -> None:
    for name, lines in (("tlog-checkpoint.example0.txt", 1), ("tlog-cosignature.example0.txt", 2)):
        head, note = checkpoints.parse(official(f"crypto/c2sp-notes/{name}").read_bytes())
        assert (head.origin, head.size, len(note.signatures)) == ("example.com/behind-the-sofa", 20852163, lines)
        assert head.text() == note.text


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_opens_with_its_key(size: int, root: bytes) -> None:
    head = Checkpoint(VKEY.name, size, root)
    assert open_checkpoint(sign_checkpoint(head, SIGNER), VKEY) == head


def test_extension_lines_are_kept() -> None:
    head = Checkpoint(VKEY.name, 7, bytes(32), ("one", "two"))
    assert open_checkpoint(sign_checkpoint(head, SIGNER), VKEY) == head


GOOD = HEAD.text()
BROKEN = {
    "two lines": b"example.com/log\n7\n",
    "an empty line": GOOD + b"\n\n",
    "an empty origin": b"\n" + GOOD.split(b"\n", 1)[1],
    "a leading zero": GOOD.replace(b"\n7\n", b"\n07\n"),
    "a sign": GOOD.replace(b"\n7\n", b"\n+7\n"),
    "a fraction": GOOD.replace(b"\n7\n", b"\n7.0\n"),
    "an Arabic digit": GOOD.replace(b"\n7\n", "\n\u0667\n".encode()),
    "a size beyond 63 bits": GOOD.replace(b"\n7\n", b"\n9223372036854775808\n"),
    "a short root": b"example.com/log\n7\nAAAA\n",
    "a root without padding": GOOD.replace(b"=\n", b"\n"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_checkpoint_is_refused(name: str) -> None:
    assert checkpoints.parse_text(GOOD) == HEAD
    with pytest.raises(InputError, match="checkpoint"):
        checkpoints.parse_text(BROKEN[name])


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = VerifierKey.of_log("example.com/other", SIGNER.public.raw)
    with pytest.raises(EvidenceError, match="checkpoint-origin"):
        open_checkpoint(sign_checkpoint(HEAD, SIGNER), other)


def test_a_forged_log_under_the_same_origin_is_refused() -> None:
    data = sign_checkpoint(HEAD, MemorySigner.from_seed("Ed25519", b"thief"))
    with pytest.raises(EvidenceError, match="note-unsigned"):
        open_checkpoint(data, VKEY)
    note = notes.parse(data)
    forged = Note(note.text, (NoteSignature(VKEY.name, VKEY.id, note.signatures[0].signature),))
    with pytest.raises(EvidenceError, match="note-signature"):
        open_checkpoint(forged.write(), VKEY)


def test_an_origin_line_that_is_not_the_signers_name_is_refused() -> None:
    text = Checkpoint("example.com/victim", 7, bytes(32)).text()
    note = Note(text, (notes.sign(text, VKEY.name, SIGNER),))
    with pytest.raises(EvidenceError, match="checkpoint-origin"):
        open_checkpoint(note.write(), VKEY)


def head_note() -> Note:
    return notes.parse(sign_checkpoint(HEAD, SIGNER))


@given(st.integers(0, 2**63 - 1))
def test_a_cosignature_tells_its_time(timestamp: int) -> None:
    note = head_note().adding([cosign(head_note(), W_KEY.name, WITNESS, timestamp)])
    assert cosigned_at(notes.parse(note.write()), W_KEY) == timestamp
    assert open_checkpoint(note.write(), VKEY) == HEAD


def test_the_cosigned_message_is_that_of_the_text() -> None:
    assert message(1679315147, b"origin\n") == b"cosignature/v1\ntime 1679315147\norigin\n"


def test_a_cosignature_for_another_head_time_or_witness_is_refused() -> None:
    line = cosign(head_note(), W_KEY.name, WITNESS, 1000)
    other = Note(Checkpoint(VKEY.name, 8, bytes(32)).text(), (line,))
    later = NoteSignature(line.name, line.key_id, (1001).to_bytes(8, "big") + line.signature[8:])
    far = NoteSignature(line.name, line.key_id, b"\xff" * 8 + line.signature[8:])
    short = NoteSignature(line.name, line.key_id, line.signature[:-1])
    for forged in (other, *(head_note().adding([wrong]) for wrong in (later, far, short))):
        with pytest.raises(EvidenceError, match="cosignature-wrong"):
            cosigned_at(forged, W_KEY)
    assert cosigned_at(head_note(), W_KEY) is None
    stranger = VerifierKey("witness.example/w2", COSIGNATURE_V1, WITNESS.public)
    assert cosigned_at(head_note().adding([line]), stranger) is None


def test_a_logs_signature_is_no_cosignature() -> None:
    """One key with two uses: the type in the key ID keeps them apart."""
    as_witness = VerifierKey(VKEY.name, COSIGNATURE_V1, SIGNER.public)
    assert cosigned_at(head_note(), as_witness) is None
    with pytest.raises(InputError, match="vkey-type"):
        cosigned_at(head_note(), VKEY)
    note = Note(HEAD.text(), (cosign(head_note(), VKEY.name, SIGNER, 1),))
    with pytest.raises(EvidenceError, match="note-unsigned"):
        open_checkpoint(note.write(), VKEY)


def test_a_time_before_1970_is_refused() -> None:
    with pytest.raises(InputError, match="cosignature-time"):
        cosign(head_note(), W_KEY.name, WITNESS, -1)
