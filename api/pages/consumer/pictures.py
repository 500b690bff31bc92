"""A member's picture: the document whose digest its master data signs, without what the camera wrote beside it.

- Only a picture that the page of a published lot names is given out, and only from the member that named it.
- On the page itself stands one of at most `MOST_SHOWN` bytes, so that the page stays light; a larger one is a link.

    picture(node, voice)  ->  the bytes of a JPEG
"""

from exporters.facts.pack import Voice
from ledger.audience import full
from ledger.custody.documents import Subject, find, read
from ledger.node import Node
from ledger.readside.introduced import own_party
from schemas.bare_picture import bare
from schemas.errors import EvidenceError, InputError

MOST_SHOWN = 24 << 10


def picture(node: Node, voice: Voice) -> bytes | None:
    """The picture that a member names; None where it is not attached, was erased, or is none."""
    party = own_party(node, voice.member)
    if not voice.picture or not party:
        return None
    for document in find(node, Subject((party,)), audience=full()):
        digest = document.sha256
        if document.member == voice.member and digest is not None and digest.hex() == voice.picture:
            try:
                return bare(read(node, document.index, audience=full()).data, voice.media_type)
            except (EvidenceError, InputError):
                return None
    return None
