"""Official Schematron rules run as they are: a `.sch` file becomes an XSLT 2 stylesheet, and Saxon runs it.

- Of a document the identifiers of the assertions that fail are given, each once, with the flag it carries.
- In a pattern the first rule whose context an element meets is the one that holds for it (ISO/IEC 19757-3, 6.5).

    Schematron(path).failed(b"<DespatchAdvice …>")  ->  {"PEPPOL-T16-R003"}
"""

from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree
from saxonche import PySaxonProcessor

_SCH = "{http://purl.oclc.org/dsdl/schematron}"
_XSL = "{http://www.w3.org/1999/XSL/Transform}"


class Schematron:
    """One compiled schema."""

    def __init__(self, file: Path) -> None:
        self._processor = PySaxonProcessor(license=False)
        compiler = self._processor.new_xslt30_processor()
        self._executable = compiler.compile_stylesheet(stylesheet_text=stylesheet(file))

    def failed(self, document: bytes) -> set[str]:
        """The assertions that fail."""
        node = self._processor.parse_xml(xml_text=document.decode("utf-8"))
        return set(str(self._executable.transform_to_string(xdm_node=node)).split())


def stylesheet(file: Path) -> str:
    """The schema as XSLT."""
    root = etree.parse(file).getroot()
    spaces = " ".join(f'xmlns:{ns.get("prefix")}="{ns.get("uri")}"' for ns in root.iter(f"{_SCH}ns"))
    functions = "".join(etree.tostring(each, encoding="unicode") for each in root.iter(f"{_XSL}function"))
    patterns = [_included(file, each) for each in root if each.tag in (f"{_SCH}pattern", f"{_SCH}include")]
    lets = "".join(_let(each) for pattern in [root, *patterns] for each in pattern.iterchildren(f"{_SCH}let"))
    bodies = "".join(_pattern(number, pattern) for number, pattern in enumerate(patterns))
    calls = "".join(f'<xsl:apply-templates select="/" mode="p{number}"/>' for number in range(len(patterns)))
    return (
        f'<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" {spaces}>'
        f'<xsl:output method="text"/>{lets}{functions}<xsl:template match="/">{calls}</xsl:template>{bodies}'
        "</xsl:stylesheet>"
    )


def _included(file: Path, element: etree._Element) -> etree._Element:
    if element.tag == f"{_SCH}include":
        return etree.parse(file.parent / element.get("href", "")).getroot()
    return element


def _let(let: etree._Element) -> str:
    return f'<xsl:variable name="{let.get("name")}" select={quoteattr(let.get("value", ""))}/>'


def _pattern(number: int, pattern: etree._Element) -> str:
    inside = f'<xsl:apply-templates select="@*|*" mode="p{number}"/>'
    rules = list(pattern.iterchildren(f"{_SCH}rule"))
    templates = "".join(_rule(rule, number, len(rules) - place, inside) for place, rule in enumerate(rules))
    return f'<xsl:template match="/|@*|*" mode="p{number}" priority="0">{inside}</xsl:template>{templates}'


def _rule(rule: etree._Element, number: int, priority: int, inside: str) -> str:
    asserts = "".join(_assert(each) for each in rule.iterchildren(f"{_SCH}assert"))
    context = quoteattr(rule.get("context", ""))
    return f'<xsl:template match={context} mode="p{number}" priority="{priority}">{asserts}{inside}</xsl:template>'


def _assert(found: etree._Element) -> str:
    test = quoteattr(f"not({found.get('test')})")
    return f"<xsl:if test={test}><xsl:text>{found.get('id')} </xsl:text></xsl:if>"
