"""What a MATCH parameter names: one thing, or everything that a pattern or a class covers.

- `urn:epc:idpat:…` is a pattern whose last parts may be `*`. A class (a GTIN, a GRAI without its serial) is the same
  as the pattern with its serial open, in either spelling, so a query in URN finds what came as a Digital Link.
- A pattern finds what its own scheme names: `sgtin` items and the GTIN itself, `lgtin` lots. A company prefix has no
  check digit and no indicator before it, so one pattern may be ten beginnings.
- Everything else matches what is equal to it once both are canonical.

*Beginning*: how every canonical URI that is covered begins. *Tail*: what stands at a fixed place behind the key.

    pattern("urn:epc:idpat:sgtin:9521234.154321.*").covers("https://id.gs1.org/01/19521234543210/21/7")  ->  True

EPCIS 2.0 section 8.2.7.1.1; EPC Tag Data Standard 1.13, section 8 (pure identity patterns).
"""

import re
from dataclasses import dataclass

from schemas.errors import InputError
from schemas.gs1 import epc_urn
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.check_digit import check_digit, is_digits
from schemas.gs1.digital_link import CANONICAL_STEM, escape, unescape

_PATTERN = re.compile(r"urn:epc:(?:idpat|classpat):([a-z]+):(.+)", re.DOTALL)
_DIGITS = "0123456789"
# Classes in canonical form: the primary code, and how long its value is while no serial follows.
_CLASS = re.compile(
    rf"{re.escape(CANONICAL_STEM)}/(?:(01)/([0-9]{{14}})|(8003)/([0-9]{{14}})|(253|255)/([0-9]{{13}})"
    r"|(8010)/([^/]+)|(8006)/([0-9]{18}))"
)
_CLASS_TAILS = {"01": ("", "/21/"), "8010": ("", "/8011/"), "8006": ("", "/21/")}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is covered: the one URI `exact`, or all that begin so and have one of the `tails` at `tail_at` characters.

    An empty tail stands for the end of the URI; without tails anything may follow.
    """

    exact: str = ""
    beginnings: tuple[str, ...] = ()
    tail_at: int = 0
    tails: tuple[str, ...] = ()

    def covers(self, uri: str) -> bool:
        """Whether a canonical URI is covered."""
        if self.exact:
            return uri == self.exact
        if not uri.startswith(self.beginnings):
            return False
        rest = uri[self.tail_at :]
        return not self.tails or any(rest.startswith(tail) if tail else not rest for tail in self.tails)


def pattern(text: str) -> Pattern:
    """The pattern a text names, in URN or Digital Link; `InputError`: `pattern`, and those of `epc_urn.read`."""
    match = _PATTERN.fullmatch(text)
    if match is not None:
        return _of_urn(text, match[1], match[2].split("."))
    uri = canonical_uri(text)
    kind = _CLASS.fullmatch(uri)
    if kind is None:
        return Pattern(uri)
    code = next(group for group in kind.groups()[::2] if group)
    return Pattern("", (uri,), len(uri), _CLASS_TAILS.get(code, ()))


def _of_urn(text: str, scheme: str, parts: list[str]) -> Pattern:
    fixed = [part for part in parts if part != "*"]
    if len(fixed) == len(parts) or parts[: len(fixed)] != fixed or any("*" in part for part in fixed):
        raise InputError("pattern", value=text[:200])
    if scheme in epc_urn.OTHER_SCHEMES:
        return Pattern("", (f"urn:epc:id:{scheme}:" + "".join(f"{part}." for part in fixed),))
    shape = _SHAPES.get(scheme)
    if shape is None or len(parts) != shape.parts:
        raise InputError("pattern", value=text[:200])
    if fixed and not (is_digits(fixed[0]) and 6 <= len(fixed[0]) <= 12):
        raise InputError("urn-prefix", value=text[:200])
    return shape.pattern(text, fixed)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a scheme becomes a canonical URI. `indicator`: its reference's first digit stands before the prefix.
    `before`: digits in front of all. `body`: digits without the check digit, 0 for a key that has none."""

    ai: str
    parts: int
    body: int
    indicator: bool = False
    before: str = ""
    tails: tuple[str, ...] = ()

    def pattern(self, text: str, fixed: list[str]) -> Pattern:
        """The pattern whose first parts are these."""
        stem = f"{CANONICAL_STEM}/{self.ai}/{self.before}"
        tail_at = len(stem) + self.body + 1 if self.tails else 0
        if not fixed:
            return Pattern("", (stem,), tail_at, self.tails)
        if len(fixed) == 1:
            marks = _DIGITS if self.indicator else ("",)
            return Pattern("", tuple(f"{stem}{mark}{fixed[0]}" for mark in marks), tail_at, self.tails)
        beginning = stem + self._key(text, fixed)
        if not self.body:
            return Pattern("", (beginning,), len(beginning), ("", "/8011/"))
        return Pattern("", (beginning,), tail_at, self.tails)

    def _key(self, text: str, fixed: list[str]) -> str:
        """The key that prefix and reference make, its check digit added, and what else is fixed behind it."""
        prefix, reference, *rest = fixed
        if not self.body:
            return prefix + escape(unescape(reference))
        whole = reference[:1] + prefix + reference[1:] if self.indicator else prefix + reference
        if not is_digits(reference or "0") or len(whole) != self.body - len(self.before):
            raise InputError("urn-length", value=text[:200], part=reference[:40], expected=self.body - len(prefix))
        return whole + check_digit(self.before + whole) + "".join(rest)


_SHAPES = {
    "sgtin": _Shape("01", 3, 13, indicator=True, tails=("", "/21/")),
    "lgtin": _Shape("01", 3, 13, indicator=True, tails=("/10/",)),
    "upui": _Shape("01", 3, 13, indicator=True, tails=("/235/",)),
    "itip": _Shape("8006", 5, 13, indicator=True),
    "sscc": _Shape("00", 2, 17, indicator=True),
    "sgln": _Shape("414", 3, 12, tails=("", "/254/")),
    "pgln": _Shape("417", 2, 12),
    "grai": _Shape("8003", 3, 13, before="0"),
    "gdti": _Shape("253", 3, 12),
    "sgcn": _Shape("255", 3, 12),
    "giai": _Shape("8004", 2, 0),
    "ginc": _Shape("401", 2, 0),
    "gsin": _Shape("402", 2, 16),
    "gsrn": _Shape("8018", 2, 17),
    "gsrnp": _Shape("8017", 2, 17),
    "cpi": _Shape("8010", 3, 0),
}
