"""Compressed GS1 Digital Links, written by the standard's rules; nothing in the product writes them.

compressed((("01", "09506000134376"), ("10", "LOT01")), optimised=False)  ->  "ARFKk4XB0CDKWcnpq"
"""

from collections.abc import Sequence

from schemas.gs1.compression import ALPHABET, ENCODINGS, OPTIMISED, fields, number_bits
from schemas.gs1.keys import Elements


def compressed(elements: Elements, other: Sequence[tuple[str, str]] = (), *, optimised: bool = True) -> str:
    """A compressed text, written as the standard says: codes for several identifiers first, then the others."""
    values, bits = dict(elements), ""
    for code, several in OPTIMISED.items() if optimised else ():
        if set(several) <= set(values):
            bits += digits(code) + "".join(value_bits(ai, values.pop(ai)) for ai in several)
    bits += "".join(digits(ai) + value_bits(ai, value) for ai, value in values.items())
    bits += "".join(pair_bits(name, value) for name, value in other)
    return written(bits)


def written(bits: str) -> str:
    whole = bits + "0" * (-len(bits) % 6)
    return "".join(ALPHABET[int(whole[at : at + 6], 2)] for at in range(0, len(whole), 6))


def digits(code: str) -> str:
    return "".join(f"{int(digit, 16):04b}" for digit in code)


def value_bits(ai: str, value: str) -> str:
    bits = ""
    for field in fields(ai):
        fixed = field.least == field.most
        text = value[: field.most] if fixed else value
        value = value[len(text) :]
        length = "" if fixed else f"{len(text):0{field.length_bits}b}"
        bits += length + number(text) if field.digits else coded(text, length)
    return bits


def number(text: str) -> str:
    return f"{int(text or '0'):0{number_bits(len(text))}b}"


def coded(text: str, length: str) -> str:
    place = next(place for place, used in enumerate(ENCODINGS) if set(text) <= set(used.characters))
    used = ENCODINGS[place]
    body = "".join(f"{used.characters.index(each):0{used.bits}b}" for each in text) if used.bits else number(text)
    return f"{place:03b}{length}{body}"


def pair_bits(name: str, value: str) -> str:
    key = "".join(f"{ALPHABET.index(each):06b}" for each in name)
    return f"1111{len(name):07b}{key}{coded(value, f'{len(value):07b}')}"
