"""What the address of a page of the season asks for: a period, a product, a site; as typed, and as understood.

- A period is the season (52 weeks), the last four weeks, or days. What cannot be understood is said beside its field,
  and what was typed stays in it.
- Links to what is behind a figure carry the days themselves, so that they open the same tomorrow.

    asked = read(visit);  asked.period.first;  asked.link("/stagione/eventi", cifra="shipped")
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from api.pages.shell.languages import fixed_language
from api.pages.shell.rendering import link
from api.pages.shell.visit import Visit
from api.verbs.season import Period, period_of
from schemas.errors import InputError
from schemas.wording import Language, explain

Choice = Literal["stagione", "settimane", "date"]
CHOICES: tuple[Choice, ...] = ("stagione", "settimane", "date")
FEW_WEEKS = 4
_FIELDS = {"begins": "dal", "until": "al"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, what is wrong with it by field, and the period where nothing is."""

    choice: Choice
    begins: str
    until: str
    product: str
    site: str
    wrong: Mapping[str, str]
    period: Period | None
    error: InputError | None
    fixed: Language | None

    def understood(self) -> Period:
        """The period, for whoever has no form to mend; `InputError` where there is none."""
        if self.period is None:
            assert self.error is not None
            raise self.error
        return self.period

    def query(self, **more: str) -> dict[str, str]:
        """The parameters by which the same is asked for again, tomorrow too; those without a value are left out."""
        found: dict[str, str] = {"periodo": "date"}
        if self.period is not None:
            found |= {"dal": self.period.first.isoformat(), "al": self.period.last.isoformat()}
            found |= {"prodotto": self.period.product or "", "sito": self.period.site or ""}
        return {name: value for name, value in {**found, **more}.items() if value}

    def link(self, path: str, **more: str) -> str:
        """The address of a page about the same, or with something else."""
        return link(self.fixed, path, **self.query(**more))

    def to_lot(self, uri: str) -> str:
        """The address of a lot's own page."""
        return link(self.fixed, "/lotti", lot=uri)


def read(visit: Visit) -> Asked:
    """Read the address."""
    begins, until = visit.text("dal", 40), visit.text("al", 40)
    product, site = visit.text("prodotto", 300), visit.text("sito", 300)
    said = visit.text("periodo", 20) or ("date" if begins or until else "stagione")
    choice = said if said in CHOICES else "stagione"
    wrong: dict[str, str] = {}
    period, wrongly = None, None
    try:
        period = _period(visit, choice, begins, until, product, site)
    except InputError as error:
        wrongly = error
        wrong[_FIELDS.get(str(error.context.get("field")), "prodotto")] = explain(error, visit.language)
    return Asked(choice, begins, until, product, site, wrong, period, wrongly, fixed_language(visit.request))


def _period(visit: Visit, choice: Choice, begins: str, until: str, product: str, site: str) -> Period:
    days = (begins, until) if choice == "date" else ("", "")
    found = period_of(
        visit.node, audience=visit.audience, begins=days[0], until=days[1], product=product, site=site
    )  # fmt: skip
    if choice != "settimane":
        return found
    first = found.last - timedelta(weeks=FEW_WEEKS) + timedelta(days=1)
    return Period(first, found.last, found.member, found.product, found.site)
