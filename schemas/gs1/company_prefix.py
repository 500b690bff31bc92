"""GS1 company prefixes: how long the licensed part of a key is, which only the licence tells.

- An EPC URN sets the prefix apart, a Digital Link does not: without the licence a Digital Link stays one.
- The prefixes come from the members (`--company-prefix`, several allowed); the longest that fits counts.
- No table of the world's prefixes is kept here: it would be out of date, and a wrong guess makes a wrong URN.

    CompanyPrefixes(("9521234",)).length((("01", "19521234543210"),))  ->  7

GS1 General Specifications, section 1.4.4; EPC Tag Data Standard, section 7.
"""

from dataclasses import dataclass

from schemas.errors import InputError
from schemas.gs1.check_digit import is_digits
from schemas.gs1.keys import Elements

# Where the prefix begins in the primary value: after an extension, indicator or filler digit.
_AFTER_ONE = frozenset({"00", "01", "8003", "8006"})


def is_prefix(text: str) -> bool:
    """Whether a licence can say this: 4 to 12 digits."""
    return is_digits(text) and 4 <= len(text) <= 12


@dataclass(frozen=True, slots=True)
class CompanyPrefixes:
    """The company prefixes that are known here, each 4 to 12 digits; `InputError("company-prefix")` for others."""

    prefixes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no licence can say."""
        for prefix in self.prefixes:
            if not is_prefix(prefix):
                raise InputError("company-prefix", value=prefix[:40])

    def length(self, elements: Elements) -> int | None:
        """The number of digits of the prefix of this key, or None when no known prefix fits."""
        ai, value = elements[0]
        digits = value[1:] if ai in _AFTER_ONE else value
        return max((len(prefix) for prefix in self.prefixes if digits.startswith(prefix)), default=None)


NO_PREFIXES = CompanyPrefixes()
