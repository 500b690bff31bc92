"""Convert: an EPCIS document from one of its forms into another, with everything the other form cannot carry.

- Into JSON-LD 2.0, XML 2.0 and XML 1.2; from those and from XML 1.0 and 1.1, recognised by content.
- Only a document that is valid by the EPCIS schema is converted, so that the result is valid by the other's; what the
  JSON schema alone demands, only where the result is JSON.
- A loss is an error that was not raised: a code with its values, document, event and member; the face makes sentences.

    convert(data, to="epcis12-xml", created="2026-05-04T08:00:00Z").losses

ARCHITECTURE.md section 7 (`convert`).
"""

from dataclasses import dataclass
from typing import Literal

from ledger.capture.document import as_error
from schemas.epcis.binding import Binding, binding
from schemas.epcis.document import Read, read_any
from schemas.epcis.event import split, with_context
from schemas.epcis.validate import document_problems, event_problems
from schemas.epcis.xml_write import write_document
from schemas.errors import InputError
from schemas.gs1.company_prefix import NO_PREFIXES, CompanyPrefixes
from schemas.syntax.json_text import write

Format = Literal["epcis20-json", "epcis20-xml", "epcis12-xml"]
FORMATS: tuple[Format, ...] = ("epcis20-json", "epcis20-xml", "epcis12-xml")


@dataclass(frozen=True, slots=True)
class Converted:
    """The document in its new form, and what that form cannot carry, or carries where few will look."""

    data: bytes
    losses: tuple[InputError, ...]


def convert(
    data: bytes, *, to: Format, created: str, name: str = "-", prefixes: CompanyPrefixes = NO_PREFIXES
) -> Converted:
    """The document in `data` in the form `to`; `InputError` where it cannot be read, or is not valid.

    `created`: the creationDate of a document in XML whose JSON has none (events by themselves). `prefixes`: the company
    prefixes that are known, by which 1.2 writes Digital Links as URNs.
    """
    try:
        found = read_any(data)
        _check(found, name, "json" if to == "epcis20-json" else binding(found.media_type))
        if to == "epcis20-json":
            return Converted(write(found.tree) + b"\n", tuple(as_error(loss, name) for loss in found.losses))
        version: Literal["2.0", "1.2"] = "2.0" if to == "epcis20-xml" else "1.2"
        written = write_document(found.tree, version=version, prefixes=prefixes, created=created)
    except InputError as error:
        raise error.within(document=name) from None
    return Converted(written.data, tuple(as_error(loss, name) for loss in (*found.losses, *written.losses)))


def _check(found: Read, name: str, asked: Binding) -> None:
    """`InputError` for the first thing that is wrong with the document or an event of it."""
    sent = split(found.tree)
    for problem in (*found.problems, *document_problems(found.tree, sent)):
        raise as_error(problem, name)
    for index, event in enumerate(sent.events):
        whole = with_context(sent.context, event) if isinstance(event, dict) else event
        for problem in event_problems(whole, index, binding=asked):
            raise as_error(problem, name)
