"""EPCIS 2.0 in JSON-LD: the events of a lot as they were signed, with the master data that names what is in them.

    content(paper)["epcisBody"]["eventList"]

GS1 EPCIS 2.0 section 10; FORMATS 2.1; `exporters.formats.epcis_document` says what the document holds.
"""

from exporters.files import json_file
from exporters.format import Format
from exporters.formats.epcis_document import NEEDS, document, losses, missing
from schemas.epcis.validate import problems

FORMAT = Format(
    "epcis-json",
    json_file.KIND,
    "application/ld+json",
    "jsonld",
    direction="both",
    asked_by="asked-epcis-json",
    validator="JSON Schema 2.0.1",
    content=document,
    needs=NEEDS,
    missing=missing,
    judge=problems,
    losses=losses,
)
