import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.epcis.signature import check, sign
from schemas.errors import EvidenceError

TOKEN, BODY, AT = "13df38d8275b13f05704629e5f1cf3d45d6132d5", b'{"type":"EPCISQueryDocument"}', 1769000000


def code(call: object) -> str:
    with pytest.raises(EvidenceError) as refused:
        call()  # type: ignore[operator]
    return refused.value.code


def test_the_header_is_what_its_description_says() -> None:
    expected = hmac.new(TOKEN.encode(), b"1769000000." + BODY, hashlib.sha256).hexdigest()
    assert sign(TOKEN, BODY, at=AT) == f"t=1769000000,v1={expected}"
    # Computed with `openssl dgst -sha256 -hmac`: a subscriber in any language gets the same.
    assert expected == "4f6c77e4d2f992f3d93af5531d94a1b74efcea0d3b843230af5e90dc348e4880"


@given(st.text(min_size=1, max_size=50).filter(lambda text: text.isprintable()), st.binary(), st.integers(0, 10**10))
def test_what_was_signed_is_accepted(token: str, body: bytes, at: int) -> None:
    assert check(token, body, sign(token, body, at=at), now=at + 300) == at
    assert check(token, body, sign(token, body, at=at), now=at - 300) == at


def test_another_token_body_or_time_is_refused() -> None:
    header = sign(TOKEN, BODY, at=AT)
    assert code(lambda: check(TOKEN + "x", BODY, header, now=AT)) == "delivery-signature"
    assert code(lambda: check(TOKEN, BODY + b" ", header, now=AT)) == "delivery-signature"
    assert code(lambda: check(TOKEN, BODY, header.replace("t=1769000000", "t=1769000001"), now=AT)) == (
        "delivery-signature"
    )


def test_a_delivery_recorded_long_ago_is_refused() -> None:
    header = sign(TOKEN, BODY, at=AT)
    assert code(lambda: check(TOKEN, BODY, header, now=AT + 301)) == "delivery-signature-old"
    assert code(lambda: check(TOKEN, BODY, header, now=AT - 301)) == "delivery-signature-old"
    assert check(TOKEN, BODY, header, now=AT + 301, tolerance=400) == AT


def test_a_later_form_may_stand_beside_this_one() -> None:
    assert check(TOKEN, BODY, f"v2=00ff, {sign(TOKEN, BODY, at=AT)}", now=AT) == AT


@pytest.mark.parametrize(
    "header",
    [
        *("", "t=1", "v1=00", "t=,v1=00", "t=1,v1=", "t=1,v1=0G", "t=1;v1=00", "t=1,t=1,v1=00", "t=a,v1=00"),
        *("t=111111111111,v1=00", "t=1,v1=" + "0" * 2000, "t=１,v1=00", "sha256=00"),
    ],
)
def test_what_is_no_signature_is_refused(header: str) -> None:
    assert code(lambda: check(TOKEN, BODY, header, now=AT)) == "delivery-signature-malformed"
