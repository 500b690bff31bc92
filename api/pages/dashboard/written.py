"""Figures of the season as people read them: kilograms, hours, days, and the words where nothing is shown.

Written(visit, names).kilos(kilos)  ->  "1.250,5 kg", or "non mostrato (2 righe su 14 senza peso)"
"""

from decimal import Decimal

from api.balances import figure, unit_of
from api.pages.shell.visit import Visit
from api.pages.shell.words import words_of
from api.verbs.season import Names
from exporters.facts.figures import amount, number
from ledger.lots.kilos import Kilos
from ledger.lots.step import Amount
from ledger.lots.weeks import ROME
from schemas.epcis.instant import instant

ROOM = "dashboard"
NONE = "–"


class Written:
    """Writes for one visitor."""

    def __init__(self, visit: Visit, names: Names) -> None:
        self.language = visit.language
        self.say = words_of(ROOM, visit.language)
        self._names = names

    def kilos(self, kilos: Kilos) -> str:
        """A figure; a dash where nothing moved."""
        if not kilos.lines:
            return NONE
        if kilos.kilograms is None:
            known = self.weight(kilos.known) if kilos.lacking < kilos.lines else NONE
            return self.say("hidden", n=kilos.lines, lacking=kilos.lacking, known=known)
        return self.weight(kilos.kilograms)

    def short(self, kilos: Kilos) -> str:
        """The same in few words, for a cell of a table."""
        return self.weight(kilos.kilograms) if kilos.lines else NONE

    def weight(self, kilograms: Decimal | None) -> str:
        """Kilograms, or that they are not shown."""
        return self.say("not-shown") if kilograms is None else f"{number(kilograms, self.language)} kg"

    def quantity(self, value: Decimal | None, dimension: str) -> str:
        """A quantity in the base of a dimension, in the unit that people use."""
        said = figure(value, dimension)
        if said is None:
            return self.say("not-shown")
        return amount(Amount(Decimal(said), unit_of(dimension)), self.language)

    def percent(self, value: Decimal | None) -> str:
        """A part of a hundred."""
        return self.say("not-shown") if value is None else f"{number(value, self.language)} %"

    def hours(self, value: Decimal | None) -> str:
        """Hours; beyond three days, days too."""
        if value is None:
            return NONE
        said = self.say("hours", hours=number(value, self.language))
        return f"{said} ({self.say('days', days=number(round(value / 24, 1), self.language))})" if value > 72 else said

    def moment(self, at: int) -> str:
        """A moment in Italy, in few characters."""
        return f"{instant(at).astimezone(ROME):%d/%m/%Y %H:%M}"

    def product(self, uri: str, *, bare: bool = False) -> str:
        """A product by its name and GTIN, or by its `bare` name; what is none by its URI."""
        name = self._names.products.get(uri)
        return name if name and bare else _named(name, uri)

    def site(self, uri: str) -> str:
        """A site by its name; what names none in words."""
        return self._names.sites.get(uri) or _named(None, uri) if uri else self.say("no-site")


def code(uri: str) -> str:
    """A lot, unit or place in few characters: what stands after its last key."""
    return uri.rpartition("/")[2] or uri


def _named(name: str | None, uri: str) -> str:
    short = code(uri) if uri.startswith("https://id.gs1.org/") else uri
    return f"{name} ({short})" if name else short
