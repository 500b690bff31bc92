"""What client and server say about versions, vocabularies and forms of identifiers, in headers `GS1-…`.

- The client gives a range it accepts (`GS1-EPCIS-Min`, `-Max`, `GS1-CBV-Min`, `-Max`) and, with a document, the
  version it is in (`GS1-EPCIS-Version`, `GS1-CBV-Version`): outside of what is spoken here, 406.
- Releases are told apart by their first two numbers: 2.0.1 mends 2.0.0, whoever reads one reads the other.
- `GS1-EPC-Format` and `GS1-CBV-XML-Format` say how identifiers and words are to be written in the answer.
- `GS1-Extensions` maps prefixes to namespaces: `ex=https://example.org/voc/, other=…`.

    terms = negotiate(request.headers)   # Terms(epc_format="Always_EPC_URN", …)

GS1 EPCIS 2.0 section 12.2 (version headers) and 12.3 (extensions).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Literal, Protocol, TypeAlias, TypeVar

from schemas.errors import InputError

EPCIS_VERSION, CBV_VERSION = "2.0.0", "2.0.0"
SPOKEN = (2, 0)
"""The one release of EPCIS and of CBV that answers are written in."""
READ_AS_XML = frozenset({(1, 0), (1, 1), (1, 2)})
"""Older releases that a document in XML may be in."""
OLDEST = "1.0.0"

EpcFormat: TypeAlias = Literal["No_Preference", "Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates"]
CbvFormat: TypeAlias = Literal["No_Preference", "Always_Web_URI", "Always_URN", "Never_Translates"]
EPC_FORMATS: tuple[EpcFormat, ...] = ("No_Preference", "Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates")
CBV_FORMATS: tuple[CbvFormat, ...] = ("No_Preference", "Always_Web_URI", "Always_URN", "Never_Translates")
BEHAVIOURS = ("rollback", "proceed")

# The namespace that everything beyond the standard's own words is written in, where the client names none.
_EXTENSIONS = "gs1=https://ref.gs1.org/voc/"
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,5}")
_EXTENSION = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]{0,63})=(\S{1,2000})")
_MOST_EXTENSIONS = 64


Choice = TypeVar("Choice", bound=str)


class Headers(Protocol):
    """What is used of a request's headers."""

    def get(self, name: str) -> str | None:
        """The value of a header, None where it was not sent."""
        ...

    def getlist(self, name: str) -> list[str]:
        """Every value of a header."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed for one request. `version`: the (major, minor) the sent document says it is in."""

    epc_format: EpcFormat = "No_Preference"
    cbv_format: CbvFormat = "No_Preference"
    behaviour: str = "rollback"
    version: tuple[int, int] | None = None
    extensions: Mapping[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        """What every answer says of them."""
        return {
            "GS1-EPCIS-Version": EPCIS_VERSION,
            "GS1-CBV-Version": CBV_VERSION,
            "GS1-Extensions": written(self.extensions) or _EXTENSIONS,
            "GS1-Vendor-Version": vendor_version(),
        }


def discovery() -> dict[str, str]:
    """What `OPTIONS` says beside: the range that is spoken, and the forms that can be asked for."""
    return {
        "GS1-EPCIS-Min": EPCIS_VERSION,
        "GS1-EPCIS-Max": EPCIS_VERSION,
        "GS1-CBV-Min": CBV_VERSION,
        "GS1-CBV-Max": CBV_VERSION,
        "GS1-EPC-Format": "No_Preference",
        "GS1-CBV-XML-Format": "No_Preference",
    }


@cache
def vendor_version() -> str:
    """Who speaks: the program and its version."""
    return f"filiera-{version('filiera')}"


def negotiate(headers: Headers) -> Terms:
    """What a request asks for; `InputError`: `version-not-supported` (406), `header-value`."""
    for standard in ("EPCIS", "CBV"):
        _range(headers, standard)
    return Terms(
        epc_format=_chosen(headers, "GS1-EPC-Format", EPC_FORMATS, "No_Preference"),
        cbv_format=_chosen(headers, "GS1-CBV-XML-Format", CBV_FORMATS, "No_Preference"),
        behaviour=_chosen(headers, "GS1-Capture-Error-Behaviour", BEHAVIOURS, "rollback"),
        version=_version(headers, "GS1-EPCIS-Version"),
        extensions=extensions(headers.getlist("GS1-Extensions")),
    )


def check_version(terms: Terms, *, xml: bool) -> None:
    """Is the version a sent document says it is in one that is read? `InputError("version-not-supported")`."""
    if terms.version is None or terms.version == SPOKEN or (xml and terms.version in READ_AS_XML):
        return
    asked = ".".join(map(str, terms.version))
    raise InputError("version-not-supported", name="GS1-EPCIS-Version", asked=asked, spoken=EPCIS_VERSION)


def extensions(values: list[str]) -> dict[str, str]:
    """The namespaces of `GS1-Extensions`: prefix -> URI; `InputError("header-value")`."""
    items = [item.strip() for value in values for item in value.split(",") if item.strip()]
    if len(items) > _MOST_EXTENSIONS:
        raise InputError("header-value", name="GS1-Extensions", value=f"{len(items)} …", allowed="prefix=URI")
    found = {}
    for item in items:
        match = _EXTENSION.fullmatch(item)
        if match is None:
            raise InputError("header-value", name="GS1-Extensions", value=item[:80], allowed="prefix=URI")
        found[match[1]] = match[2]
    return found


def written(namespaces: Mapping[str, str]) -> str:
    """Namespaces as the header says them; what no header may hold is left out."""
    return ", ".join(f"{name}={uri}" for name, uri in namespaces.items() if uri.isascii() and uri.isprintable())


def _range(headers: Headers, standard: str) -> None:
    low, high = (_version(headers, f"GS1-{standard}-{end}") for end in ("Min", "Max"))
    if low is not None and low > SPOKEN:
        _refuse(f"GS1-{standard}-Min", low)
    if high is not None and high < SPOKEN:
        _refuse(f"GS1-{standard}-Max", high)


def _refuse(name: str, asked: tuple[int, int]) -> None:
    raise InputError("version-not-supported", name=name, asked=".".join(map(str, asked)), spoken=EPCIS_VERSION)


def _version(headers: Headers, name: str) -> tuple[int, int] | None:
    value = (headers.get(name) or "").strip()
    if not value:
        return None
    if _VERSION.fullmatch(value) is None:
        raise InputError("header-value", name=name, value=value[:80], allowed="2.0.0")
    major, minor, *_ = [int(part) for part in value.split(".")] + [0]
    return major, minor


def _chosen(headers: Headers, name: str, allowed: tuple[Choice, ...], default: Choice) -> Choice:
    value = (headers.get(name) or "").strip()
    found = next((each for each in allowed if each.lower() == value.lower()), None) if value else default
    if found is None:
        raise InputError("header-value", name=name, value=value[:80], allowed=", ".join(allowed))
    return found
