"""The lot's dossier: a PDF/A-3 that a person likes to read, with everything that a quality manager asks for.

- First page: the lot in a few words, its genealogy drawn, where it comes from. Then every step along time, the balance,
  deliveries, certificates, who signed, and what is proven and what is not.
- Everything comes from one bundle. What was declared wrong stays visible, with its reason.
- Whether the proof holds is not printed: that is for who reads to check, and the dossier says how.

    data = write(dossier.FORMAT, [bundle], profile=STANDARD, language="it").data

FORMATS 5.1 (dossier per lot), 6 and 7.2.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from exporters.drawing.genealogy import genealogy
from exporters.drawing.map import Mark, Sort, italy
from exporters.facts.balance import Process, processes, stock
from exporters.facts.figures import amount, country, day, kilos, moment, number
from exporters.facts.history import Event, Facts, kind_of
from exporters.facts.journey import Journey, code_of, journey
from exporters.facts.lots import level_of
from exporters.files import pdf
from exporters.files.pdf import Document
from exporters.format import Format, Missing, Need, Paper
from ledger.lots.balance import COUNT, MASS, Account, Figure
from ledger.lots.step import Flow
from ledger.lots.stock import is_unit
from schemas.wording import Language, sentence, words

_FIGURES: tuple[Figure, ...] = ("made", "received", "used", "shipped", "wasted", "closing")
_BEFORE = ("cbvmda:bestBeforeDate", "bestBeforeDate", "cbvmda:itemExpirationDate", "itemExpirationDate")
_ORIGIN = ("cbvmda:countryOfOrigin", "countryOfOrigin")


def content(paper: Paper) -> Document:
    """The document."""
    (facts,) = paper.facts
    told = _Told(facts, paper.language)
    return Document(
        "dossier",
        told.data(),
        title=told.say("dossier-title", lot=told.name),
        author=told.member(told.own),
        made=facts.made,
        pictures={
            "genealogy": genealogy(told.journey, paper.language).encode("utf-8"),
            "map": italy(told.marks(), paper.language).encode("utf-8"),
        },
    )


def missing(paper: Paper) -> Iterator[Missing]:
    """A dossier is of a lot that some entry shown here is about, and of one whose product has a name."""
    (facts,) = paper.facts
    thing = journey(facts).things.get(facts.subject or "")
    if thing is None:
        yield Missing("lot-record", facts.subject or "-", "holder")
    elif not thing.name:
        yield Missing("functionalName", thing.uri, "master")


class _Told:
    """The facts of one lot in the words of a language."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts, self.language = facts, language
        self.journey: Journey = journey(facts)
        self.subject = facts.subject or ""
        self.thing = self.journey.things[self.subject]
        self.birth = next((event for event in facts.standing if self.subject in event.step.moves.born), None)
        self.own = self.birth.member if self.birth else facts.standing[-1].member
        self.name = f"{self.thing.name} {self.thing.code}".strip()

    def say(self, code: str, **context: Any) -> str:
        """A sentence."""
        return sentence(code, context, self.language)

    def word(self, name: str) -> str:
        """A word; what has none is shown as it is."""
        return words(self.language).get(name, name)

    def data(self) -> Mapping[str, Any]:
        """The tree that the template shows."""
        return {
            "words": {code: self.say(f"dossier-{code}") for code in _WORDS},
            "heading": self.thing.name,
            "code": self.thing.code,
            "uri": self.subject,
            "member": self.member(self.own),
            "made": moment(self.facts.made, "+00:00", self.language),
            "facts": [{"label": label, "value": value} for label, value in self.summary() if value],
            "legend": [
                {"sort": sort, "label": self.say(f"dossier-mark-{sort}")} for sort in ("origin", "made", "sent")
            ],
            "origins": list(self.origins()),
            "steps": [self.step(event) for event in self.facts.standing],
            "processes": [self.process(found) for found in processes(self.facts)],
            "stock": [self.account(iss, account) for iss, account in stock(self.facts).items()],
            "deliveries": list(self.deliveries()),
            "certificates": list(self.certificates()),
            "corrected": list(self.corrected()),
            "signers": list(self.signers()),
            "log": {"origin": self.facts.origin, "size": str(self.facts.size)},
            "proven": [self.say(f"dossier-proven-{number}") for number in range(1, 5)],
            "unproven": [self.say(f"dossier-unproven-{number}") for number in range(1, 4)],
            "check": [self.say(f"dossier-check-{number}") for number in range(1, 4)],
        }

    def summary(self) -> Iterator[tuple[str, str]]:
        """The lot in a few words."""
        origins = [self.journey.things[uri] for uri in self.first()]
        ilmd = self.birth.content.get("ilmd") if self.birth else None
        made: Mapping[str, Any] = ilmd if isinstance(ilmd, dict) else {}
        product = self.facts.masters.product(self.subject, self.birth.at if self.birth else None, self.own)
        yield self.say("dossier-label-product"), str(product.get("name", self.thing.name))
        yield self.say("dossier-label-brand"), str(product.get("brand", ""))
        yield self.say("dossier-label-lot"), self.thing.code
        yield self.say("dossier-label-gtin"), self.subject.rpartition("/01/")[2].partition("/")[0]
        yield self.say("dossier-label-maker"), self.member(self.own)
        yield self.say("dossier-label-when"), self.when(self.birth) if self.birth else ""
        yield self.say("dossier-label-origin"), ", ".join(dict.fromkeys(each.place for each in origins if each.place))
        yield (
            self.say("dossier-label-country"),
            country(str(next((made[name] for name in _ORIGIN if name in made), "")), self.language),
        )
        yield self.say("dossier-label-harvest"), self.harvest()
        before = str(next((made[name] for name in _BEFORE if name in made), ""))
        yield self.say("dossier-label-before"), day(before, self.language)
        yield self.say("dossier-label-amount"), self.quantity()

    def quantity(self) -> str:
        """How much of the lot there was, and what it weighs."""
        if self.thing.amount is None:
            return ""
        product = self.facts.masters.product(self.subject, self.birth.at if self.birth else None, self.own)
        said = amount(self.thing.amount, self.language, level=level_of(product, self.subject))
        weight = "" if self.thing.weight is None else kilos(self.thing.weight, self.language)
        return said if not weight or said == weight else f"{said} ({weight})"

    def first(self) -> list[str]:
        """What came from nothing: the harvests."""
        targets = {way.target for way in self.journey.ways}
        return [uri for uri, each in self.journey.things.items() if uri not in targets and each.sort == "lot"]

    def harvest(self) -> str:
        """The first and the last day of the harvests."""
        first = set(self.first())
        born = [event for event in self.facts.standing if event.at and event.step.moves.born & first]
        days = list(dict.fromkeys(self.when(event)[:10] for event in born))
        return " – ".join(dict.fromkeys((days[0], days[-1]))) if days else ""

    def when(self, event: Event) -> str:
        """When an event happened, where it happened."""
        return moment(event.at, str(event.content.get("eventTimeZoneOffset", "")), self.language)

    def member(self, iss: str) -> str:
        """The name of a member."""
        return str(self.facts.members.get(iss, {}).get("name", iss))

    def site(self, event: Event) -> Mapping[str, Any]:
        """What is said of where an event happened."""
        uri = event.step.read_point or event.step.biz_location or ""
        return self.facts.masters.site(uri, event.at, event.member)

    def where(self, event: Event) -> str:
        """The name and the town of where an event happened."""
        site = self.site(event)
        name, town = str(site.get("name", "")), str(_address(site).get("municipality", ""))
        return ", ".join(filter(None, (name, town))) or code_of(event.step.read_point or event.step.biz_location or "–")

    def step(self, event: Event) -> Mapping[str, Any]:
        """One row of the time line."""
        return {
            "when": self.when(event),
            "step": words(self.language).get(f"step-{kind_of(event)}", kind_of(event)),
            "where": self.where(event),
            "who": self.member(event.member),
            "index": str(event.index),
            "what": [self.line(event, flow) for flow in event.step.flows],
        }

    def line(self, event: Event, flow: Flow) -> Mapping[str, str]:
        """One thing in an event; a unit has no amount of its own, and none is missed."""
        product = self.facts.masters.product(flow.uri, event.at, event.member)
        name, level = product.get("functionalName", ""), level_of(product, flow.uri)
        said = "" if is_unit(flow.uri) and flow.amount is None else amount(flow.amount, self.language, level=level)
        return {"role": self.word(f"role-{flow.role}"), "name": str(name), "code": code_of(flow.uri), "amount": said}

    def process(self, found: Process) -> Mapping[str, str]:
        """One process of the balance."""
        used, made = (self.figure(value, dimension) for value, dimension in zip(
            (found.found.used, found.found.made), found.found.dimensions, strict=True
        ))  # fmt: skip
        return {
            "when": self.when(found.event), "who": self.member(found.event.member), "used": used, "made": made,
            "lost": kilos(found.lost, self.language), "share": self.share(found),
        }  # fmt: skip

    def share(self, found: Process) -> str:
        """How much came out of a hundred."""
        if found.found.ratio is None or found.found.dimensions[0] != found.found.dimensions[1]:
            return "–"
        return f"{number(round(found.found.ratio * 100, 2), self.language)} %"

    def figure(self, value: Any, dimension: str) -> str:
        """A figure with its unit; – where it is not shown."""
        if value is None:
            return "–"
        unit = {MASS: "kg", COUNT: self.word("unit-pieces"), "volume": "m³"}.get(dimension, dimension)
        return f"{number(value, self.language)} {unit}"

    def account(self, iss: str, account: Account) -> Mapping[str, str]:
        """What one member had of the lot."""
        said: dict[str, str] = {name: self.figure(account.figures[name], account.dimension) for name in _FIGURES}
        return {"who": self.member(iss), **said}

    def origins(self) -> Iterator[Mapping[str, str]]:
        """Every harvest."""
        for uri in self.first():
            thing = self.journey.things[uri]
            event = next((each for each in self.facts.standing if uri in each.step.moves.born), None)
            yield {
                "name": thing.name, "code": thing.code, "place": thing.place or "–",
                "when": self.when(event) if event else "–",
                "amount": amount(thing.amount, self.language),
            }  # fmt: skip

    def deliveries(self) -> Iterator[Mapping[str, str]]:
        """Every shipment that the lot went with, to whom and under which document."""
        carried = {self.subject, *(way.target for way in self.journey.ways if way.source == self.subject)}
        for event in self.facts.standing:
            if event.step.dealing != "ships" or not carried.intersection(event.step.moves.objects):
                continue
            papers = [code_of(name) for kind, name in event.step.transactions if kind == "desadv"]
            whom = dict(reversed(event.step.destinations))
            uri = next((whom[kind] for kind in ("owning_party", "possessing_party", "location") if kind in whom), "")
            party = self.facts.masters.party(uri, event.at, event.member)
            yield {
                "when": self.when(event), "customer": str(party.get("name", "")) or code_of(uri) or "–",
                "town": str(_address(party).get("municipality", "")) or "–", "paper": ", ".join(papers) or "–",
                "units": ", ".join(code_of(flow.uri) for flow in event.step.flows if flow.uri in carried),
            }  # fmt: skip

    def certificates(self) -> Iterator[Mapping[str, str]]:
        """The certificates that the bundle describes, as of the last event."""
        for found in self.facts.masters.certificates(self.facts.standing[-1].at):
            body = found.get("body")
            holder = self.facts.masters.party(str(found.get("holder", "")), self.facts.standing[-1].at)
            yield {
                "scheme": self.word(f"scheme-{found.get('scheme')}"), "number": str(found.get("number", "–")),
                "body": str(body.get("name", "–")) if isinstance(body, dict) else "–",
                "holder": str(holder.get("name", "")) or code_of(str(found.get("holder", "–"))),
                "valid": " – ".join(day(str(found.get(name, "…")), self.language) for name in ("validFrom", "validTo")),
            }  # fmt: skip

    def corrected(self) -> Iterator[Mapping[str, str]]:
        """What was declared wrong: when it happened, who says so, and why."""
        for event in self.facts.events:
            declared = event.content.get("errorDeclaration")
            if isinstance(declared, dict):
                yield {
                    "when": self.when(event), "who": self.member(event.member), "index": str(event.index),
                    "why": self.word(f"reason-{code_of(str(declared.get('reason', '–')))}"),
                }  # fmt: skip

    def signers(self) -> Iterator[Mapping[str, str]]:
        """Who signed how many of the events."""
        counts: dict[str, int] = {}
        for event in self.facts.events:
            counts[event.member] = counts.get(event.member, 0) + 1
        for iss, count in counts.items():
            profile = self.facts.members.get(iss, {})
            yield {"name": self.member(iss), "gln": str(profile.get("gln", "–")), "iss": iss, "count": str(count)}

    def marks(self) -> Iterator[Mark]:
        """Towns for the map: where it began, where it was made, where it was sent."""
        first = set(self.first())
        for event in self.facts.standing:
            if event.step.moves.born:
                sort: Sort = "origin" if event.step.moves.born & first else "made"
                yield from _mark(_address(self.site(event)), sort)
            if event.step.dealing == "ships":
                for _, uri in event.step.destinations:
                    yield from _mark(_address(self.facts.masters.party(uri, event.at, event.member)), "sent")


def _mark(address: Mapping[str, Any], sort: Sort) -> Iterator[Mark]:
    if address:
        region = str(address.get("region", "")) if address.get("country") == "IT" else ""
        yield Mark(str(address.get("municipality", "")), region, sort)


def _address(content: Mapping[str, Any]) -> Mapping[str, Any]:
    found = content.get("address")
    return found if isinstance(found, dict) else {}


_WORDS = (
    "kind", "lot", "genealogy", "origins", "steps", "balance", "stock", "deliveries", "certificates", "corrected",
    "signers", "proof", "proven", "unproven", "check", "when", "what", "where", "who", "step", "amount", "entry",
    "used", "made", "received", "shipped", "wasted", "closing", "share", "customer", "town", "paper", "units", "scheme",
    "number", "body", "holder", "valid", "why", "name", "gln", "events", "id", "log", "size", "place", "footer",
    "harvested",
)  # fmt: skip
FORMAT = Format(
    "dossier",
    pdf.KIND,
    "application/pdf",
    "pdf",
    direction="both",
    asked_by="asked-dossier",
    validator="PDF/A-3b structure (XMP, output intent, fonts, attachments) by pikepdf",
    content=content,
    needs=(Need("functionalName", "product-master", "master"),),
    missing=missing,
    single=True,
)
