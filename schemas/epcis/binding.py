"""The two bindings of EPCIS: one model of events, said in XML or in JSON, and what only one of them asks.

- A media type says which binding a text is in; whatever is not XML is judged as JSON.
- Of what an event must have, the bindings differ in one: the JSON schema demands the type of a sensor report, the XML
  schema has it optional (`Holder.json_asks`). So an event is judged by the binding it came in (docs/adr/0033).

    binding("text/xml; charset=utf-8")  ->  "xml"

GS1 EPCIS 2.0 sections 9 (XML) and 10 (JSON-LD).
"""

from typing import Literal

Binding = Literal["json", "xml"]

JSON_MEDIA_TYPES = frozenset({"application/ld+json", "application/json"})
XML_MEDIA_TYPES = frozenset({"application/xml", "text/xml"})


def essence(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def binding(media_type: object) -> Binding:
    """The binding of a media type, which may be that of any text, or none at all."""
    # KNOWN LIMIT: what XML may leave out, JSON answers leave out too, and are then not valid by the schema of JSON.
    return "xml" if isinstance(media_type, str) and essence(media_type) in XML_MEDIA_TYPES else "json"
