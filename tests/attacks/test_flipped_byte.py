"""A byte flipped anywhere in a bundle: damage is found wherever it is."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from ledger.log.policy import KnownLog
from ledger.verify.recognise import verify_file
from tests.browser.asked import asked_in_node, case, differences
from tests.simulator.chain import Chain

CHAIN = Chain()
KNOWN: Mapping[str, KnownLog] = CHAIN.known()
BUNDLE = CHAIN.bundle()


def judged(data: bytes) -> int:
    """The exit status, which the verifier of the browser gives too, for the same reasons."""
    account = verify_file(data, known=KNOWN)
    answer = asked_in_node(case(data, KNOWN))
    assert answer is None or differences(answer, account) == []
    return account.exit_code


@given(st.integers(0, len(BUNDLE) - 1), st.integers(1, 255))
def test_any_flipped_bits_are_found(position: int, bits: int) -> None:
    altered = bytearray(BUNDLE)
    altered[position] ^= bits
    assert judged(bytes(altered)) != 0


def test_a_flip_at_every_seventh_position_is_found() -> None:
    valid = []
    for position in range(0, len(BUNDLE), 7):
        altered = bytearray(BUNDLE)
        altered[position] ^= 1
        if verify_file(bytes(altered), known=KNOWN).exit_code == 0:
            valid.append(position)
    assert valid == []


@given(st.integers(0, len(BUNDLE) - 1))
def test_a_bundle_cut_anywhere_is_found(length: int) -> None:
    assert judged(BUNDLE[:length]) != 0


def test_the_untouched_bundle_is_valid() -> None:
    assert verify_file(BUNDLE, known=KNOWN).exit_code == 0
