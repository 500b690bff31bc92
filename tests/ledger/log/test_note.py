"""Signed notes and their keys: the published examples, one spelling each, and every forged line refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.signer import MemorySigner
from ledger.log import note as notes
from ledger.log.note import Note, NoteSignature, VerifierKey
from schemas.errors import EvidenceError, InputError
from tests.official import official, walk

SIGNER = MemorySigner.from_seed("Ed25519", b"note")
VKEY = VerifierKey.of_log("example.com/log", SIGNER.public.raw)


def signed(text: bytes = b"text\n") -> Note:
    return Note(text, (notes.sign(text, VKEY.name, SIGNER),))


def wrong(data: bytes) -> str:
    with pytest.raises(InputError) as error:
        notes.parse(data)
    return f"{error.value.code} {error.value.context.get('problem', '')}".strip()


def test_the_published_example_verifies_with_the_published_key() -> None:
    vkey = VerifierKey.parse(official("crypto/c2sp-notes/signed-note.vkey.txt").read_text().strip())
    note = notes.parse(official("crypto/c2sp-notes/signed-note.example1.txt").read_bytes())
    assert notes.verify(note, [vkey]) == (vkey,)
    assert note.text == b"This is an example message.\n"


def test_every_published_note_parses_and_is_written_back() -> None:
    found = 0
    for file in walk("crypto/c2sp-notes/*.example*.txt"):
        data = file.read_bytes()
        if "\n— ".encode() not in data or b"[...]" in data:
            continue
        note = notes.parse(data)
        assert note.write() == data
        assert note.signatures
        found += 1
    assert found == 4


def test_a_text_with_empty_lines_ends_at_the_last_of_them() -> None:
    note = notes.parse(official("crypto/c2sp-notes/signed-note.example0.txt").read_bytes())
    assert note.text.endswith("\n\ned è subito sera.\n".encode())
    assert len(note.signatures) == 1


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(1, 5))
def test_a_note_comes_back_unchanged(line: str, copies: int) -> None:
    note = signed((line + "\n").encode())
    note = note.adding(NoteSignature(f"w{i}", bytes(4), b"x") for i in range(copies))
    assert notes.parse(note.write()) == note
    assert notes.verify(note, [VKEY]) == (VKEY,)


GOOD = signed().write()
BROKEN = {
    "nothing": (b"", "note no signatures"),
    "no signature": (b"text\n\n", "note no signatures"),
    "no blank line": (GOOD.replace(b"\n\n", b"\n"), "note no signatures"),
    "no last newline": (GOOD[:-1], "note no signatures"),
    "carriage return": (GOOD.replace(b"text\n", b"text\r\n"), "note control character"),
    "nul": (b"\0" + GOOD, "note control character"),
    "not UTF-8": (b"\xff" + GOOD, "note not UTF-8"),
    "hyphen for dash": (GOOD.replace("—".encode(), b"-"), "note signature line"),
    "no name": (re.sub(rb"example.com/log ", b"", GOOD), "note signature line"),
    "empty name": (re.sub(rb"example.com/log", b"", GOOD), "key-name"),
    "plus in name": (GOOD.replace(b"com/log", b"com+log"), "key-name"),
    "space in name": (GOOD.replace(b"com/log", "com\u00a0log".encode()), "key-name"),
    "not base64": (GOOD.replace(b"=\n", b"!\n"), "note base64"),
    "no padding": (GOOD.replace(b"=\n", b"\n"), "note base64"),
    "trailing space": (GOOD[:-1] + b" \n", "note base64"),
    "too short": (b"text\n\n" + "— a AAAAAA==\n".encode(), "note signature too short"),
    "too many": (GOOD + GOOD.split(b"\n\n")[1] * 100, "note too many signatures"),
    "too long": (b"x" * (1 << 20) + GOOD, "note too long"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_note_is_refused(name: str) -> None:
    data, code = BROKEN[name]
    assert notes.parse(GOOD)
    assert wrong(data) == code


def test_a_second_spelling_of_a_signature_is_refused() -> None:
    """The last character before the padding has bits that decoders drop: another text, the same bytes."""
    encoded = GOOD.rstrip(b"=\n")
    respelled = encoded[:-1] + bytes([encoded[-1] + 1]) + GOOD[len(encoded) :]
    assert wrong(respelled) == "note base64"


def test_a_flipped_bit_of_text_or_signature_spoils_the_note() -> None:
    note = signed()
    line = note.signatures[0]
    for forged in (
        Note(b"texu\n", note.signatures),
        Note(note.text, (NoteSignature(line.name, line.key_id, bytes([line.signature[0] ^ 1]) + line.signature[1:]),)),
        note.adding([NoteSignature(line.name, line.key_id, bytes(64))]),
    ):
        with pytest.raises(EvidenceError, match="note-signature"):
            notes.verify(forged, [VKEY])


def test_unknown_signatures_are_ignored_and_prove_nothing() -> None:
    line = signed().signatures[0]
    strangers = [
        NoteSignature("example.com/other", line.key_id, line.signature),
        NoteSignature(line.name, b"1234", b"x"),
    ]
    assert notes.verify(signed().adding(strangers), [VKEY]) == (VKEY,)
    with pytest.raises(EvidenceError, match="note-unsigned"):
        notes.verify(Note(b"text\n", tuple(strangers)), [VKEY])
    with pytest.raises(EvidenceError, match="note-unsigned"):
        notes.verify(signed(), [])


@pytest.mark.parametrize("type_", [1, 4])
def test_a_vkey_comes_back_unchanged(type_: int) -> None:
    vkey = VerifierKey("example.com/é", type_, SIGNER.public)
    assert VerifierKey.parse(str(vkey)) == vkey


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("example.com/log", "vkey"),
        (str(VKEY)[:-4], "vkey"),
        (str(VKEY).replace("+", "+0", 1), "vkey"),
        (str(VKEY).replace("example", "Example"), "vkey"),
        (f"{VKEY.name}+{VKEY.id.hex().upper()}+{str(VKEY).rpartition('+')[2]}", "vkey"),
        (str(VKEY) + "\n", "vkey"),
        ("a+00000000+AgAA", "vkey-type"),
        ("a+00000000+AQAA", "vkey"),
        ("a b+00000000+AQAA", "key-name"),
        ("+00000000+AQAA", "key-name"),
        ("\udcff+00000000+AQAA", "key-name"),
    ],
)
def test_a_broken_vkey_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        VerifierKey.parse(text)
    assert error.value.code == code


def test_the_fingerprint_is_of_the_raw_key() -> None:
    from hashlib import sha256

    assert VKEY.fingerprint == sha256(SIGNER.public.raw).hexdigest()
