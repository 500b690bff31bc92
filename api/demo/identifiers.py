"""The identifiers of the demonstration, all under GS1's demonstration prefix 952 (GS1 General Specifications 1.4.4).

gtin("9521001", 101)  ->  "09521001001017"
"""

from schemas.gs1.check_digit import check_digit

DIGITAL_LINK = "https://id.gs1.org"


def gtin(prefix: str, item: int) -> str:
    """A GTIN-14 with indicator 0 from a seven-digit company prefix and an item reference."""
    body = f"0{prefix}{item:05d}"
    return body + check_digit(body)


def gln(prefix: str, location: int) -> str:
    """A GLN from a seven-digit company prefix and a location reference."""
    body = f"{prefix}{location:05d}"
    return body + check_digit(body)


def lot(prefix: str, item: int, name: str) -> str:
    """The Digital Link of a lot: GTIN and batch."""
    return f"{DIGITAL_LINK}/01/{gtin(prefix, item)}/10/{name}"


def sscc(prefix: str, serial: int) -> str:
    """The Digital Link of a logistic unit, extension digit 3."""
    body = f"3{prefix}{serial:09d}"
    return f"{DIGITAL_LINK}/00/{body}{check_digit(body)}"


def place(prefix: str, location: int) -> str:
    """The Digital Link of a physical location."""
    return f"{DIGITAL_LINK}/414/{gln(prefix, location)}"


def party(prefix: str) -> str:
    """The Digital Link of a party: the GLN of its location 1."""
    return f"{DIGITAL_LINK}/417/{gln(prefix, 1)}"
