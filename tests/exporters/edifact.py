"""The directory of UN/EDIFACT as judge of a message: which segments in which order, which elements of which length."""

from collections.abc import Iterator, Sequence
from functools import cache
from xml.etree.ElementTree import Element, parse

from schemas.syntax.edifact import Segment
from tests.official import official

_FOLDER = "retail/edifact/"


@cache
def tree(directory: str) -> Element:
    """A message of a directory: `D96A_desadv`."""
    return parse(official(f"{_FOLDER}{directory}.xml")).getroot()


def faults(message: Sequence[Segment]) -> list[str]:
    """What a DESADV message, UNH to UNT, has against D.96A."""
    end, found = _group(list(tree("D96A_desadv")), message, 0)
    rest = [f"{said.tag} at {end + 1} has no place" for said in message[end : end + 1]]
    return [*found, *rest, *(fault for said in message for fault in _segment(said))]


def _group(parts: Sequence[Element], message: Sequence[Segment], at: int) -> tuple[int, list[str]]:
    faults: list[str] = []
    for part in parts:
        if part.tag == "defaults":
            continue
        inside = list(part) if part.tag == "group" else [part]
        count = 0
        while at < len(message) and message[at].tag == inside[0].get("id"):
            at, more = _group(inside[1:], message, at + 1)
            faults += more
            count += 1
        if count > int(part.get("maxrepeat", "1")) or (part.get("required") and not count):
            faults.append(f"{part.get('id')} stands {count} times before {at + 1}")
    return at, faults


def _segment(said: Segment) -> Iterator[str]:
    known = next((each for each in tree("D96A_segments") if each.get("id") == said.tag), None)
    if known is None:
        if said.tag not in ("UNH", "UNT"):
            yield f"{said.tag} is no segment"
        return
    if len(said.elements) > len(known):
        yield f"{said.tag} has too many elements"
    for number, part in enumerate(known):
        element = said.elements[number] if number < len(said.elements) else ()
        of = list(part) if part.tag == "composite_data_element" else [part]
        if part.get("required") and not element:
            yield f"{said.tag} lacks element {number + 1}"
        if len(element) > len(of):
            yield f"{said.tag} has too many components in element {number + 1}"
        for each, text in zip(of, (*element, *("",) * len(of)), strict=False):
            yield from _value(said.tag, each, text, whole=bool(element))


def _value(tag: str, of: Element, text: str, *, whole: bool) -> Iterator[str]:
    numeric = of.get("type") == "n"
    length = sum(map(str.isdigit, text)) if numeric else len(text)
    if length > int(of.get("maxlength", "0")):
        yield f"{tag}: {of.get('id')} is too long: {text}"
    if numeric and text and not text.replace(".", "", 1).lstrip("-").isdigit():
        yield f"{tag}: {of.get('id')} is no number: {text}"
    if of.get("required") and whole and not text:
        yield f"{tag} lacks {of.get('id')}"
