"""`/ufficio/anagrafica`: what papers ask of parties, places and products, seen and said, a thing at a time.

- A thing is named by its identifier, its GTIN or GLN, or by its name, as what lacks it names it.
- What is written becomes a version of it, from the day that is said; from the day of the one before, it corrects that.
- What this page has no field for stays as it was.

docs/adr/0035-master-data-as-of-a-time.md; docs/adr/0068-corrections-and-papers-of-the-office.md.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages.office.frame import office_page
from api.pages.shell.times import day_of
from api.pages.shell.visit import Visit, door
from api.problems import status_of
from api.verbs.master import add, list_things
from ledger.readside.master import Stated
from ledger.writer.gateway import DocumentRefused
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.check_digit import verify_check_digit
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.master.terms import SITE_KINDS
from schemas.sheets.values import Reading, number
from schemas.syntax.json_text import Number, write
from schemas.wording import explain

MASTER = "/ufficio/anagrafica"
_ADDRESS = tuple(f"address.{each}" for each in ("street", "postalCode", "municipality", "region", "country"))
FIELDS: Mapping[str, tuple[str, ...]] = {
    "party": ("name", "vatNumber", "taxCode", "gln", *_ADDRESS),
    "site": ("name", "kind", *_ADDRESS),
    "product": ("name", "commodity", "brand", "netContent.value", "netContent.unit"),
}
_TYPES = {"417": "party", "414": "site", "01": "product"}
_MOST = 500
_DIGITS = re.compile(r"[0-9]{8,14}")


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing, known or not: `content` is what its own member says of it, `others` what somebody else does."""

    id: str
    type: str
    content: Mapping[str, Any]
    others: Mapping[str, Any]


def things(visit: Visit) -> Response:
    """Every thing that has a name, or the form of one."""
    text = visit.text("cosa", 300)
    if not text:
        return _list(visit)
    try:
        return _form(visit, _thing(visit, text))
    except InputError as error:
        return _list(visit, error)


def say(visit: Visit) -> Response:
    """Say of a thing what was typed."""
    thing = _thing(visit, visit.text("cosa", 300))
    try:
        content = _said(visit, thing)
        add(visit.node, write(content), name=thing.id, member=visit.caller.member, key=visit.caller.key)
    except DocumentRefused as refused:
        faults = {str(each.context.get("member", "")).strip("/").replace("/", "."): each for each in refused.errors}
        return _form(visit, thing, faults)
    except InputError as error:
        return _form(visit, thing, {str(error.context.get("member", "")): error})
    return visit.to(MASTER, cosa=thing.id, fatto="anagrafica")


def routes() -> list[BaseRoute]:
    """The pages about master data."""
    return [door(MASTER, "master", things), door(MASTER, "master.add", say, method="POST")]


def _thing(visit: Visit, text: str) -> Thing:
    """The thing that a text names; `InputError("correction-place")` for a name that nothing has."""
    known = [each for type in FIELDS for each in _all(visit, type)]
    found = [each for each in known if _names(each, text)]
    own = next((each for each in found if each.version.member == visit.caller.member), None)
    first = own or (found[0] if found else None)
    id, type = (str(first.content["id"]), str(first.content["type"])) if first else _new(text)
    others = next((each.content for each in found if each.version.member != visit.caller.member), {})
    return Thing(id, type, own.content if own else {}, others)


def _all(visit: Visit, type: str) -> list[Stated]:
    return list_things(visit.node, audience=visit.audience, type=type, limit=_MOST)[0]


def _names(each: Stated, text: str) -> bool:
    content = each.content
    listed = content.get("gtins")
    gtins = [str(item.get("gtin")) for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    uri = canonical_uri(text) if ":" in text else f"{CANONICAL_STEM}/01/{text.zfill(14)}"
    product = uri.partition("/10/")[0]
    return (
        canonical_uri(str(content.get("id"))) in (uri, product)
        or content.get("name") == text
        or any(product == f"{CANONICAL_STEM}/01/{gtin.zfill(14)}" for gtin in gtins)
    )


def _new(text: str) -> tuple[str, str]:
    """Identifier and type of a thing of which nobody said anything yet."""
    if _DIGITS.fullmatch(text):
        verify_check_digit(text)
        return f"{CANONICAL_STEM}/01/{text.zfill(14)}", "product"
    uri = canonical_uri(text).partition("/10/")[0] if ":" in text else ""
    key = uri.removeprefix(f"{CANONICAL_STEM}/").partition("/")[0]
    if key not in _TYPES:
        raise InputError("correction-place", value=text[:60])
    return uri, _TYPES[key]


def _said(visit: Visit, thing: Thing) -> dict[str, Any]:
    """The version that the form says, on what was said before."""
    content: dict[str, Any] = deepcopy(dict(thing.content)) or {"type": thing.type, "id": thing.id}
    content["validFrom"] = visit.text("dal", 30)
    for name in FIELDS[thing.type]:
        _set(content, name.split("."), _typed(visit, name))
    if thing.type == "product":
        content.setdefault("quantityType", "fixed" if "netContent" in content else "variable")
    return content


def _typed(visit: Visit, name: str) -> str | Number:
    text = visit.text(name)
    if not name.endswith(".value") or not text:
        return text
    try:
        return Number(f"{number(text, Reading(decimal=',' if visit.language == 'it' else '.')).amount:f}")
    except InputError as error:
        raise error.within(member=name) from None


def _set(content: dict[str, Any], path: list[str], value: str | Number) -> None:
    """Set a member, or take it out where nothing was typed."""
    if len(path) > 1:
        inner = dict(content.get(path[0]) or {})
        _set(inner, path[1:], value)
        content[path[0]] = inner
        if not inner:
            del content[path[0]]
    elif value:
        content[path[0]] = value
    else:
        content.pop(path[0], None)


def _list(visit: Visit, error: InputError | None = None) -> Response:
    rows = [
        (type, sorted((str(each.content.get("name") or each.content["id"]), str(each.content["id"])) for each in found))
        for type in FIELDS
        if (found := _all(visit, type))
    ]
    return office_page(
        visit, "things.html", status=status_of(error) if error else 200, rows=rows, asked=visit.text("cosa", 300),
        problem=explain(error, visit.language) if error else "",
    )  # fmt: skip


def _form(visit: Visit, thing: Thing, faults: Mapping[str, InputError] | None = None) -> Response:
    wrong = {name: explain(error, visit.language) for name, error in (faults or {}).items()}
    fields = list(_fields(visit, thing, wrong))
    today = day_of(int(visit.node.clock())).isoformat()
    return office_page(
        visit, "thing.html", status=400 if wrong else 200, thing=thing, fields=fields, kinds=SITE_KINDS,
        loose=[text for name, text in wrong.items() if name not in (*FIELDS[thing.type], "validFrom")],
        from_wrong=wrong.get("validFrom", ""), changes=visit.may("master.add") and visit.caller.member is not None,
        since=visit.form.get("dal") or str(thing.content.get("validFrom") or visit.text("dal", 30) or today),
        wanted=visit.text("campo", 40), done=visit.text("fatto") == "anagrafica",
    )  # fmt: skip


def _fields(visit: Visit, thing: Thing, wrong: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Name, what stands there, and what is wrong with it."""
    for name in FIELDS[thing.type]:
        said: Any = thing.content or thing.others
        for part in name.split("."):
            said = said.get(part, "") if isinstance(said, Mapping) else ""
        text = said.text if isinstance(said, Number) else str(said)
        typed = visit.form.get(
            name, text.replace(".", ",") if isinstance(said, Number) and visit.language == "it" else text
        )
        yield name, typed if isinstance(typed, str) else "", wrong.get(name, "")
