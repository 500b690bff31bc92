"""Whatever bytes come in, a parser reads them or refuses them in the house's own words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.signature import PublicKey
from ledger.keys.signer import MemorySigner
from ledger.log import checkpoint, note, policy, tiles, tlog_proof
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.note import VerifierKey
from ledger.log.tlog_proof import TlogProof
from schemas.errors import InputError, LedgerError

SIGNER = MemorySigner.from_seed("Ed25519", b"log")
VKEY = VerifierKey.of_log("example.com/log", SIGNER.public.raw)
HEAD = sign_checkpoint(Checkpoint(VKEY.name, 7, bytes(32)), SIGNER)
PROOF = TlogProof(3, (bytes(32), bytes(32)), HEAD, b"entry").write()
POLICY = policy.compose(VKEY, bytes(32))
BUNDLE = tiles.encode_bundle([b"one", b"two"])

PARSERS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "note": (HEAD, note.parse),
    "checkpoint": (HEAD, checkpoint.parse),
    "checkpoint text": (Checkpoint(VKEY.name, 7, bytes(32)).text(), checkpoint.parse_text),
    "proof": (PROOF, tlog_proof.parse),
    "policy": (POLICY, policy.parse_policy),
    "vkey": (str(VKEY).encode(), lambda data: VerifierKey.parse(data.decode("utf-8", "surrogateescape"))),
    "path": (b"tile/0/x001/234.p/5", lambda data: tiles.parse_path(data.decode("utf-8", "surrogateescape"))),
    "bundle": (BUNDLE, lambda data: tiles.decode_bundle(data, 2)),
    "jwk": (
        SIGNER.public.jwk["x"].encode(),
        lambda data: PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": data.decode("utf-8", "surrogateescape")}),
    ),
}


def judged(parser: Callable[[bytes], Any], data: bytes) -> bool:
    try:
        parser(data)
    except LedgerError:
        return False
    return True


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused_never_a_crash(name: str, data: st.DataObject) -> None:
    good, parser = PARSERS[name]
    assert judged(parser, good)
    at = data.draw(st.integers(0, len(good)))
    kind = data.draw(st.sampled_from(("replace", "insert", "cut", "anything")))
    piece = data.draw(st.binary(max_size=8))
    judged(
        parser,
        {
            "replace": good[:at] + piece + good[at + len(piece) :],
            "insert": good[:at] + piece + good[at:],
            "cut": good[:at],
            "anything": piece,
        }[kind],
    )


@given(st.integers(0, len(HEAD) * 8 - 1))
def test_a_flipped_bit_anywhere_in_a_checkpoint_is_found(flip: int) -> None:
    damaged = bytearray(HEAD)
    damaged[flip // 8] ^= 1 << flip % 8
    assert checkpoint.open_checkpoint(HEAD, VKEY)
    assert not judged(lambda data: checkpoint.open_checkpoint(data, VKEY), bytes(damaged))


def test_a_checkpoint_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(InputError, match="checkpoint"):
        checkpoint.parse_text(b"\xff\n1\nAAAA\n")
