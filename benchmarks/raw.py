"""Raw ES256 verification on one core: the measure that ratios are taken against.

Nothing but the library's own `verify` is timed: the key is loaded and every signature is DER already.

    verifications_per_second()
"""

import statistics
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.measure import seconds

_COUNT = 1500
_MESSAGE_BYTES = 640


@cache
def _signed() -> tuple[ec.EllipticCurvePublicKey, list[tuple[bytes, bytes]]]:
    """A key, and messages as long as an entry's signing input with their signatures."""
    private = ec.generate_private_key(ec.SECP256R1())
    messages = [number.to_bytes(4, "big") * (_MESSAGE_BYTES // 4) for number in range(_COUNT)]
    return private.public_key(), [(private.sign(message, ec.ECDSA(SHA256())), message) for message in messages]


def verifications_per_second() -> float:
    """ES256 verifications per second of one core: the median of three."""
    public, signed = _signed()

    def work() -> None:
        for signature, message in signed:
            public.verify(signature, message, ec.ECDSA(SHA256()))

    return _COUNT / statistics.median(seconds(work) for _ in range(3))
