"""Check digits and check characters: what a key ends with so that a mistyped one is refused.

- Digits weigh 3 and 1 alternately, counted from the right; the check digit lifts the sum to a multiple of ten
  (GS1 General Specifications, section 7.9.1). GTIN, GLN, SSCC, GRAI, GDTI, GCN, GSRN, GSIN and ITIP have one.
- A model number (GMN) ends in two characters instead, modulo 1021 over its weighted characters (section 7.9.5).
- The price or weight field of a variable measure number has a digit of its own, four or five places (7.9.3, 7.9.4).
- One changed digit always changes the sum, since 3 and 1 have an inverse modulo ten; most swaps are found too.

    check_digit("952012345678")  ->  "8"
"""

from schemas.errors import InputError

# The characters of a GMN in the order of their values 0..81 (GS1 General Specifications, section 7.9.5).
_VALUES = {
    character: value
    for value, character in enumerate(
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    )
}
_PAIR_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Each place weighs a prime, from the right; a GMN has at most 23 places, the arithmetic is defined for 97.
_PRIMES = tuple(n for n in range(2, 510) if all(n % d for d in range(2, int(n**0.5) + 1)))


def is_digits(text: str) -> bool:
    """Whether `text` is one or more of the ten ASCII digits; other scripts' digits are not GS1's."""
    return text.isascii() and text.isdigit()


def check_digit(body: str) -> str:
    """The digit that belongs after `body`, the key without it; `InputError("gs1-not-digits")` otherwise."""
    if not is_digits(body):
        raise InputError("gs1-not-digits", value=body[:90])
    # Summed as ASCII bytes, each 48 more than its digit: that is taken off again at once.
    threes, ones = body.encode("ascii")[::-2], body.encode("ascii")[-2::-2]
    total = 3 * sum(threes) + sum(ones) - 48 * (3 * len(threes) + len(ones))
    return str(-total % 10)


def verify_check_digit(key: str) -> None:
    """Raise `InputError("wrong-check-digit")` unless the last digit of `key` is the one the others ask for."""
    if len(key) < 2:
        raise InputError("gs1-too-short", value=key, least=2)
    if not is_digits(key):
        raise InputError("gs1-not-digits", value=key[:90])
    expected = check_digit(key[:-1])
    if key[-1] != expected:
        raise InputError("wrong-check-digit", value=key, expected=expected)


def price_check_digit(digits: str) -> str:
    """The check digit of a four or five digit price or weight inside a variable measure number.

    Each place has a weight of its own: `2-` is 2x less its tens, `3` three times, `5+` 5x plus its tens, `5-` 5x
    less its tens. Four digits: the sum times three; five: its complement, weighted back (sections 7.9.3, 7.9.4).
    """
    if not is_digits(digits):
        raise InputError("gs1-not-digits", value=digits[:90])
    if len(digits) not in (4, 5):
        raise InputError("gs1-length", value=digits[:90], expected="4-5")
    weights = ("2-", "2-", "3", "5-") if len(digits) == 4 else ("5+", "2-", "5-", "5+", "2-")
    total = sum(_weighted(int(digit), weight) for digit, weight in zip(digits, weights, strict=True))
    if len(digits) == 4:
        return str(3 * total % 10)
    rest = -total % 10
    return next(str(digit) for digit in range(10) if _weighted(digit, "5-") == rest)


def _weighted(digit: int, weight: str) -> int:
    tens, units = divmod(int(weight[0]) * digit, 10)
    sign = {"+": 1, "-": -1}.get(weight[1:], 0)
    return (units + sign * tens) % 10


def check_pair(body: str) -> str:
    """The two characters that belong after `body`, a GMN without them, characters of the set of 82."""
    if len(body) > len(_PRIMES):
        raise InputError("gs1-too-long", value=body[:90], most=len(_PRIMES) + 2)
    unknown = next((character for character in body if character not in _VALUES), None)
    if unknown is not None:
        raise InputError("gs1-character", value=body, character=unknown)
    weights = _PRIMES[: len(body)]
    total = sum(_VALUES[c] * weight for c, weight in zip(reversed(body), weights, strict=True)) % 1021
    return _PAIR_ALPHABET[total >> 5] + _PAIR_ALPHABET[total & 31]


def verify_check_pair(key: str) -> None:
    """Raise `InputError("wrong-check-pair")` unless the last two characters of `key` are the ones it asks for."""
    if len(key) < 2:
        raise InputError("gs1-too-short", value=key, least=2)
    expected = check_pair(key[:-2])
    if key[-2:] != expected:
        raise InputError("wrong-check-pair", value=key, expected=expected)
