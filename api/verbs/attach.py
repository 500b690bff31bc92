"""Attach files to lots, things and entries; list the documents about one, and give a file back.

- A lot or unit is named in any form, a thing of master data by its URI, an entry by its index. Attached is only to what
  the ledger holds and the asker may know of: a file about nothing would never be found again.

    attach(node, data, name="ddt 117.pdf", to="(01)09521001002011(10)F26175", audience=full())

ARCHITECTURE.md 3.2 (kind `document`), section 7.
"""

from api.verbs.export_bundle import may_know, object_uri
from api.verbs.master import thing_id
from ledger.audience import Audience
from ledger.capture.attachment import read_attachment
from ledger.custody import documents
from ledger.custody.documents import Document, File, Subject
from ledger.node import Node
from ledger.store import master
from ledger.writer.answers import Captured
from schemas.errors import InputError
from schemas.gs1.canonical import check


def attach(
    node: Node,
    data: bytes,
    *,
    name: str,
    to: str,
    audience: Audience,
    member: str | None = None,
    key: str | None = None,
    allow_repeat: bool = False,
) -> Captured:
    """Keep a file and log its `document` entry, signed with the member's gateway key.

    `InputError`: `attach-unknown` where the ledger does not hold `to`, those of `read_attachment` and `gateway_key`.
    """
    attachment = read_attachment(data, name=name)
    subject = _subject(node, to, audience)
    iss = member or node.own_member()
    kid = node.gateway_key(iss, key)
    return documents.attach(node, attachment, subject, iss=iss, kid=kid, allow_repeat=allow_repeat)


def bring_document(node: Node, index: int, data: bytes, *, member: str) -> None:
    """Bring the file of a document that a member's device signed: a photo, taken where there was no network.

    `InputError`: `document-other-file`, `document-unknown`, `document-erased`, those of `read_attachment`.
    """
    read_attachment(data, name="-")
    documents.bring(node, index, data, iss=member)


def list_documents(node: Node, about: str, *, audience: Audience) -> list[Document]:
    """The documents about a lot, thing or entry that an audience may see. `InputError("attach-unknown")`."""
    return documents.find(node, _subject(node, about, audience), audience=audience)


def read_document(node: Node, index: int, *, audience: Audience) -> File:
    """A document's file, held against the digest that its entry signs.

    `InputError`: `document-unknown`, `document-erased`; `EvidenceError`: `document-missing`, `document-damaged`.
    """
    return documents.read(node, index, audience=audience)


def _subject(node: Node, text: str, audience: Audience) -> Subject:
    name = text.strip()
    if name.isascii() and name.isdigit() and len(name) <= 15:
        return _entry(node, int(name), audience)
    try:
        uri = object_uri(name)
        if may_know(node, audience)(uri) and node.source.entries_of(uri):
            return Subject((uri,))
    except InputError as error:
        if error.code != "lot-expected":
            raise
    uri = thing_id(name)
    node.settled()
    with node.store.read() as connection:
        if not master.versions(connection, uri, seen_by=audience):
            # Said only of what the log does not hold: a name that was logged is found as it was logged.
            if ":" in name and not name.startswith("("):
                check(name)
            raise InputError("attach-unknown", to=text[:200])
    return Subject((uri,))


def _entry(node: Node, index: int, audience: Audience) -> Subject:
    try:
        entry = node.entry(index)
        if may_know(node, audience)(index) and entry.claims.private:
            return Subject(entry=entry.jwt.leaf)
    except InputError as error:
        if error.code != "entry-missing":
            raise
    raise InputError("attach-unknown", to=str(index))
