"""Documents: files attached to lots, things and entries; found again, and held against what their entries sign.

- The file is kept first, encrypted under its member's key (`ledger.store.files`), then the entry is signed and logged.
  Where that fails the file is taken away again; what a crash leaves behind is swept a day later.
- Said again, the same file about the same thing is answered with the entry that stands, unless it was erased.
- Who may see the entry whole may see the file: the member whose it is, who was given it, the operator. For everybody
  else it is not there.
- What is read is held against the SHA-256 that the entry signs; `check` does so for an audit.

    attach(node, attachment, Subject(("https://id.gs1.org/01/…/10/…",)), iss=iss, kid=kid)
    read(node, 41, audience=audience).data

ARCHITECTURE.md 3.2, 3.8; docs/adr/0040-files-beside-the-ledger.md.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from ledger.audience import Audience
from ledger.capture.attachment import KIND, Attachment, content
from ledger.entry.parse import Entry
from ledger.keys.keyring import Keyring
from ledger.registry.replay import Registry
from ledger.store import attached, files
from ledger.store.engine import Store
from ledger.writer.answers import Captured
from ledger.writer.desk import Desk
from ledger.writer.hand_in import HandIn
from ledger.writer.request import State
from ledger.writer.statement import Spoken
from schemas.errors import EvidenceError, InputError
from schemas.gs1.canonical import tagged_object
from schemas.syntax import base64url
from schemas.syntax.json_text import Number


class Opened(Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    store: Store
    keyring: Keyring
    clock: Callable[[], float]
    random: Callable[[int], bytes]

    @property
    def registry(self) -> Registry:
        """Members and keys."""
        ...

    @property
    def desk(self) -> Desk | HandIn:
        """Who signs and logs."""
        ...

    def entry(self, index: int) -> Entry:
        """The entry at an index with what is held of it."""
        ...

    def settled(self) -> None:
        """Return when the read side holds every entry that was committed."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about: things by canonical URI, or an entry by its leaf hash."""

    things: tuple[str, ...] = ()
    entry: bytes | None = None

    @property
    def names(self) -> list[str]:
        """As `ledger.store.attached` names them."""
        return [*self.things, *([] if self.entry is None else [attached.entry_subject(self.entry)])]


@dataclass(frozen=True, slots=True)
class Document:
    """A document: where its entry stands, whose it is, and what is left of what it says; None where it is hidden.

    `held`: whether its file is here.
    """

    index: int
    leaf: bytes
    member: str
    id: str | None
    name: str | None
    media_type: str | None
    sha256: bytes | None
    size: int | None
    about: tuple[str, ...]
    entry: bytes | None
    held: bool


@dataclass(frozen=True, slots=True)
class File:
    """A document with its bytes, which have the digest that its entry signs."""

    document: Document
    data: bytes


def attach(
    opened: Opened, attachment: Attachment, subject: Subject, *, iss: str, kid: str, allow_repeat: bool = False
) -> Captured:
    """Keep the file and log its entry for a member, signed with its gateway key `kid`.

    `UnavailableError`: `disk-full` and the like; whatever is raised, no file stays without its entry.
    """
    now = opened.clock()
    files.sweep(opened.store, now)
    opened.settled()
    if not allow_repeat and (earlier := _repeated(opened, attachment, subject, iss)) is not None:
        return earlier
    id = f"urn:uuid:{uuid.UUID(bytes=opened.random(16), version=4)}"
    said = content(attachment, id=id, about=subject.things, entry=subject.entry)
    objects = tuple(uri for uri in subject.things if tagged_object(uri) == uri)
    file = files.keep(opened.store, attachment.data, opened.keyring.wrapping_key(iss), now, opened.random)
    try:
        spoken = Spoken(KIND, said, objects, subject.entry, file)
        return opened.desk.state(State(iss, kid, spoken))[0]
    except InputError:
        # Refused before anything was logged. Of any other failure nobody here knows whether it was.
        files.discard(opened.store, file)
        raise


def bring(opened: Opened, index: int, data: bytes, *, iss: str) -> None:
    """Keep the file of a document that a device of the member signed by itself; brought again it is kept once.

    `InputError`: `document-unknown` where the entry is no document of the member's, `document-erased`,
    `document-other-file` where its entry signs other bytes.
    """
    now = opened.clock()
    files.sweep(opened.store, now)
    entry = opened.entry(index)
    if entry.claims.kind != KIND or entry.claims.iss != iss:
        raise InputError("document-unknown", entry=index)
    document = _document(opened, index, entry)
    if document.sha256 is None:
        raise InputError("document-erased", entry=index)
    if sha256(data).digest() != document.sha256:
        raise InputError("document-other-file", entry=index)
    if document.held:
        return
    file = files.keep(opened.store, data, opened.keyring.wrapping_key(iss), now, opened.random)
    with opened.store.begin() as connection:
        files.tie(connection, file, index)


def find(opened: Opened, subject: Subject, *, audience: Audience) -> list[Document]:
    """The documents about a subject that an audience may see, in the log's order."""
    opened.settled()
    with opened.store.read() as connection:
        indexes = attached.about(connection, subject.names)
    return [_document(opened, index, entry) for index, entry in _seen(opened, indexes, audience)]


def read(opened: Opened, index: int, *, audience: Audience) -> File:
    """A document with its file.

    `InputError`: `document-unknown` where there is none that the audience may see, `document-erased`;
    `EvidenceError`: `document-missing`, `document-damaged` where the store does not hold what the entry signs.
    """
    found = _seen(opened, [index], audience)
    if not found or found[0][1].claims.kind != KIND:
        raise InputError("document-unknown", entry=index)
    document = _document(opened, index, found[0][1])
    if document.sha256 is None:
        raise InputError("document-erased", entry=index)
    return File(document, _bytes(opened, document, document.sha256))


def check(opened: Opened, index: int) -> bool:
    """Hold the file of an entry against what it signs: True where it is right, False where no file is to be here.

    What a device signed itself may never have brought its file; what the gateway signs always did.
    `EvidenceError`: `document-missing`, `document-damaged`, `document-kept` for one whose digest was erased.
    """
    entry = opened.entry(index)
    document = _document(opened, index, entry)
    if document.sha256 is None:
        if document.held:
            raise EvidenceError("document-kept", entry=index)
        return False
    key = opened.registry.key_state(entry.jwt.kid)
    if not document.held and (key is None or key.role != "gateway"):
        return False
    _bytes(opened, document, document.sha256)
    return True


def _bytes(opened: Opened, document: Document, digest: bytes) -> bytes:
    with opened.store.read() as connection:
        sealed = files.sealed(opened.store, connection, document.index)
    if sealed is None or sealed.data is None or sealed.wrapped is None:
        raise EvidenceError("document-missing", entry=document.index)
    try:
        data = sealed.opened(opened.keyring.wrapping_key(document.member))
    except EvidenceError:
        raise EvidenceError("document-damaged", entry=document.index) from None
    if sha256(data).digest() != digest:
        raise EvidenceError("document-damaged", entry=document.index)
    return data


def _repeated(opened: Opened, attachment: Attachment, subject: Subject, iss: str) -> Captured | None:
    with opened.store.read() as connection:
        indexes = attached.about(connection, subject.names)
    for index in indexes:
        entry = opened.entry(index)
        if entry.claims.iss != iss:
            continue
        found = _document(opened, index, entry)
        same = found.sha256 == attachment.sha256 and found.about == subject.things and found.entry == subject.entry
        if same and found.held:
            return Captured(0, found.id or "", index, found.leaf, True)
    return None


def _seen(opened: Opened, indexes: Sequence[int], audience: Audience) -> list[tuple[int, Entry]]:
    """The entries of these that an audience may see whole."""
    found = []
    for index in indexes:
        try:
            entry = opened.entry(index)
        except InputError as error:
            if error.code != "entry-missing":
                raise
            continue
        if audience.opens(entry):
            found.append((index, entry))
    return found


def _document(opened: Opened, index: int, entry: Entry) -> Document:
    said: dict[str, Any] = dict(entry.content or {})
    with opened.store.read() as connection:
        held = files.sealed(opened.store, connection, index) is not None
    about = said.get("about")
    size = said.get("size")
    return Document(
        index,
        entry.jwt.leaf,
        entry.claims.iss,
        _text(said.get("id")),
        _text(said.get("name")),
        _text(said.get("mediaType")),
        _digest(said.get("sha256")),
        int(size.text) if isinstance(size, Number) and size.text.isdigit() else None,
        tuple(uri for uri in about if isinstance(uri, str)) if isinstance(about, list) else (),
        _digest(said.get("entry")),
        held,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _digest(value: Any) -> bytes | None:
    try:
        return base64url.decode(value) if isinstance(value, str) else None
    except InputError:
        return None
