"""Which signatures count: every official vector, and the twins that would let a stranger respell an entry."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.signature import P256_ORDER, PublicKey, es256_der, pop_message, verify_pop
from ledger.keys.signer import MemorySigner
from schemas.errors import EvidenceError, InputError, LedgerError
from schemas.syntax import base64url
from tests.official import official

# A vector with one of these flags must be refused: small order, another spelling, or an equation that only holds
# when multiplied by the cofactor. All others must be accepted.
REFUSED_FLAGS = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def accepted(alg: str, material: dict[str, str], signature: bytes, message: bytes) -> bool:
    """Whether key and signature are both admitted."""
    try:
        key = PublicKey.from_jwk(material)
        assert key.alg == alg
        key.verify(signature, message)
    except LedgerError:
        return False
    return True


def okp(raw: bytes) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(raw)}


def ec(group: dict[str, Any]) -> dict[str, str]:
    def coordinate(name: str) -> str:
        return base64url.encode(int(group["publicKey"][name], 16).to_bytes(32, "big"))

    return {"kty": "EC", "crv": "P-256", "x": coordinate("wx"), "y": coordinate("wy")}


def test_every_cctv_ed25519_vector_is_judged_by_its_flags() -> None:
    vectors = json.loads(official("crypto/cctv/ed25519/ed25519vectors.json").read_bytes())
    assert len(vectors) == 914
    verdicts = {True: 0, False: 0}
    for vector in vectors:
        expected = not REFUSED_FLAGS & set(vector["flags"] or ())
        key, signature = okp(bytes.fromhex(vector["key"])), bytes.fromhex(vector["sig"])
        assert accepted("Ed25519", key, signature, vector["msg"].encode()) == expected, vector["number"]
        verdicts[expected] += 1
    assert min(verdicts.values()) > 0


def test_every_wycheproof_ed25519_vector_has_its_result() -> None:
    tests = 0
    for group in json.loads(official("crypto/wycheproof/ed25519_test.json").read_bytes())["testGroups"]:
        key = okp(bytes.fromhex(group["publicKey"]["pk"]))
        for vector in group["tests"]:
            signature, message = bytes.fromhex(vector["sig"]), bytes.fromhex(vector["msg"])
            expected = vector["result"] == "valid"
            assert accepted("Ed25519", key, signature, message) == expected, vector["tcId"]
            tests += 1
    assert tests == 151


def low_s(signature: bytes) -> bool:
    return int.from_bytes(signature[32:], "big") <= P256_ORDER // 2


def test_every_wycheproof_p1363_vector_has_its_result_unless_its_s_is_high() -> None:
    tests = high = 0
    for group in json.loads(official("crypto/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json").read_bytes())[
        "testGroups"
    ]:
        key = ec(group)
        for vector in group["tests"]:
            signature, message = bytes.fromhex(vector["sig"]), bytes.fromhex(vector["msg"])
            valid = vector["result"] == "valid"
            assert accepted("ES256", key, signature, message) == (valid and low_s(signature)), vector["tcId"]
            if valid and not low_s(signature):
                twin = signature[:32] + (P256_ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
                assert accepted("ES256", key, twin, message), vector["tcId"]
                high += 1
            tests += 1
    assert tests == 262
    assert high > 0


def raw_of_der(der: bytes) -> bytes | None:
    """r || s of a DER signature spelled in the one way DER has, None for anything else."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    try:
        r, s = decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big") if encode_dss_signature(r, s) == der else None
    except (ValueError, OverflowError):
        return None


def test_every_wycheproof_der_vector_keeps_its_result_when_written_raw() -> None:
    """DER is not our format: what it says is judged, and a signature that has no raw form has nothing to judge."""
    valid = invalid = 0
    for group in json.loads(official("crypto/wycheproof/ecdsa_secp256r1_sha256_test.json").read_bytes())["testGroups"]:
        key = ec(group)
        for vector in group["tests"]:
            der, message = bytes.fromhex(vector["sig"]), bytes.fromhex(vector["msg"])
            assert not accepted("ES256", key, der, message), vector["tcId"]
            signature = raw_of_der(der)
            if signature is None:
                assert vector["result"] == "invalid", vector["tcId"]
                continue
            expected = vector["result"] == "valid" and low_s(signature)
            assert accepted("ES256", key, signature, message) == expected, vector["tcId"]
            valid, invalid = valid + expected, invalid + (not expected)
    assert valid > 0
    assert invalid > 0


@pytest.mark.parametrize("alg", ["ES256", "Ed25519"])
@given(message=st.binary(max_size=200), flip=st.integers(0, 511))
def test_a_flipped_bit_of_a_signature_is_refused(alg: Any, message: bytes, flip: int) -> None:
    signer = MemorySigner.from_seed(alg, b"flip")
    signature = signer.sign(message)
    signer.public.verify(signature, message)
    changed = (int.from_bytes(signature, "big") ^ 1 << flip).to_bytes(64, "big")
    with pytest.raises(EvidenceError):
        signer.public.verify(changed, message)


def refused(key: PublicKey, signature: bytes, message: bytes = b"entry") -> str:
    with pytest.raises(EvidenceError) as error:
        key.verify(signature, message)
    return error.value.code


def test_the_high_s_twin_of_a_signature_is_refused() -> None:
    signer = MemorySigner.from_seed("ES256", b"a")
    signature = signer.sign(b"entry")
    s = int.from_bytes(signature[32:], "big")
    assert refused(signer.public, signature[:32] + (P256_ORDER - s).to_bytes(32, "big")) == "signature-high-s"


@pytest.mark.parametrize("value", [0, P256_ORDER, P256_ORDER + 1, 2**256 - 1])
@pytest.mark.parametrize("half", ["r", "s"])
def test_a_number_out_of_range_is_refused(half: str, value: int) -> None:
    signer = MemorySigner.from_seed("ES256", b"a")
    signature, wrong = signer.sign(b"entry"), value.to_bytes(32, "big")
    forged = wrong + signature[32:] if half == "r" else signature[:32] + wrong
    assert refused(signer.public, forged) == "signature-range"


@pytest.mark.parametrize("alg", ["ES256", "Ed25519"])
@pytest.mark.parametrize("length", [0, 1, 63, 65, 72, 128])
def test_another_length_is_refused(alg: Any, length: int) -> None:
    signer = MemorySigner.from_seed(alg, b"a")
    assert refused(signer.public, (signer.sign(b"entry") * 2)[:length]) == "signature-length"


def test_a_der_signature_is_refused() -> None:
    signer = MemorySigner.from_seed("ES256", b"a")
    assert refused(signer.public, es256_der(signer.sign(b"entry"))) == "signature-length"


@given(st.integers(1, P256_ORDER - 1), st.integers(1, P256_ORDER // 2), st.integers(0, 255), st.integers(0, 255))
def test_the_der_of_a_signature_is_the_one_der_there_is(r: int, s: int, shorter: int, short: int) -> None:
    r, s = r >> shorter or 1, s >> short or 1
    assert es256_der(r.to_bytes(32, "big") + s.to_bytes(32, "big")) == encode_dss_signature(r, s)


def test_an_ed25519_s_beyond_the_order_is_refused() -> None:
    signer = MemorySigner.from_seed("Ed25519", b"a")
    signature = signer.sign(b"entry")
    twin = int.from_bytes(signature[32:], "little") + ED25519_ORDER
    assert refused(signer.public, signature[:32] + twin.to_bytes(32, "little")) == "signature-range"


def test_an_ed25519_r_of_small_order_is_refused() -> None:
    signer = MemorySigner.from_seed("Ed25519", b"a")
    assert refused(signer.public, bytes([1]) + bytes(63)) == "signature-small-order"


@pytest.mark.parametrize("alg", ["ES256", "Ed25519"])
def test_a_signature_of_another_key_or_message_is_refused(alg: Any) -> None:
    mine, other = MemorySigner.from_seed(alg, b"a"), MemorySigner.from_seed(alg, b"b")
    assert refused(mine.public, other.sign(b"entry")) == "signature-wrong"
    assert refused(mine.public, mine.sign(b"other")) == "signature-wrong"


def test_the_list_of_small_orders_holds_the_whole_torsion_subgroup() -> None:
    from ledger.keys.signature import _D, _P, _SMALL_ORDER_Y

    # Doubling takes y to y = 0 exactly where x^2 = -y^2; with the curve's equation that leaves these two.
    order_8 = {y for y in _SMALL_ORDER_Y if (_D * y**4 + 2 * y**2 - 1) % _P == 0}
    assert len(order_8) == 2
    assert {0, 1, _P - 1} | order_8 == _SMALL_ORDER_Y


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    """RFC 8037 appendix A.3: the thumbprint of its Ed25519 key."""
    key = PublicKey.from_jwk(okp(base64url.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")))
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


GOOD = MemorySigner.from_seed("ES256", b"a").public.jwk
WRONG_KEYS: dict[str, tuple[Any, str]] = {
    "another member": (GOOD | {"use": "sig"}, "key-members"),
    "a private member": (GOOD | {"d": GOOD["x"]}, "key-members"),
    "no y": ({name: value for name, value in GOOD.items() if name != "y"}, "key-members"),
    "a number": (GOOD | {"y": 7}, "key-members"),
    "another curve": (GOOD | {"crv": "P-384"}, "key-type"),
    "another type": ({"kty": "RSA", "n": "AQ", "e": "AQAB"}, "key-type"),
    "no type": ({"crv": "P-256"}, "key-type"),
    "a type that is no text": (GOOD | {"kty": ["EC"]}, "key-type"),
    "padded base64": (GOOD | {"x": GOOD["x"] + "="}, "base64url"),
    "a short coordinate": (GOOD | {"x": base64url.encode(bytes(31))}, "key-length"),
    "a point off the curve": (GOOD | {"x": base64url.encode(bytes(31) + b"\x01")}, "key-not-on-curve"),
    "an Ed25519 point off the curve": (okp(bytes([2]) + bytes(31)), "key-not-on-curve"),
    "an Ed25519 y beyond the field": (okp((2**255 - 18).to_bytes(32, "little")), "key-not-on-curve"),
    "an Ed25519 point of small order": (okp(bytes(32)), "key-small-order"),
}


@pytest.mark.parametrize("name", WRONG_KEYS)
def test_a_wrong_public_key_is_refused(name: str) -> None:
    jwk, code = WRONG_KEYS[name]
    with pytest.raises(InputError) as error:
        PublicKey.from_jwk(jwk)
    assert error.value.code == code


def test_a_p256_coordinate_beyond_the_field_is_refused() -> None:
    """The point with x = 5, and the same point written x + p: one key must not have two thumbprints."""
    field = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    y = pow(5**3 - 3 * 5 + b, (field + 1) // 4, field)
    point = {"kty": "EC", "crv": "P-256", "y": base64url.encode(y.to_bytes(32, "big"))}
    assert PublicKey.from_jwk(point | {"x": base64url.encode((5).to_bytes(32, "big"))})
    with pytest.raises(InputError, match="key-not-on-curve"):
        PublicKey.from_jwk(point | {"x": base64url.encode((5 + field).to_bytes(32, "big"))})


def test_a_key_is_loaded_once() -> None:
    assert PublicKey.from_jwk(dict(GOOD)) is PublicKey.from_jwk(dict(GOOD))
    assert len({PublicKey.from_jwk(GOOD)}) == 1


def test_a_proof_of_possession_speaks_of_one_place_only() -> None:
    signer = MemorySigner.from_seed("ES256", b"a")
    kid = signer.public.kid
    pop = signer.sign(pop_message("example.com/log", "urn:uuid:1", kid, "device", None))
    assert pop_message("o", "i", "k", "r", None) == b"filiera/pop\no\ni\nk\nr\n-\n"
    verify_pop(signer.public, pop, origin="example.com/log", iss="urn:uuid:1", role="device", next_=None)
    place: dict[str, Any] = {"origin": "example.com/log", "iss": "urn:uuid:1", "role": "device", "next_": None}
    for change in ({"origin": "example.com/l"}, {"iss": "urn:uuid:2"}, {"role": "admin"}, {"next_": "k"}):
        with pytest.raises(EvidenceError, match="pop-wrong"):
            verify_pop(signer.public, pop, **(place | change))
    with pytest.raises(InputError, match="pop-line"):
        pop_message("o\ni", "k", "k", "r", None)
