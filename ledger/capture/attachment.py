"""A file to be attached, as it comes in: what it is, its digest, and what its `document` entry will say of it.

- What it is says its content (`schemas.file_kind`), never its name; the name is kept for people, without folders.
- The entry is about lots, units or other things (`about`, canonical URIs), or about an entry (`entry`, its leaf hash).

    attachment = read_attachment(data, name="ddt 117.pdf")
    content(attachment, id="urn:uuid:…", about=["https://id.gs1.org/01/…/10/…"])

ARCHITECTURE.md 3.2 (kind `document`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PureWindowsPath
from typing import Any

from schemas.errors import InputError
from schemas.file_kind import SUFFIXES, file_kind
from schemas.syntax import base64url
from schemas.syntax.json_text import Number

MOST_BYTES = 25 << 20
MOST_NAME = 120
KIND = "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: the name people know it by, its media type, its SHA-256 and its bytes."""

    name: str
    media_type: str
    sha256: bytes
    data: bytes


def read_attachment(data: bytes, *, name: str) -> Attachment:
    """The file, judged; `InputError`: `file-too-large`, `file-name`, and those of `file_kind`, naming the file."""
    if len(data) > MOST_BYTES:
        raise InputError("file-too-large", file=name[:MOST_NAME], size=len(data), limit=MOST_BYTES)
    try:
        media_type = file_kind(data)
    except InputError as error:
        raise error.within(file=name[:MOST_NAME]) from None
    # Both kinds of folders: what comes from a phone or another system was named there.
    bare = PureWindowsPath(name).name.strip()
    if bare in ("", "-"):
        bare = "document" + SUFFIXES[media_type]
    if len(bare) > MOST_NAME or not bare.isprintable():
        raise InputError("file-name", limit=MOST_NAME)
    return Attachment(bare, media_type, sha256(data).digest(), data)


def content(
    attachment: Attachment, *, id: str, about: Sequence[str] = (), entry: bytes | None = None
) -> dict[str, Any]:
    """What the `document` entry says."""
    said: dict[str, Any] = {
        "type": KIND,
        "id": id,
        "mediaType": attachment.media_type,
        "sha256": base64url.encode(attachment.sha256),
        "size": Number(str(len(attachment.data))),
        "name": attachment.name,
    }
    if about:
        said["about"] = list(about)
    if entry is not None:
        said["entry"] = base64url.encode(entry)
    return said
