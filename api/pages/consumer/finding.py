"""`/lotto`: find a lot by what is printed on its pack; and what is said of one that is not here.

- Asked are the code as printed and the product, chosen from those of published lots or typed as its GTIN. A whole
  element string or Digital Link, as a scanner gives it, does for both.
- A code that names one published lot leads to its page. Else those that are near are shown; a product does not have to
  be chosen.
- A lot that is not here accuses nobody: the page says what that may mean.

    found = look(visit, "L-0412", "09520001000011")
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from api.pages.consumer.addresses import page_of
from api.pages.consumer.kept import MINUTE
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit
from ledger.lots.stock import product_of
from ledger.readside.introduced import versions
from ledger.readside.traced import likeness
from ledger.store import visibility
from schemas.errors import InputError
from schemas.gs1.canonical import tagged_object
from schemas.gs1.digital_link import CANONICAL_STEM, escape, pad_gtin
from schemas.gs1.recognise import recognise
from schemas.wording import explain

MOST_PRODUCTS = 200
_GTIN = f"{CANONICAL_STEM}/01/"
_DIGITS = 14
_PRODUCTS = "products"
_AROUND, _LIKE, _NEAR = 50, 0.5, 6


@dataclass(frozen=True, slots=True)
class Product:
    """A product of which lots are published. `name`: what its member calls it, or its GTIN."""

    gtin: str
    name: str


@dataclass(frozen=True, slots=True)
class Near:
    """A published lot that is like the one asked for."""

    code: str
    product: str
    address: str


def find(visit: Visit) -> Response:
    """The form, and what comes of it."""
    code, chosen = visit.text("code", 200), visit.text("product", 40)
    typed = visit.text("gtin", 40)
    if not code:
        return _form(visit, wrong="code-missing" if "code" in visit.request.query_params else "")
    products = listed(visit)
    try:
        wanted = asked(code, typed or chosen, products)
    except InputError as error:
        return _form(visit, products=products, wrong="code-wrong", why=error)
    published = _published(visit, wanted)
    if len(published) == 1:
        return visit.to(page_of(published[0]))
    if published:
        return _form(visit, products=products, near=_near(published, products), wrong="which")
    return _form(visit, products=products, near=_likes(visit, wanted, products), wrong="unknown", status=404)


def unknown(visit: Visit, uri: str) -> Response:
    """What is said of a lot that is not here."""
    products = listed(visit)
    return _form(visit, products=products, near=_likes(visit, [uri], products), wrong="unknown", status=404, uri=uri)


def asked(code: str, gtin: str, products: Sequence[Product]) -> list[str]:
    """The canonical URIs that a typed code may mean; `InputError` where it is no code, or the GTIN is none."""
    if code.startswith(("(", "]", "\x1d")) or "://" in code:
        found = tagged_object(recognise(code).digital_link)
        if found is None:
            raise InputError("lot-expected", value=code[:90])
        return [found]
    gtins = [pad_gtin(gtin.replace(" ", ""))] if gtin else [product.gtin for product in products]
    named = [recognise(f"{_GTIN}{each}/10/{escape(code)}").digital_link for each in gtins]
    if not named:
        recognise(f"{_GTIN}{'0' * _DIGITS}/10/{escape(code)}")
    return named


def listed(visit: Visit) -> Sequence[Product]:
    """The products of published lots, by name; listed once a minute, and when something is published or withdrawn."""
    with visit.node.store.read() as connection:
        mark = (*visibility.publication_mark(connection), int(visit.node.clock()) // MINUTE)
        state = visit.request.app.state
        kept: tuple[tuple[int, ...], Sequence[Product]] | None = getattr(state, _PRODUCTS, None)
        if kept is not None and kept[0] == mark:
            return kept[1]
        firsts = visibility.published_firsts(connection, _GTIN, _DIGITS, MOST_PRODUCTS)
        named = [(uri, visibility.publishers(connection, uri)) for uri in firsts]
    found = [Product(uri[len(_GTIN) : len(_GTIN) + _DIGITS], _name(visit, uri, members)) for uri, members in named]
    listed = tuple(sorted(found, key=lambda product: (product.name, product.gtin)))
    setattr(state, _PRODUCTS, (mark, listed))
    return listed


def first_lots(visit: Visit) -> Sequence[str]:
    """A published lot of each product (canonical URIs): the first of its codes."""
    with visit.node.store.read() as connection:
        return visibility.published_firsts(connection, _GTIN, _DIGITS, MOST_PRODUCTS)


def _name(visit: Visit, uri: str, members: Sequence[str]) -> str:
    """What the first of these members that names the product of its lot calls it; else the GTIN."""
    for iss in members:
        said = [each for each in versions(visit.node, iss, {product_of(uri)}) if each.type == "product"]
        with suppress(InputError):
            content: Mapping[str, Any] = (visit.node.entry(said[-1].index).content if said else None) or {}
            name = content.get("functionalName") or content.get("name")
            if isinstance(name, str):
                return name
    return uri[len(_GTIN) : len(_GTIN) + _DIGITS]


def _published(visit: Visit, wanted: Sequence[str]) -> list[str]:
    """Those of which everybody may know."""
    with suppress(InputError):
        visit.node.settled()
    with visit.node.store.read() as connection:
        return sorted(visibility.known_lots(connection, visit.access.everybody(), wanted))


def _likes(visit: Visit, wanted: Sequence[str], products: Sequence[Product]) -> list[Near]:
    """What is near the first few of them, of published lots alone: what is hidden near them changes nothing."""
    found: dict[str, float] = {}
    with visit.node.store.read() as connection:
        for each in wanted[:10]:
            for other in visibility.published_around(connection, each, _AROUND):
                found[other] = max(found.get(other, 0), likeness(each, other))
    best = sorted((-like, uri) for uri, like in found.items() if like >= _LIKE and uri.startswith(_GTIN))
    return _near([uri for _, uri in best[:_NEAR]], products)


def _near(uris: Sequence[str], products: Sequence[Product]) -> list[Near]:
    names = {product.gtin: product.name for product in products}
    return [
        Near(uri.rpartition("/")[2], names.get(uri[len(_GTIN) : len(_GTIN) + _DIGITS], ""), page_of(uri))
        for uri in uris
    ]


def _form(
    visit: Visit,
    *,
    products: Sequence[Product] | None = None,
    near: Sequence[Near] = (),
    wrong: str = "",
    why: InputError | None = None,
    status: int = 200,
    uri: str = "",
) -> Response:
    told = page(
        visit.request,
        "consumer",
        "find.html",
        status=status,
        products=listed(visit) if products is None else products,
        near=near,
        wrong=wrong,
        why=explain(why, visit.language) if why else "",
        code=visit.text("code", 200) or uri.rpartition("/")[2],
        chosen=visit.text("product", 40) or (uri[len(_GTIN) : len(_GTIN) + _DIGITS] if uri.startswith(_GTIN) else ""),
        typed=visit.text("gtin", 40),
    )
    told.headers["Vary"] = "Accept-Language"
    return told
