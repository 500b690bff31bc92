"""What a request asks for: the identifier in its address, read strictly, and what goes with it.

- The address is read as it was sent; a slash at its end is no mistake, a short GTIN is read as the one it means, and so
  are the words of old versions (`/gtin/…/lot/…`).
- A compressed identifier is read as the one it stands for, whole or behind its key; what else it holds counts as if it
  stood in the query.
- Attributes (`?17=…`) are judged as the path is; any other name in the query is not GS1's, and is passed on.
- *Levels*: the identifier itself and each that it is a part of, the finest first: a lot, then its product.

    asked(request).levels  ->  ((("01", …), ("10", …)), (("01", …),))

GS1 Digital Link Standard: URI Syntax; GS1-Conformant Resolver Standard, "extract and syntactically validate".
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from starlette.requests import Request

from api.settings import Settings
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.decompress import looks_compressed, uncompressed
from schemas.gs1.digital_link import CANONICAL_STEM, WORDS, escape, parse
from schemas.gs1.keys import PRIMARY, Elements

LINK_TYPE = "linkType"
HEADS = (*sorted(PRIMARY), *WORDS)
"""The first segments of the addresses that a resolver answers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An identifier under this server's own address (`base`), its levels, and the query that is passed on.

    `same_as`: the Digital Link that a compressed one stands for; empty where it was not compressed.
    """

    base: str
    levels: tuple[Elements, ...]
    query: tuple[tuple[str, str], ...]
    link_type: str
    same_as: str = ""

    @property
    def address(self) -> str:
        """The uncompressed Digital Link that was asked for, here."""
        return address(self.base, self.levels[0])


def asked(request: Request, settings: Settings) -> Asked:
    """What a request asks for; `InputError`: those of `digital_link.parse` and `decompress.uncompressed`."""
    base = base_of(request, settings)
    query = request.scope["query_string"].decode("latin-1")
    # By whatever name or address this server is reached, it is the path that identifies.
    uri, same_as = CANONICAL_STEM + sent_path(request), ""
    if looks_compressed(uri):
        plain = uncompressed(uri)
        same_as = base + plain.removeprefix(CANONICAL_STEM)
        uri, _, inside = plain.partition("?")
        query = "&".join(filter(None, (inside, query)))
    own = _gs1(query)
    link = parse(uri + (f"?{own}" if own else ""), lenient=True)
    levels = tuple(link.path[:length] for length in range(len(link.path), _least(link.path) - 1, -1))
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    types = [value for name, value in pairs if name == LINK_TYPE]
    passed = tuple((name, value) for name, value in pairs if name != LINK_TYPE)
    return Asked(base, levels, passed, types[-1] if types else "", same_as)


def _least(path: Elements) -> int:
    """How many elements name something: whom to pay (415) is nothing without the slip's number."""
    return 2 if path[0][0] == "415" else 1


def base_of(request: Request, settings: Settings) -> str:
    """The address of this server, without a slash at its end."""
    return settings.base_url or f"{request.url.scheme}://{request.url.netloc}"


def sent_path(request: Request) -> str:
    """The path of a request as it was sent, without a slash at its end."""
    raw: bytes = request.scope.get("raw_path") or quote(request.url.path).encode("ascii")
    return raw.decode("latin-1").partition("?")[0].rstrip("/")


def _gs1(query: str) -> str:
    """The attributes of a query alone: what else stands there may hold what a Digital Link may not."""
    return "&".join(item for item in query.split("&") if item.partition("=")[0].isdigit())


def address(base: str, path: Elements) -> str:
    """The Digital Link of an identifier under an address."""
    return "/".join([base, *(part for ai, value in path for part in (ai, escape(value)))])


def canonical(path: Elements) -> str:
    """The canonical URI by which the ledger knows it: without a variant, and without the lot beside a serial number."""
    return canonical_uri(address(CANONICAL_STEM, path))
