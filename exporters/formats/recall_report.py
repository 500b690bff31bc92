"""The report of a recall or a drill as a page to read: what is touched, where each kilogram is, whom to call, how fast.

- Made from the report that a `drill` entry signed by its digest, which comes beside the bundle: no other bytes are that
  report. The newest drill whose report is at hand counts.
- The report itself is attached, so that the file is checked alone: its digest against the entry's, its pages set again.
- What nobody knows stands as a gap, and of amounts that were not said there is no percentage.

    content(paper).template  ->  "recall_report"

FORMATS 5.1 and 6.15; ARCHITECTURE.md 3.2 (kind `drill`); docs/adr/0057-files-that-entries-sign-by-digest.md.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from exporters.facts.figures import moment, number
from exporters.facts.filed import Filed, matching
from exporters.facts.history import Facts
from exporters.facts.journey import code_of
from exporters.files import pdf
from exporters.files.pdf import Attachment, Document
from exporters.format import Format, Missing, Need, Paper
from ledger.lots.figures import KILOGRAMS, PIECES
from schemas.epcis.instant import microseconds
from schemas.errors import InputError
from schemas.syntax import base64url, json_text
from schemas.wording import Language, sentence, words

REPORT = "report.json"
_FIGURES = ("born", "used", "shipped", "inStock", "destroyed", "unaccounted")
_WORDS = (
    "kind", "subject", "asked", "answered", "clock", "found", "totals", "measure", *_FIGURES, "lots", "lot", "product",
    "amount", "units", "unit", "state", "where", "customers", "customer", "contacts", "last", "stock", "member", "gaps",
    "proof", "proof-how", "entry", "digest", "none", "recalled",
)  # fmt: skip
_STATES = frozenset(("stock", "shipped", "gone"))


def content(paper: Paper) -> Document:
    """The document."""
    (facts,) = paper.facts
    found = _drill(paper)
    assert found is not None
    drill, data = found
    told = _Told(facts, drill, _object(data), paper.language)
    return Document(
        "recall_report",
        told.data(),
        title=told.say("title", subject=told.name),
        author=told.member(drill.member),
        made=facts.made,
        attachments=(Attachment(REPORT, data, "application/json", "data", "filiera-recall/1"),),
    )


def missing(paper: Paper) -> Iterator[Missing]:
    """The report of a drill that the bundle shows."""
    (facts,) = paper.facts
    if _drill(paper) is None:
        drills = [each.path for each in facts.files if each.sort == "drill"]
        yield Missing("recall-report", drills[-1] if drills else facts.subject or "-", "office")


def _drill(paper: Paper) -> tuple[Filed, bytes] | None:
    """The newest drill whose report is at hand."""
    signed = [each for each in paper.facts[0].files if each.sort == "drill"]
    given = matching(signed, paper.files)
    return next(((each, given[each.index]) for each in reversed(signed) if each.index in given), None)


def _object(data: bytes) -> Mapping[str, Any]:
    """The report; one that its member signed and that is none says nothing."""
    try:
        found = json_text.read(data)
    except InputError:
        return {}
    return found if isinstance(found, Mapping) else {}


class _Told:
    """A report in the words of a language."""

    def __init__(self, facts: Facts, drill: Filed, report: Mapping[str, Any], language: Language) -> None:
        self.facts, self.drill, self.report, self.language = facts, drill, report, language
        self.subject = str(report.get("subject") or facts.subject or "")
        named = next((each.get("product") for each in self.each("lots") if each.get("lot") == self.subject), None)
        self.name = f"{named or ''} {code_of(self.subject)}".strip()

    def say(self, code: str, **context: Any) -> str:
        """A sentence."""
        return sentence(f"recall-report-{code}", context, self.language)

    def each(self, name: str, of: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
        """The objects of a list."""
        listed = (self.report if of is None else of).get(name)
        return [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []

    def data(self) -> Mapping[str, Any]:
        """The tree that the template shows."""
        return {
            "words": {name: self.say(name) for name in _WORDS},
            "name": self.name,
            "subject": self.subject,
            "member": self.member(self.drill.member),
            "asked": self.time(self.report.get("asked")),
            "answered": self.time(self.report.get("answered")),
            "clock": self.clock(),
            "percent": self.percent(),
            "totals": [
                [self.measure(name), *self.figures(said)] for name, said in self.measures(self.report, "totals")
            ],
            "lots": [list(self.lot(each)) for each in self.each("lots")],
            "units": [list(self.unit(each)) for each in self.each("units")],
            "customers": [self.customer(each) for each in self.each("customers")],
            "stock": [list(self.stock(each)) for each in self.each("stock")],
            "gaps": [self.gap(each) for each in self.each("gaps")],
            "entry": str(self.drill.index),
            "log": self.facts.origin,
            "digest": base64url.encode(self.drill.sha256),
        }

    def member(self, iss: str) -> str:
        """The name of a member."""
        return str(self.facts.members.get(iss, {}).get("name", iss))

    def time(self, value: Any) -> str:
        """A moment of the report, in UTC as it was signed."""
        at = microseconds(str(value))
        return "–" if at is None else f"{moment(at, '+00:00', self.language)} UTC"

    def clock(self) -> str:
        """How long it took."""
        taken = getattr(self.report.get("milliseconds"), "text", "")
        return f"{number(Decimal(taken) / 1000, self.language)} s" if taken.isdigit() else "–"

    def percent(self) -> str:
        """How much of what there was to find was found."""
        return f"{_number(self.report.get('percent'), self.language)} %" if self.report.get("percent") else "–"

    def measure(self, name: str) -> str:
        """A unit of measure."""
        known = {KILOGRAMS: "kg", PIECES: words(self.language)["unit-pieces"]}
        return known.get(name) or words(self.language).get(f"unit-{name}", name)

    def measures(self, of: Mapping[str, Any], member: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Figures by measure."""
        held = of.get(member)
        found = held.items() if isinstance(held, Mapping) else ()
        return [(str(name), said) for name, said in found if isinstance(said, Mapping)]

    def figures(self, said: Mapping[str, Any]) -> list[str]:
        """What there was, and where it is."""
        return [_number(said.get(name), self.language) for name in _FIGURES]

    def amounts(self, listed: list[Mapping[str, Any]]) -> str:
        """Amounts of lots, by measure."""
        sums: dict[str, Decimal] = {}
        for item in listed:
            measure = str(item.get("measure"))
            sums[measure] = sums.get(measure, Decimal(0)) + (_decimal(item.get("amount")) or Decimal(0))
        return ", ".join(f"{number(value, self.language)} {self.measure(name)}" for name, value in sums.items()) or "–"

    def lot(self, each: Mapping[str, Any]) -> Iterator[str]:
        """One affected lot."""
        yield code_of(str(each.get("lot", "–")))
        yield str(each.get("product") or "–")
        born = [{"measure": name, "amount": said.get("born")} for name, said in self.measures(each, "figures")]
        yield self.amounts(list(born))
        yield self.say("recalled") if self.each("recalled", each) else ""

    def unit(self, each: Mapping[str, Any]) -> Iterator[str]:
        """One affected unit."""
        state = str(each.get("state") or "")
        yield code_of(str(each.get("unit", "–")))
        yield self.say(f"state-{state}") if state in _STATES else state or "–"
        yield self.called(str(each.get("where") or ""))
        yield self.say("recalled") if self.each("recalled", each) else ""

    def called(self, uri: str) -> str:
        """What the report, or master data, calls a place or a customer."""
        customers = self.each("customers")
        told = [*self.each("stock"), *(place for each in customers for place in self.each("places", each))]
        names = {str(each.get("place")): each.get("name") for each in told}
        names |= {str(each.get("party")): each.get("name") for each in customers}
        called = names.get(uri) or self.facts.masters.called(uri, self.facts.made, self.drill.member)
        return str(called or code_of(uri) or "–")

    def customer(self, each: Mapping[str, Any]) -> Mapping[str, Any]:
        """One customer, with whom to call."""
        contacts = [
            ", ".join(str(item[name]) for name in ("name", "phone", "email") if item.get(name))
            for item in self.each("contacts", each)
        ]
        return {
            "name": str(each.get("name") or code_of(str(each.get("party") or "–"))),
            "contacts": contacts or [self.say("none")],
            "shipped": self.amounts(self.each("shipped", each)),
            "lots": ", ".join(code_of(str(uri)) for uri in each.get("lots") or ()),
            "units": [code_of(str(uri)) for uri in each.get("units") or ()],
            "last": self.time(each.get("last")),
        }

    def stock(self, each: Mapping[str, Any]) -> Iterator[str]:
        """What a member still has of a lot."""
        yield code_of(str(each.get("lot", "–")))
        yield self.amounts([each])
        yield str(each.get("name") or code_of(str(each.get("place") or "–")))
        yield self.member(str(each.get("member", "–")))

    def gap(self, each: Mapping[str, Any]) -> str:
        """What is not known."""
        context = each.get("context")
        said = dict(context) if isinstance(context, Mapping) else {}
        return sentence(str(each.get("code")), said, self.language)


def _decimal(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(getattr(value, "text", value)))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _number(value: Any, language: Language) -> str:
    found = _decimal(value)
    return "–" if found is None else number(found, language)


FORMAT = Format(
    "recall-report",
    pdf.KIND,
    "application/pdf",
    "pdf",
    direction="both",
    asked_by="asked-recall-report",
    validator="PDF/A-3b structure (XMP, output intent, fonts, attachments) by pikepdf; the report's digest",
    content=content,
    needs=(Need("recall-report", "recall-drill", "office"),),
    missing=missing,
    single=True,
    takes_files=True,
)
