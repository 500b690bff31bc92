"""The recall notice of a food product: the fields of the Italian Ministry of Health's sheet, once for all channels.

- Shop poster, web site and the Ministry's portal must say the same (note DGISAN 0011318 of 10 October 2025): there is
  one record, a `Notice`, and every form is written from it, field by field in the sheet's order.
- A sheet is of one product with all its lots. Nothing is written while a field is empty that must not be: `missing`
  says which, and the caller asks for it.
- As a PDF with its proof it is `exporters.formats.recall_printed`.
- HTML stands alone, needs no script and no network, and prints on one page. A channel changes not one word of it.

    notice = Notice(designation="Pesche gialle 1 kg", …);  html(notice, "it")

Regulation (EC) 178/2002 article 19; Regulation (EC) 853/2004 annex II, section I (mark).
Ministry of Health, "Modello di richiamo"; FORMATS section 4.6.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from html import escape
from types import MappingProxyType

from exporters.facts.figures import day
from schemas.errors import InputError
from schemas.wording import Language, sentence

NAME = "recall-notice"
FORMAT = "filiera-recall-notice/1"
# In the order of the sheet, True for those that every food has.
FIELDS: Mapping[str, bool] = MappingProxyType(
    {
        "designation": True,
        "brand": True,
        "operator": True,
        "lots": True,
        "mark": False,
        "producer": True,
        "plant": True,
        "expiry": True,
        "pack": True,
        "reason": True,
        "warnings": True,
        "contact": False,
    }
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One sheet. `operator`: the name under which the food is sold; `mark`: the establishment's identification mark,
    which food of animal origin (`animal`) must have; `lots` and `expiry` as printed on the pack; `issued`: the day of
    the notice."""

    product: str
    issued: date
    designation: str = ""
    brand: str = ""
    operator: str = ""
    lots: tuple[str, ...] = ()
    mark: str = ""
    producer: str = ""
    plant: str = ""
    expiry: tuple[str, ...] = ()
    pack: str = ""
    reason: str = ""
    warnings: str = ""
    contact: str = ""
    animal: bool = False

    def value(self, name: str) -> str:
        """A field as it is printed."""
        found = getattr(self, name)
        return ", ".join(found) if isinstance(found, tuple) else str(found)


def missing(notice: Notice) -> list[str]:
    """The fields that must not be empty and are, in the sheet's order."""
    needed = {name for name, always in FIELDS.items() if always} | ({"mark"} if notice.animal else set())
    return [name for name in FIELDS if name in needed and not notice.value(name).strip()]


def check(notice: Notice) -> None:
    """`InputError("recall-notice-missing")` naming the product and what its sheet lacks."""
    lacking = missing(notice)
    if lacking:
        raise InputError("recall-notice-missing", product=notice.product, fields=", ".join(lacking))


def tree(notice: Notice, language: Language) -> dict[str, object]:
    """The sheet as JSON: the same fields in the same order, each with its label."""
    check(notice)
    said = [{"field": name, "label": label, "value": value} for name, label, value in rows(notice, language)]
    return {
        "format": FORMAT,
        "title": sentence("recall-notice-title", {}, language),
        "product": notice.product,
        "issued": notice.issued.isoformat(),
        "language": language,
        "fields": said,
    }


def html(notice: Notice, language: Language) -> str:
    """The sheet as a page that stands alone and prints on one sheet; `InputError("recall-notice-missing")`."""
    return pages((notice,), language)


def pages(notices: tuple[Notice, ...], language: Language) -> str:
    """Several sheets, each printed on a page of its own."""
    for notice in notices:
        check(notice)
    title = escape(sentence("recall-notice-title", {}, language))
    sheets = "".join(_sheet(notice, title, language) for notice in notices)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{sheets}</body>\n</html>\n"
    )


def _sheet(notice: Notice, title: str, language: Language) -> str:
    said = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{"<br>".join(map(escape, value.splitlines()))}</td></tr>\n'
        for _, label, value in rows(notice, language)
    )
    issued = escape(said_on(notice, language))
    return f"<main>\n<h1>{title}</h1>\n<table>\n{said}</table>\n<p>{issued}</p>\n</main>\n"


def said_on(notice: Notice, language: Language) -> str:
    """Of which day the notice is."""
    return sentence("recall-notice-issued", {"day": day(notice.issued.isoformat(), language)}, language)


def rows(notice: Notice, language: Language) -> Iterator[tuple[str, str, str]]:
    """Field, label and value of each row that says something."""
    for name in FIELDS:
        value = notice.value(name).strip()
        if name == "expiry":
            value = ", ".join(day(each, language) for each in notice.expiry)
        if value:
            yield name, sentence(f"recall-notice-{name}", {}, language), value


_STYLE = (
    "body{font:1.1rem/1.4 system-ui,sans-serif;margin:0;color:#000;background:#fff}"
    "main{max-width:50rem;margin:1.5rem auto;padding:0 1rem}"
    "h1{font-size:1.8rem;text-align:center;border:.25rem solid #b00;padding:.6rem;margin:0 0 1rem}"
    "table{width:100%;border-collapse:collapse}"
    "th,td{border:1px solid #000;padding:.5rem;vertical-align:top;text-align:left}th{width:40%;font-weight:600}"
    "@media print{@page{size:A4;margin:15mm}main{margin:0;max-width:none;break-after:page}}"
)
assert set(FIELDS) <= {field.name for field in fields(Notice)}
