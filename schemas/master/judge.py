"""One version of a party, site, product or certificate judged: every place that is wrong, once, with its code.

- First by the table of terms: members, shapes, words, repetitions. Then by what members say together: an identifier and
  its number name the same thing, what is sold by the piece has a content, a certificate ends.
- The same judgement refuses what is added here and gives a signed entry its findings (ARCHITECTURE.md 3.4).

    problems({"type": "party", "id": "https://id.gs1.org/417/9521001000017", …})  ->  []
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schemas.epcis.event import Path, Problem, pointer
from schemas.gs1.canonical import canonical_uri
from schemas.master.shapes import check, shown
from schemas.master.terms import KINDS, OBJECTS, VESSELS, Field, fields
from schemas.master.validity import backwards, is_moment
from schemas.syntax.json_text import Json

Tree = Mapping[str, Any]
MOST_PROBLEMS = 100


def problems(tree: Json) -> list[Problem]:
    """Everything wrong with one version; empty where it may stand."""
    if not isinstance(tree, dict):
        return [_problem((), "member-not-object", {"value": shown(tree)})]
    kind = tree.get("type")
    if kind not in KINDS:
        code = "missing-member" if "type" not in tree else "not-in-list"
        return [_problem(("type",), code, {"name": "type", "value": shown(kind), "allowed": ", ".join(KINDS)})]
    found = list(_object((), fields(str(kind)), tree))
    if not found:
        found = [_problem(path, code, context) for path, code, context in _together(str(kind), tree)]
    return found[:MOST_PROBLEMS]


def _problem(path: Path, code: str, context: Mapping[str, Any]) -> Problem:
    member = pointer(*path)
    return Problem(code, None, member, {**context, "member": member or "/"})


def _object(path: Path, known: Mapping[str, Field], value: Tree) -> Iterator[Problem]:
    for name, item in value.items():
        field = known.get(name)
        if field is not None:
            yield from _value((*path, name), field, item)
        elif ":" not in name:
            near = ", ".join(sorted(known))
            yield _problem((*path, name), "master-member-unknown", {"name": name[:40], "known": near})
    for field in known.values():
        if field.required and field.name not in value:
            yield _problem((*path, field.name), "missing-member", {"name": field.name})


def _value(path: Path, field: Field, value: Any) -> Iterator[Problem]:
    if not field.many:
        yield from _one(path, field, value)
        return
    if not isinstance(value, list):
        yield _problem(path, "member-not-list", {"value": shown(value)})
        return
    if not value:
        yield _problem(path, "empty-list", {"limit": 1})
    for place, item in enumerate(value):
        if item in value[:place]:
            yield _problem((*path, place), "repeated-item", {"value": shown(item)})
        else:
            yield from _one((*path, place), field, item)


def _one(path: Path, field: Field, value: Any) -> Iterator[Problem]:
    if field.words:
        if value not in field.words:
            yield _problem(path, "not-in-list", {"value": shown(value), "allowed": ", ".join(field.words)})
    elif field.shape in OBJECTS:
        if isinstance(value, dict):
            yield from _object(path, fields(field.shape), value)
        else:
            yield _problem(path, "member-not-object", {"value": shown(value)})
    else:
        wrong = check(field.shape, value)
        if wrong is not None:
            yield _problem(path, *wrong)


# What members say together. Each rule gives (path, code, values).
Told = Iterator[tuple[Path, str, dict[str, Any]]]


def _together(kind: str, tree: Tree) -> Told:
    for rule in (_validity, _withdrawal, *_RULES[kind]):
        yield from rule(tree)


def _validity(tree: Tree) -> Told:
    begins, ends = tree["validFrom"], tree.get("validTo")
    if ends is not None and is_moment(ends) and backwards(begins, ends):
        yield ("validTo",), "valid-backwards", {"begins": begins, "ends": ends}


def _withdrawal(tree: Tree) -> Told:
    if tree.get("withdrawn") and "reason" not in tree:
        yield ("reason",), "withdrawn-without-reason", {}


def _named(name: str, ais: tuple[str, ...]) -> Callable[[Tree], Told]:
    """The identifier and the number are of the same thing, where both are GS1's."""

    def rule(tree: Tree) -> Told:
        uri, number = canonical_uri(tree["id"]), tree.get(name)
        for ai in ais:
            start = f"https://id.gs1.org/{ai}/"
            if uri.startswith(start):
                said = uri.removeprefix(start).split("/")[0]
                if number is not None and number != said:
                    yield (name,), "master-id-other", {"value": number, "expected": said}
                return
        if uri.startswith("https://id.gs1.org/"):
            yield ("id",), "master-id-kind", {"value": shown(tree["id"]), "expected": " / ".join(ais)}

    return rule


def _party(tree: Tree) -> Told:
    for path, text in ((("story",), tree.get("story")), (("picture", "alt"), tree.get("picture", {}).get("alt"))):
        if text is not None and not {"it", "en"} & set(text):
            yield path, "public-text-empty", {}


def _site(tree: Tree) -> Told:
    if "parent" in tree and canonical_uri(tree["parent"]) == canonical_uri(tree["id"]):
        yield ("parent",), "site-in-itself", {}
    if "mixing" in tree and tree["kind"] not in VESSELS:
        yield ("mixing",), "mixing-without-vessel", {"value": tree["kind"], "allowed": ", ".join(VESSELS)}
    if tree.get("area", {}).get("unit", "HAR") not in ("HAR", "MTK", "ACR"):
        yield ("area", "unit"), "not-in-list", {"value": tree["area"]["unit"], "allowed": "HAR, MTK, ACR"}


def _product(tree: Tree) -> Told:
    items: list[Tree] = tree.get("gtins", [])
    numbers = [item["gtin"] for item in items]
    uri = canonical_uri(tree["id"])
    own = uri.removeprefix("https://id.gs1.org/01/").split("/")
    if uri.startswith("https://id.gs1.org/"):
        if not uri.startswith("https://id.gs1.org/01/") or len(own) > 1:
            yield ("id",), "master-id-kind", {"value": shown(tree["id"]), "expected": "01"}
        elif items and own[0] not in numbers:
            yield ("gtins",), "product-gtin-missing", {"value": own[0]}
    for place, item in enumerate(items):
        number = item["gtin"]
        if numbers.index(number) != place:
            yield ("gtins", place, "gtin"), "repeated-item", {"value": number}
        if number.startswith("9") and tree["quantityType"] == "fixed":
            yield ("gtins", place, "gtin"), "product-variable-gtin", {"value": number}
        if item.get("contains", {}).get("gtin") == number:
            yield ("gtins", place, "contains"), "product-in-itself", {"value": number}
    if tree["quantityType"] == "fixed" and "netContent" not in tree:
        yield ("netContent",), "product-content-missing", {}


def _certificate(tree: Tree) -> Told:
    if "validTo" not in tree and not tree.get("withdrawn"):
        yield ("validTo",), "certificate-without-end", {}


_RULES: Mapping[str, tuple[Callable[[Tree], Told], ...]] = {
    "party": (_named("gln", ("417", "414")), _party),
    "site": (_named("gln", ("414",)), _site),
    "product": (_product,),
    "certificate": (_certificate,),
}
