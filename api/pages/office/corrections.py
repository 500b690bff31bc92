"""`/ufficio/registrazioni/{n}/correggi` and `/ritira`: the office mends a record, or takes it back with a reason.

- What was typed stays, whatever is wrong; what is wrong stands beside its field.
- Who comes second is told what counts now, and loses nothing of what was typed.

docs/adr/0068-corrections-and-papers-of-the-office.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api import corrections
from api.corrections import REASONS, with_own_names
from api.pages.office.frame import office_page
from api.pages.office.leaves import MOST_LEAVES, UNITS, Leaf, filled, leaves, offered, shown
from api.pages.office.records import RECORDS, found_in, member_names, record_page, row_of
from api.pages.office.words_of_leaves import label, rows
from api.pages.shell.visit import Visit, door
from api.problems import status_of
from api.records import Record
from ledger.writer.gateway import DocumentRefused
from schemas.errors import InputError
from schemas.wording import explain, words


@dataclass(frozen=True, slots=True)
class Field:
    """A value as the form shows it: `wrong` is what is wrong with what was typed."""

    name: str
    label: str
    sort: str
    text: str
    wrong: str
    called: str


def correct_form(visit: Visit) -> Response:
    """What may be changed."""
    found = found_in(visit)
    try:
        corrections.fit(visit.node, found, member=visit.caller.member)
        _few(found)
    except InputError as error:
        return record_page(visit, found, error)
    return _form(visit, found)


def correct(visit: Visit) -> Response:
    """Record what is right instead, or show what is wrong with it."""
    found = found_in(visit)
    typed = {name: value for name, value in visit.form.items() if isinstance(value, str)}
    event, faults = filled(with_own_names(found.event), typed, visit.language)
    if faults:
        return _form(visit, found, faults=faults)
    try:
        done = corrections.correct(
            visit.node, found, event, member=visit.caller.member, key=visit.caller.key, why=visit.text("why", 2000)
        )
    except DocumentRefused as refused:
        return _form(visit, found, faults=_beside(refused), error=refused)
    except InputError as error:
        return _form(visit, found, error=error)
    return visit.to(f"{RECORDS}/{done.index}", fatto="corretta")


def withdraw_form(visit: Visit) -> Response:
    """Why it is withdrawn."""
    found = found_in(visit)
    try:
        corrections.fit(visit.node, found, member=visit.caller.member)
    except InputError as error:
        return record_page(visit, found, error)
    return _withdraw(visit, found)


def withdraw(visit: Visit) -> Response:
    """Declare the record wrong, with nothing instead."""
    found, reason = found_in(visit), visit.text("reason", 20)
    chosen = next((each for each in REASONS if each == reason), REASONS[0])
    try:
        corrections.withdraw(
            visit.node, found, chosen, visit.text("why", 2000), member=visit.caller.member, key=visit.caller.key
        )
    except InputError as error:
        return _withdraw(visit, found, error)
    return visit.to(f"{RECORDS}/{found.index}", fatto="ritirata")


def routes() -> list[BaseRoute]:
    """The pages of correcting."""
    one = f"{RECORDS}/{{index:int}}"
    return [
        door(f"{one}/correggi", "correct", correct_form),
        door(f"{one}/correggi", "correct", correct, method="POST"),
        door(f"{one}/ritira", "correct", withdraw_form),
        door(f"{one}/ritira", "correct", withdraw, method="POST"),
    ]


def _few(found: Record) -> None:
    count = len(leaves(found.event))
    if count > MOST_LEAVES:
        raise InputError("correction-too-large", index=found.index, count=count, limit=MOST_LEAVES)


def _beside(refused: DocumentRefused) -> dict[str, InputError]:
    """What is wrong with the event that is to be right, by the field that it is about."""
    own = [error for error in refused.errors if error.context.get("event") in (0, None)]
    return {str(error.context.get("member", "")): error for error in reversed(own)}


def _form(
    visit: Visit, found: Record, *, faults: Mapping[str, InputError] | None = None, error: InputError | None = None
) -> Response:
    event = with_own_names(found.event)
    faults = faults or {}
    there, lacking = leaves(event), list(offered(event))
    names = {leaf.name for leaf in (*there, *lacking)}
    loose = [explain(each, visit.language) for name, each in faults.items() if name not in names]
    return office_page(
        visit, "correct.html", status=status_of(error) if error else 400 if faults else 200,
        found=found, title=row_of(visit, found.answer, found.step, found.names, member_names(visit)),
        rows=list(_rows(visit, found, there, faults)), more=list(_rows(visit, found, lacking, faults)),
        why=visit.text("why", 2000), units=UNITS, unit_names=words(visit.language),
        problem=explain(error, visit.language) if error and not isinstance(error, DocumentRefused) else "",
        taken=error is not None and error.code == "correction-made",
        loose=loose, count=len(faults), open=any(leaf.name in visit.form and visit.form[leaf.name] for leaf in lacking),
        wanted=visit.text("campo", 60),
    )  # fmt: skip


def _rows(
    visit: Visit, found: Record, listed: Sequence[Leaf], faults: Mapping[str, InputError]
) -> Iterator[list[Field]]:
    for row in rows(listed):
        yield [_field(visit, found, leaf, faults.get(leaf.name)) for leaf in row]


def _field(visit: Visit, found: Record, leaf: Leaf, wrong: InputError | None) -> Field:
    text = visit.form.get(leaf.name, shown(leaf, found.event, visit.language))
    called: Any = found.names.get(str(leaf.value), "") if leaf.sort in ("thing", "place") else ""
    return Field(
        leaf.name, label(leaf, visit.language), leaf.sort, text if isinstance(text, str) else "",
        explain(wrong, visit.language) if wrong else "", called,
    )  # fmt: skip


def _withdraw(visit: Visit, found: Record, error: InputError | None = None) -> Response:
    return office_page(
        visit, "withdraw.html", status=status_of(error) if error else 200, found=found,
        title=row_of(visit, found.answer, found.step, found.names, member_names(visit)), reasons=REASONS,
        reason=visit.text("reason", 20) or REASONS[0], why=visit.text("why", 2000),
        problem=explain(error, visit.language) if error else "",
        missing=error is not None and error.code in ("correction-why", "correction-note"),
    )  # fmt: skip
