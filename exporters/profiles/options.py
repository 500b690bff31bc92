"""Values that a profile's file may give an option: one of a list, refused with all of them where it is another.

one_of("times", value, ("milliseconds",))
"""

from collections.abc import Sequence
from typing import Any

from schemas.errors import InputError


def one_of(option: str, value: Any, allowed: Sequence[str]) -> str:
    """The value; `InputError("profile-option")` naming the option and what it may say."""
    if not isinstance(value, str) or value not in allowed:
        raise unknown(option, value, allowed)
    return value


def unknown(option: str, value: Any, allowed: Sequence[str]) -> InputError:
    """The error of an option, or a value, that is none."""
    return InputError("profile-option", option=option, value=str(value)[:80], allowed=", ".join(allowed))
