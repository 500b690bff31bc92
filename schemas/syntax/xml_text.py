"""Strict XML: no document type, no entity, no network, everything bounded; and XML out.

What a parser might fetch, expand or guess is refused before it is parsed, so that nothing depends on how it is set.

- Encodings are those of `ENCODINGS`, by byte order mark or declaration; bytes that are not in it are refused.
- A document type is refused, but for one that declares nothing (`<!DOCTYPE name>`): so there are no entities but the
  five of XML, no default attributes, and nothing to fetch or to expand.
- Bytes, tags and attributes of the document, depth, attributes and namespaces of an element, and the length of a value
  are bounded; comments and processing instructions are left out.
- What is refused is said with its line.

    root = read(b'<a xmlns="urn:x"><b c="1">2</b></a>'); root.tag  ->  "{urn:x}a"

XML 1.0 (fifth edition), Namespaces in XML 1.0.
"""

import codecs
import re
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from schemas.errors import InputError

Element: TypeAlias = etree._Element

MAX_BYTES = 64 * 1024 * 1024
MAX_MARKUP = 2_000_000  # tags and attributes of a document, by the characters that open them
MAX_DEPTH = 48
MAX_ATTRIBUTES = 256  # of one element
MAX_NAMESPACES = 256  # in force at one place
MAX_VALUE = 1_000_000  # characters of one text or attribute
# Every encoding that is taken, by the names it is declared under; all are read by their full name in Python.
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""<\?xml[ \t\r\n][^<>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([^"'<>]{1,40})["']""")
_DECLARATION = re.compile(r"<\?xml[ \t\r\n][^<>]*\?>")
_PROLOG = re.compile(r"(?:[ \t\r\n]+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_BEFORE = re.compile(r"<!--.*?-->|(<\?xml-stylesheet\b.*?\?>)|<\?.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[ \t\r\n]+[^\[\]<>\"'\s]+[ \t\r\n]*>")
_START_TAG = re.compile(r"<([^\s<>/!?=&]{1,400})")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BOUND = frozenset({"http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")


def read(data: bytes, *, longest: int = MAX_VALUE) -> Element:
    """The root of the document in `data`; no text or attribute of it has more than `longest` characters.

    Raises `InputError`, with `line` where there is one: `xml-too-large`, `xml-encoding`, `xml-not-text`,
    `xml-too-much-markup`, `xml-document-type`, `xml-syntax`, `xml-too-deep`, `xml-too-many-attributes`,
    `xml-too-many-namespaces`, `xml-value-too-long`.
    """
    if len(data) > MAX_BYTES:
        raise InputError("xml-too-large", limit=MAX_BYTES)
    text = _undeclared(_text(data))
    if text.count("<") + text.count("=") > MAX_MARKUP:
        raise InputError("xml-too-much-markup", limit=MAX_MARKUP)
    _no_document_type(text)
    parser = _parser(huge=longest > MAX_VALUE)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise _refused(error, parser, longest) from None
    _check(root, longest)
    return root


def _parser(*, huge: bool) -> etree.XMLParser:
    """A parser of its own for each document: it keeps the errors of what it reads. `huge`: without libxml2's bound of
    ten million characters to a text; ours hold."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=huge,
        remove_comments=True,
        remove_pis=True,
    )


def looks_like_xml(data: bytes) -> bool:
    """Whether the bytes begin as XML does and JSON never does: with `<`, after a mark and white space."""
    for mark, _ in _MARKS:
        data = data.removeprefix(mark)
    return data[:4096].replace(b"\0", b"").lstrip(b" \t\r\n")[:1] == b"<"


def root_name(data: bytes) -> str:
    """The name of the first element without its prefix, nothing else being read; empty where there is none."""
    try:
        text = _undeclared(_text(data)) if looks_like_xml(data) and len(data) <= MAX_BYTES else ""
    except InputError:
        return ""
    found = _START_TAG.match(text, _root_at(text))
    return found[1].rpartition(":")[2] if found else ""


def stylesheet(data: bytes) -> str:
    """The instruction by which a browser shows what some stylesheet makes of the document, and not the document; empty
    where there is none. `InputError` as `read` for bytes that are in no encoding of ours."""
    text = _undeclared(_text(data))
    before = _BEFORE.finditer(text[: _root_at(text)])
    return next((found[1] for found in before if found[1]), "")


def _root_at(text: str) -> int:
    """Where the first element begins, if it begins where it should."""
    prolog = _PROLOG.match(text)
    at = prolog.end() if prolog else 0
    if kind := _DOCTYPE.match(text, at):
        after = _PROLOG.match(text, kind.end())
        at = after.end() if after else kind.end()
    return at


def encoding_of(data: bytes) -> str:
    """The encoding the document is in, by mark or declaration; `InputError("xml-encoding")` for one not taken."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    declared = _DECLARED.match(data[:1024])
    name = declared[1].decode("ascii", "replace") if declared else "utf-8"
    if name.lower() == "utf-16" or (name.lower() not in ENCODINGS and name.lower() != "ascii"):
        # UTF-16 without its mark, or a name that two programs could understand differently.
        raise InputError("xml-encoding", value=name, allowed=", ".join(ENCODINGS), line=1)
    return name.lower()


def _text(data: bytes) -> str:
    encoding = encoding_of(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("xml-not-text", encoding=encoding, offset=error.start, line=line) from None


def _undeclared(text: str) -> str:
    """The text without the encoding it declares, lines kept: it is about to become UTF-8."""
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text
    return "\n" * declaration[0].count("\n") + text[declaration.end() :]


def _no_document_type(text: str) -> None:
    start = _PROLOG.match(text)
    at = start.end() if start else 0
    if text.startswith("<!DOCTYPE", at) and not _DOCTYPE.match(text, at):
        raise InputError("xml-document-type", line=text.count("\n", 0, at) + 1)


# What libxml2 calls the mistakes people make, and what the sentences call them.
_PROBLEMS = {
    "ERR_DOCUMENT_EMPTY": "no element",
    "ERR_DOCUMENT_END": "more than one element",
    "ERR_TAG_NAME_MISMATCH": "end tag of another element",
    "ERR_TAG_NOT_FINISHED": "end tag missing",
    "ERR_GT_REQUIRED": "tag not closed",
    "ERR_LT_IN_ATTRIBUTE": "< in a value",
    "ERR_ATTRIBUTE_NOT_STARTED": "value without quotes",
    "ERR_ATTRIBUTE_NOT_FINISHED": "quote missing",
    "ERR_ATTRIBUTE_REDEFINED": "attribute twice",
    "ERR_UNDECLARED_ENTITY": "entity not declared",
    "WAR_UNDECLARED_ENTITY": "entity not declared",
    "ERR_INVALID_CHAR": "character not allowed",
    "ERR_NAME_REQUIRED": "name missing",
    "ERR_RESERVED_XML_NAME": "declaration not at the start",
    "ERR_ENTITYREF_SEMICOL_MISSING": "& not written as &amp;",
    "NS_ERR_UNDEFINED_NAMESPACE": "prefix without namespace",
    "NS_ERR_ATTRIBUTE_REDEFINED": "attribute twice",
}


def _refused(error: etree.XMLSyntaxError, parser: etree.XMLParser, longest: int) -> InputError:
    first = next(iter(parser.error_log), None)
    name = first.type_name if first is not None else ""
    line, column = (first.line, first.column) if first is not None else error.position
    message = str(first.message if first is not None else error)
    # libxml2 has bounds of its own, which a document may meet before ours.
    if "depth" in message.lower():
        return InputError("xml-too-deep", line=line, limit=MAX_DEPTH)
    if name == "ERR_RESOURCE_LIMIT" or "too long" in message.lower() or "too big" in message.lower():
        return InputError("xml-value-too-long", line=line, limit=longest)
    problem = _PROBLEMS.get(name, message)
    return InputError("xml-syntax", line=line, column=column, problem=problem)


def _check(root: Element, most: int) -> None:
    """The bounds of single elements, in one walk."""
    depth = namespaces = 0
    for event, item in etree.iterwalk(root, events=("start", "end", "start-ns", "end-ns")):
        if event == "start-ns":
            namespaces += 1
        elif event == "end-ns":
            namespaces -= 1
        elif event == "end":
            depth -= 1
        else:
            depth += 1
            _bounded(item, depth, namespaces, most)


def _bounded(element: Element, depth: int, namespaces: int, most: int) -> None:
    if depth > MAX_DEPTH:
        raise InputError("xml-too-deep", line=line_of(element), limit=MAX_DEPTH)
    if namespaces > MAX_NAMESPACES:
        raise InputError("xml-too-many-namespaces", line=line_of(element), limit=MAX_NAMESPACES)
    if not isinstance(element.tag, str):
        # An entity that nobody declared: without a document type there is none that could be.
        raise InputError("xml-syntax", line=line_of(element), column=0, problem="entity not declared")
    if len(element.attrib) > MAX_ATTRIBUTES:
        raise InputError("xml-too-many-attributes", line=line_of(element), limit=MAX_ATTRIBUTES)
    longest = max(len(element.text or ""), len(element.tail or ""), *map(len, element.attrib.values()))
    if longest > most:
        raise InputError("xml-value-too-long", line=line_of(element), limit=most)


def line_of(element: Element) -> int:
    """The line an element begins on."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def split_name(tag: str) -> tuple[str, str]:
    """`{namespace}local` taken apart; the namespace is empty where there is none."""
    if tag[:1] == "{":
        space, _, local = tag[1:].partition("}")
        return space, local
    return "", tag


def is_name(text: str) -> bool:
    """Whether a text may stand as the name of an element without its prefix."""
    if _NAME.fullmatch(text):
        return True
    try:
        etree.QName(text)
    except ValueError:
        return False
    return ":" not in text and "{" not in text


@lru_cache(maxsize=1 << 10)
def is_namespace(uri: str) -> bool:
    """Whether a URI may be declared as a namespace; the two that XML itself binds may not."""
    if not uri or uri in _BOUND:
        return False
    try:
        etree.Element("a", nsmap={"p": uri})
    except ValueError:
        return False
    return True


def allowed(text: str) -> str:
    """The text with `�` for every character that XML cannot carry; the text itself where it can carry all."""
    return _NOT_XML.sub("\ufffd", text)


def write(root: Element) -> bytes:
    """The document as UTF-8 with its declaration, indented, without any that was read: only what was built here."""
    etree.indent(root, space="  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
