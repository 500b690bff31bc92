"""`/ufficio/spedizioni`: what went, newest first; the papers and labels of one shipment, or what they lack.

- Before anything is made the page says what is missing, who fills it, and where; a file is whole, or there is none.
- A delivery note's number is taken when it is asked for, and recorded by a correction of the shipment: printed again it
  is the same, and asked for again before it was recorded it is the same too.

docs/adr/0068-corrections-and-papers-of-the-office.md; docs/adr/0052-numbers-are-taken-before-they-are-recorded.md.
"""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api import corrections
from api.pages.office.filling import lines
from api.pages.office.frame import office_page
from api.pages.office.records import (
    day_window,
    found_in,
    member_names,
    named_place,
    place_in,
    record_page,
    row_of,
)
from api.pages.shell.files import file_answer
from api.pages.shell.visit import Visit, door
from api.problems import status_of
from api.records import Record
from api.records import shown as shown_events
from api.verbs import label as labels
from api.verbs import number
from api.verbs.events import find_events
from api.verbs.export import export, lacking
from api.verbs.export_bundle import may_know
from api.verbs.master import list_things
from exporters.facts.journey import code_of
from exporters.facts.shipping import document
from exporters.format import Missing, MissingData
from exporters.labels.kinds import MEDIA, Suffix
from ledger.audience import buyer
from ledger.lots.step import Step
from ledger.lots.stock import is_unit
from ledger.lots.weeks import ROME
from schemas.epcis.event import EventDict
from schemas.epcis.instant import instant
from schemas.epcis.query import parse_query
from schemas.errors import InputError, LedgerError
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Json
from schemas.wording import LANGUAGES, Language, explain

SHIPMENTS = "/ufficio/spedizioni"
PAPERS = ("ddt", "ubl-despatch", "ddt-agid")
UNIT_LABELS, LOT_LABELS = ("logistic",), ("case", "consumer", "consumer-small")
SUFFIXES: tuple[Suffix, ...] = ("pdf", "zpl", "png")
_PAGE, _ROUNDS, _CUSTOMERS, _MOST_THINGS = 30, 10, 500, 12
_ENDS = ("owning_party", "possessing_party")


def shipments(visit: Visit) -> Response:
    """The list, of a day or of a customer where one was asked for."""
    try:
        rows, following, end = _listed(visit)
    except InputError as error:
        return _list(visit, [], "", "", error)
    return _list(visit, rows, following, end)


def shipment(visit: Visit) -> Response:
    """One shipment, with what can be printed of it."""
    return _page(visit, _found(visit))


def take_number(visit: Visit) -> Response:
    """Take the delivery note's number, and record it."""
    found = _found(visit)
    try:
        corrections.fit(visit.node, found, member=visit.caller.member)
        if _notes(found.step):
            raise InputError("shipment-numbered", document=document(_notes(found.step)[0]).number)
        event, text = _numbered(visit, found)
        done = corrections.correct(
            visit.node, found, event, member=visit.caller.member, key=visit.caller.key, why=f"DDT {text}"
        )
    except InputError as error:
        return record_page(visit, found_in(visit), error)
    return visit.to(f"{SHIPMENTS}/{done.index}", fatto="numero")


def paper(visit: Visit) -> Response:
    """The delivery note, on paper or for a program."""
    found, format = _found(visit), visit.text("format", 20)
    notes = _notes(found.step)
    if format not in PAPERS or not notes:
        return _page(visit, found)
    try:
        with visit.turn():
            made = export(
                visit.node, format, (), audience=visit.audience, to=buyer(), language=_spoken(visit),
                document=notes[0], knows=may_know(visit.node, visit.audience),
            )  # fmt: skip
    except LedgerError as error:
        return _page(visit, found, error)
    return file_answer(made.data, made.media_type, f"{format}-{document(notes[0]).number}.{made.suffix}")


def label(visit: Visit) -> Response:
    """A label of something that goes."""
    found = _found(visit)
    kind, _, suffix = visit.text("as", 30).partition(".")
    of = next((uri for uri in _things(found.step) if uri == visit.text("of")), None)
    if of is None or kind not in (*UNIT_LABELS, *LOT_LABELS) or suffix not in SUFFIXES:
        return _page(visit, found)
    copies = visit.text("copie", 4) or "1"
    try:
        if not (copies.isascii() and copies.isdigit()):
            raise InputError("parameter-value", name="copie", allowed="1–1000")
        with visit.turn():
            made = labels.label(
                visit.node, kind, of, suffix=suffix, audience=visit.audience, language=_spoken(visit),
                copies=1 if suffix == "png" else int(copies),
                net_weight=visit.text("peso", 12).replace(",", ".") or None,
                knows=may_know(visit.node, visit.audience),
            )  # fmt: skip
    except LedgerError as error:
        return _page(visit, found, error)
    return file_answer(made.data, MEDIA[suffix], f"{kind}-{code_of(of)}.{suffix}")


def routes() -> list[BaseRoute]:
    """The pages of shipments."""
    one = f"{SHIPMENTS}/{{index:int}}"
    return [
        door(SHIPMENTS, "shipments", shipments),
        door(one, "shipments", shipment),
        door(f"{one}/numero", "correct", take_number, method="POST", back=SHIPMENTS),
        door(f"{one}/documento", "shipments", paper),
        door(f"{one}/etichetta", "label", label),
    ]


def _found(visit: Visit) -> Record:
    """The shipment that the address names. `InputError`: `record-unknown`, `shipment-unknown`."""
    found = found_in(visit)
    if found.step.dealing != "ships" or found.declares:
        raise InputError("shipment-unknown", index=found.index)
    return found


def _page(visit: Visit, found: Record, error: LedgerError | None = None) -> Response:
    notes = _notes(found.step)
    own = found.answer.member == visit.caller.member
    spoken = _spoken(visit)
    if error is None and not found.counts:
        error = InputError("shipment-not-standing")
    papers, things, problem = {}, [], error
    if found.counts:
        try:
            with visit.turn():
                papers = _lacking(visit, notes[0]) if notes else {}
                things = [_thing(visit, found, uri) for uri in _things(found.step)[:_MOST_THINGS]]
        except LedgerError as refused:
            problem = problem or refused
    wanted = error.missing if isinstance(error, MissingData) else ()
    return office_page(
        visit, "shipment.html", status=422 if wanted else status_of(error) if error else 200,
        found=found, title=row_of(visit, found.answer, found.step, found.names, member_names(visit)),
        customer=_customer(found.step, found.names), note=document(notes[0]).number if notes else "",
        notes=[document(each).number for each in notes], own=own, may_number=own and not notes and visit.may("correct"),
        papers=[(name, _lines(visit, found, lacks)) for name, lacks in papers.items()],
        things=things, more=max(0, len(_things(found.step)) - _MOST_THINGS), suffixes=SUFFIXES, spoken=spoken,
        problem=explain(problem, visit.language) if problem else "", wanted=_lines(visit, found, wanted),
        counting=[each.index for each in found.history if each.counts and each.index != found.index],
        done=visit.text("fatto") == "numero", may_label=visit.may("label"), copies=visit.text("copie", 4) or "1",
        weight=visit.text("peso", 12),
    )  # fmt: skip


def _lacking(visit: Visit, note: str) -> dict[str, Any]:
    return lacking(
        visit.node, PAPERS, note, audience=visit.audience, to=buyer(), language=_spoken(visit)
    )  # fmt: skip


def _thing(visit: Visit, found: Record, uri: str) -> dict[str, Any]:
    """A lot or unit that goes, with the labels that it can have, and what each lacks."""
    chosen = UNIT_LABELS if is_unit(uri) else LOT_LABELS
    asked = labels.lacking(visit.node, chosen, uri, audience=visit.audience, language=visit.language)
    kinds = []
    for kind, lacks in asked.items():
        # Sold by weight: that one is typed beside the button.
        weighed = not isinstance(lacks, InputError) and any(each.element == "netWeight" for each in lacks)
        rest = () if isinstance(lacks, InputError) else tuple(each for each in lacks if each.element != "netWeight")
        kinds.append(
            {"kind": kind, "weighed": weighed, "lines": _lines(visit, found, rest),
             "refused": explain(lacks, visit.language) if isinstance(lacks, InputError) else ""}
        )  # fmt: skip
    return {"uri": uri, "code": code_of(uri), "name": found.names.get(uri, ""), "unit": is_unit(uri), "kinds": kinds,
            "weighed": any(each["weighed"] for each in kinds)}  # fmt: skip


def _numbered(visit: Visit, found: Record) -> tuple[EventDict, str]:
    """The shipment with the number that is taken for it, the same however often and whoever asks."""
    at = instant(found.step.at or 0).astimezone(ROME)
    taken = number.take(
        visit.node, member=visit.caller.member or "", year=at.year, reference=found.history[0].answer.event_id[:200]
    )
    listed = found.event.get("bizTransactionList")
    papers: list[Json] = list(listed) if isinstance(listed, list) else []
    papers.append({"type": "desadv", "bizTransaction": taken.uri})
    return {**found.event, "bizTransactionList": papers}, taken.text


def _listed(visit: Visit) -> tuple[list[dict[str, Any]], str, str]:
    """A page of own shipments that stand, where the next begins, and by which end the customer was found."""
    end = visit.text("fine", 20)
    for chosen in [end] if end in _ENDS else _ENDS:
        rows, following = _rows(visit, chosen)
        if rows or not visit.text("cliente"):
            return rows, following, chosen
    return [], "", ""


def _rows(visit: Visit, end: str) -> tuple[list[dict[str, Any]], str]:
    query: dict[str, Sequence[str]] = {
        "EQ_bizStep": ["shipping"], "orderBy": ["eventTime"], "orderDirection": ["DESC"]
    }  # fmt: skip
    if visit.text("giorno"):
        query |= day_window(visit.text("giorno"))
    if visit.text("cliente"):
        query[f"EQ_destination_{end}"] = [visit.text("cliente")]
    place, members, rows = place_in(visit.text("dopo")), member_names(visit), list[dict[str, Any]]()
    for _ in range(_ROUNDS):
        found = find_events(visit.node, parse_query(query), audience=visit.audience, limit=_PAGE, after=place)
        for answer, step, names in shown_events(visit.node, found.indexes, audience=visit.audience):
            if step.stands and visit.caller.member in (None, answer.member):
                notes = [document(uri).number for uri in _notes(step)]
                rows.append(
                    row_of(visit, answer, step, names, members) | {"notes": notes, "customer": _customer(step, names)}
                )
        place = found.next
        if place is None or len(rows) >= _PAGE:
            break
    return rows, named_place(place)


def _list(
    visit: Visit, rows: list[dict[str, Any]], following: str, end: str, error: InputError | None = None
) -> Response:
    asked = {"giorno": visit.text("giorno"), "cliente": visit.text("cliente")}
    return office_page(
        visit, "shipments.html", status=status_of(error) if error else 200, rows=rows, following=following, end=end,
        asked=asked, customers=_customers(visit), problem=explain(error, visit.language) if error else "",
    )  # fmt: skip


def _customers(visit: Visit) -> list[tuple[str, str]]:
    """The parties that have a name: URI and name, by name."""
    things, _ = list_things(visit.node, audience=visit.audience, type="party", limit=_CUSTOMERS)
    named = {canonical_uri(str(each.content["id"])): str(each.content.get("name") or "") for each in things}
    return sorted(((uri, name) for uri, name in named.items() if name), key=lambda item: item[1].casefold())


def _lines(visit: Visit, found: Record, missing: Sequence[Missing]) -> list[dict[str, Any]]:
    """What is missing, each with where it can be filled, for the day in Italy on which it went."""
    day = f"{instant(found.step.at or 0).astimezone(ROME):%Y-%m-%d}"
    return lines(missing, found.index, day, visit.language)


def _customer(step: Step, names: Any) -> str:
    """To whom it goes, by name, else by GLN."""
    to = dict(reversed(step.destinations))
    uri = next((to[end] for end in (*_ENDS, "location") if end in to), "")
    return names.get(uri) or uri.rpartition("/")[2]


def _notes(step: Step) -> list[str]:
    return [uri for kind, uri in step.transactions if kind == "desadv"]


def _things(step: Step) -> list[str]:
    """What goes, each once: units before lots."""
    moved = dict.fromkeys(flow.uri for flow in step.flows if flow.role in ("moved", "used"))
    return sorted(moved, key=lambda uri: not is_unit(uri))


def _spoken(visit: Visit) -> Language:
    """The language of a paper, which is whoever's who reads it: Italian, where nothing else is chosen."""
    return next((each for each in LANGUAGES if each == visit.text("lingua", 2)), "it")
