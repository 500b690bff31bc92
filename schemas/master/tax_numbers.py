"""Italian tax numbers, and VAT numbers of the Union: their form and their check characters.

- A *partita IVA* has eleven digits; the last makes the sum of the others a multiple of ten, every second one doubled
  and its digits added. A *codice fiscale* of a company is one too.
- A *codice fiscale* of a person has sixteen characters; the last follows from the others. Where two persons would have
  the same one, digits are written as letters (*omocodia*), which counts in the check character.
- A VAT number may carry its country. Of other countries only the form is judged: letters, then 2 to 12 characters.

    check_vat_number("IT00743110157");  check_tax_code("RSSMRA85T10A562S")

DPR 605/1973; DM 23 December 1976; Directive 2006/112/EC, article 215.
"""

import re

from schemas.errors import InputError
from schemas.gs1.check_digit import is_digits

_PERSON = re.compile(
    r"[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]", re.ASCII
)  # fmt: skip
_ABROAD = re.compile(
    r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[0-9A-Z+*]{2,12}"
)
# What a character weighs at an odd place, the first being odd; at an even place it weighs its own rank.
_ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True))
_ODD |= dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)


def check_vat_number(text: str) -> None:
    """`InputError`: `vat-number-form`, `wrong-check-digit`."""
    if _ABROAD.fullmatch(text):
        return
    _check_company(text.removeprefix("IT"), "vat-number-form", text)


def check_tax_code(text: str) -> None:
    """`InputError`: `tax-code-form`, `wrong-check-digit`, `wrong-check-letter`."""
    if is_digits(text):
        _check_company(text, "tax-code-form", text)
        return
    if not _PERSON.fullmatch(text):
        raise InputError("tax-code-form", value=text[:40])
    total = sum(_ODD[character] if place % 2 == 0 else _even(character) for place, character in enumerate(text[:15]))
    expected = chr(ord("A") + total % 26)
    if text[15] != expected:
        # Not the letter that is expected: with it anybody could complete the code of a person.
        raise InputError("wrong-check-letter", value=text[:6] + "…")


def _check_company(digits: str, code: str, text: str) -> None:
    if not is_digits(digits) or len(digits) != 11 or digits == "0" * 11:
        raise InputError(code, value=text[:40])
    total = sum(int(digit) if place % 2 == 0 else _doubled(int(digit)) for place, digit in enumerate(digits[:10]))
    expected = str(-total % 10)
    if digits[10] != expected:
        raise InputError("wrong-check-digit", value=text, expected=expected)


def _doubled(digit: int) -> int:
    return 2 * digit - 9 if digit > 4 else 2 * digit


def _even(character: str) -> int:
    return int(character) if character.isdigit() else ord(character) - ord("A")
