"""The package of a spreadsheet: which parts are related to which, and what is in it besides a spreadsheet of values.

- A part counts by its relationship, as Excel finds it, and not by its name: two workbooks in one package, of which this
  program reads one and people see the other, are refused.
- What shows or runs something beside cells (drawings, comments, macros, links, pivots) is *besides*, and named.

    package = open_package(data);  package.workbook, package.related(package.workbook)

ECMA-376 part 2, section 6 (relationships) and part 1, section 12 (SpreadsheetML packages).
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

from exporters.files.archive import chunks, open_archive
from exporters.files.xml_events import XmlEvent, xml_events
from schemas.errors import InputError

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/",
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
OWN_PART = "filiera/paper.json"
OWN_TYPE = "application/vnd.filiera.paper+json"
OWN_RELATION = "https://filiera.invalid/rel/paper"
# What Excel, LibreOffice and libraries keep beside cells and nobody sees, by the part it hangs on.
_SILENT = {
    "": ("officeDocument", "extended-properties", "custom-properties", "core-properties", "thumbnail", OWN_RELATION,
         _MICROSOFT + "2020/02/relationships/classificationlabels"),
    "workbook": ("worksheet", "styles", "theme", "sharedStrings", "calcChain", "sheetMetadata", "customXml",
                 _MICROSOFT + "2017/10/relationships/person"),
    "worksheet": ("printerSettings",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship: its id and type (bare for those of Office's own), and the part it leads to."""

    id: str
    type: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """An open package and its main part."""

    archive: ZipFile
    workbook: str

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self.archive.NameToInfo

    def events(self, part: str) -> Iterator[XmlEvent]:
        """The tags of a part in the namespace of spreadsheets."""
        return xml_events(part, chunks(self.archive, part), MAIN)

    def related(self, part: str) -> tuple[Relation, ...]:
        """What a part is related to; of the package itself, that of ""."""
        return _relations(self.archive, part)

    def besides(self, part: str, kind: str) -> Iterator[str]:
        """What hangs on a part (of kind "", `workbook` or `worksheet`) and is neither cells nor silent."""
        for relation in self.related(part):
            if relation.external or relation.type not in _SILENT[kind]:
                yield relation.target


def open_package(data: bytes) -> Package:
    """The package; `InputError`: `sheet-workbook` where there is not one workbook, and those of `open_archive`."""
    archive = open_archive(data)
    found = [relation for relation in _relations(archive, "") if relation.type == "officeDocument"]
    if len(found) != 1 or found[0].external or found[0].target not in archive.NameToInfo:
        raise InputError("sheet-workbook", count=len(found))
    return Package(archive, found[0].target)


def _relations(archive: ZipFile, part: str) -> tuple[Relation, ...]:
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    if source not in archive.NameToInfo:
        return ()
    found = tuple(
        _relation(event.attributes, folder)
        for event in xml_events(source, chunks(archive, source), (_PACKAGE,))
        if event.begins and event.path == ("Relationships", "Relationship")
    )
    if len({relation.id for relation in found}) != len(found):
        raise InputError("archive-part-twice", part=source[:80])
    return found


def _relation(said: dict[str, str], folder: str) -> Relation:
    external = said.get("TargetMode") == "External"
    target = said.get("Target", "")
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relation(said.get("Id", ""), _bare(said.get("Type", "")), target, external)


def _bare(type: str) -> str:
    for beginning in (*OFFICE, _CORE):
        if type.startswith(beginning):
            return type[len(beginning) :]
    return type
