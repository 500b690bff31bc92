"""What a request asks for: the identifier in its address, read strictly, and what goes with it.

- The address is read as it was sent; a slash at its end is no mistake, and a short GTIN is read as the one it means.
- Attributes (`?17=…`) are judged as the path is; any other name in the query is not GS1's, and is passed on.
- *Levels*: the identifier itself and each that it is a part of, the finest first: a lot, then its product.

    asked(request).levels  ->  ((("01", …), ("10", …)), (("01", …),))

GS1 Digital Link Standard: URI Syntax; GS1-Conformant Resolver Standard, "extract and syntactically validate".
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from starlette.requests import Request

from api.settings import Settings
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.digital_link import escape, parse
from schemas.gs1.keys import PRIMARY, Elements

LINK_TYPE = "linkType"
HEADS = tuple(sorted(PRIMARY))
"""The first segments of the addresses that a resolver answers."""
_DIGITS_OF_A_BYTE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """An identifier under this server's own address (`base`), its levels, and the query that is passed on."""

    base: str
    levels: tuple[Elements, ...]
    query: tuple[tuple[str, str], ...]
    link_type: str

    @property
    def address(self) -> str:
        """The uncompressed Digital Link that was asked for, here."""
        return address(self.base, self.levels[0])


def asked(request: Request, settings: Settings) -> Asked:
    """What a request asks for; `InputError`: those of `digital_link.parse`."""
    base = settings.base_url or f"{request.url.scheme}://{request.url.netloc}"
    raw: bytes = request.scope.get("raw_path") or quote(request.url.path).encode("ascii")
    sent: bytes = request.scope["query_string"]
    query = sent.decode("latin-1")
    path = raw.decode("latin-1").partition("?")[0].rstrip("/")
    link = parse(base + path + (f"?{_gs1(query)}" if query else ""), lenient=True)
    levels = tuple(link.path[:length] for length in range(len(link.path), 0, -1))
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    types = [value for name, value in pairs if name == LINK_TYPE]
    passed = tuple((name, value) for name, value in pairs if name != LINK_TYPE)
    return Asked(base, levels, passed, types[-1] if types else "")


def _gs1(query: str) -> str:
    """The attributes of a query alone: what else stands there may hold what a Digital Link may not."""
    return "&".join(item for item in query.split("&") if item.partition("=")[0].isdigit())


def address(base: str, path: Elements) -> str:
    """The Digital Link of an identifier under an address."""
    return "/".join([base, *(part for ai, value in path for part in (ai, escape(value)))])


def canonical(path: Elements) -> str:
    """The canonical URI by which the ledger knows it: without a variant, and without the lot beside a serial number."""
    return canonical_uri(address("https://id.gs1.org", path))


def compressed(text: str) -> bool:
    """Does a path look like a compressed Digital Link? It begins with the digits of a key in half bytes."""
    # KNOWN LIMIT: such an identifier is explained and not read; docs/limits.md.
    try:
        first = base64.urlsafe_b64decode(text[:4] + "=" * (-len(text[:4]) % 4))[:2]
    except (binascii.Error, ValueError):
        return False
    halves = [half for byte in first for half in (byte >> 4, byte & 15)]
    digits = "".join(str(half) for half in halves[:4] if half < _DIGITS_OF_A_BYTE)
    return (
        len(text) >= _DIGITS_OF_A_BYTE
        and text.replace("-", "").replace("_", "").isalnum()
        and (halves[0] < _DIGITS_OF_A_BYTE and any(digits.startswith(key) for key in PRIMARY))
    )


def unanswered(values: Mapping[str, str]) -> InputError:
    """The refusal of an address that is none of ours: a compressed one is explained."""
    text = values["compressed"]
    return (
        InputError("dl-compressed", value=text[:40])
        if compressed(text)
        else InputError("resource-missing", path=f"/{text[:80]}")
    )
