"""An event as it is read: every identifier as a canonical Digital Link, every standard word bare.

- What is signed and stored stays as sent; this is a copy for the read side, so that a query, a trace and a page find
  one thing under one name, whether it came as a URN or a Digital Link, as `shipping` or as its CBV address.
- Changed are only the members that hold identifiers (the what, where and why of EPCIS, sensor devices) and words;
  further members, times and the text of numbers stay, and the tree that was given is not touched.
- Nothing is judged: what is no GS1 identifier and no word of CBV stays as written.

    normalise({"epcList": ["urn:epc:id:sscc:9521234.0000000111"], …})["epcList"] -> ["https://id.gs1.org/00/…"]

CBV 2.0 section 8 (identifiers), 7.1 (words).
"""

from collections.abc import Callable, Mapping
from functools import partial

from schemas.epcis.vocabulary import bare
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Json

_Reader = Callable[[Json], Json]


def normalise(event: Mapping[str, Json]) -> dict[str, Json]:
    """A copy of the event with canonical identifiers and bare words; members that do not change are shared."""
    return _members(event, _EVENT)


def _members(holder: Mapping[str, Json], readers: Mapping[str, _Reader]) -> dict[str, Json]:
    return {name: readers[name](value) if name in readers else value for name, value in holder.items()}


def _uri(value: Json) -> Json:
    return canonical_uri(value.strip()) if isinstance(value, str) else value


def _uris(value: Json) -> Json:
    return [_uri(item) for item in value] if isinstance(value, list) else _uri(value)


def _word(code_list: str) -> _Reader:
    def read(value: Json) -> Json:
        return bare(code_list, value) or value if isinstance(value, str) else value

    return read


def _words(code_list: str) -> _Reader:
    read = _word(code_list)
    return lambda value: [read(item) for item in value] if isinstance(value, list) else read(value)


def _object(readers: Mapping[str, _Reader], value: Json) -> Json:
    return _members(value, readers) if isinstance(value, dict) else value


def _objects(readers: Mapping[str, _Reader], value: Json) -> Json:
    return [_object(readers, item) for item in value] if isinstance(value, list) else _object(readers, value)


_holding = partial(partial, _object)
_listing = partial(partial, _objects)
_DEVICE: Mapping[str, _Reader] = dict.fromkeys(
    ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "uriValue"), _uri
)
_REPORT: Mapping[str, _Reader] = {**_DEVICE, "type": _word("measurement_types"), "component": _word("components")}
_QUANTITY: Mapping[str, _Reader] = {"epcClass": _uri}
_PLACE: Mapping[str, _Reader] = {"id": _uri}
_TRANSACTION: Mapping[str, _Reader] = {"type": _word("biz_transaction_types"), "bizTransaction": _uri}
_SOURCE: Mapping[str, _Reader] = {"type": _word("source_dest_types"), "source": _uri, "destination": _uri}
_DISPOSITIONS: Mapping[str, _Reader] = {"set": _words("dispositions"), "unset": _words("dispositions")}
_ELEMENT: Mapping[str, _Reader] = {"sensorMetadata": _holding(_DEVICE), "sensorReport": _listing(_REPORT)}
_EVENT: Mapping[str, _Reader] = {
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _uris),
    **{
        name: _listing(_QUANTITY)
        for name in ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
    },
    "parentID": _uri,
    "transformationID": _uri,
    "bizStep": _word("biz_steps"),
    "disposition": _word("dispositions"),
    "persistentDisposition": _holding(_DISPOSITIONS),
    "readPoint": _holding(_PLACE),
    "bizLocation": _holding(_PLACE),
    "bizTransactionList": _listing(_TRANSACTION),
    "sourceList": _listing(_SOURCE),
    "destinationList": _listing(_SOURCE),
    "sensorElementList": _listing(_ELEMENT),
    "errorDeclaration": _holding({"reason": _word("error_reasons")}),
}
