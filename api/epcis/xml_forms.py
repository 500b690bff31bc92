"""Problems and capture jobs in XML, as the standard's own schema has them; events are `schemas.epcis.xml_write`'s.

- `EPCISException` and `EPCISCaptureJob` in the namespace `urn:epcglobal:epcis:xsd:2`, their members without one.
- What the schema does not know (`code`, `event`, `member`) stands after the rest in a namespace of ours.

    problem_xml({"type": "epcisException:ValidationException", "title": …})

EPCIS 2.0 schema EPCglobal-epcis-2_0.xsd (`RFC7807ProblemResponseBodyType`, `EPCISCaptureJobType`).
"""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

NAMESPACE = "urn:epcglobal:epcis:xsd:2"
OWN = "urn:filiera:problem"
PROBLEM = "application/problem+xml"
_PROBLEM = ("type", "title", "status", "detail", "instance")
_FURTHER = ("code", "event", "member")
_REPLACEMENT = "\ufffd"
register_namespace("epcis", NAMESPACE)
register_namespace("filiera", OWN)


def problem_xml(said: Mapping[str, Any]) -> bytes:
    """A problem document."""
    return _written(_problem(Element(f"{{{NAMESPACE}}}EPCISException"), said))


def job_xml(said: Mapping[str, Any]) -> bytes:
    """A capture job, as the contract's JSON has it."""
    root = Element(f"{{{NAMESPACE}}}EPCISCaptureJob")
    for name in ("captureID", "running", "success"):
        root.set(name, _text(said[name]))
    for name in ("captureErrorBehaviour", "createdAt", "finishedAt"):
        if name in said:
            SubElement(root, name).text = _text(said[name])
    if said["errors"]:
        errors = SubElement(root, "errors")
        for error in said["errors"]:
            _problem(SubElement(errors, "error"), error)
    return _written(root)


def _problem(element: Element, said: Mapping[str, Any]) -> Element:
    for name in _PROBLEM:
        if name in said:
            SubElement(element, name).text = _text(said[name])
    for name in _FURTHER:
        if name in said:
            SubElement(element, f"{{{OWN}}}{name}").text = _text(said[name])
    return element


def _text(value: object) -> str:
    """A value as XML has it; characters that no XML may hold are replaced."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "".join(each if each in "\t\n\r" or each.isprintable() else _REPLACEMENT for each in text)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
