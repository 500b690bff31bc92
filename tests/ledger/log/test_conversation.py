"""A published conversation of a log with its witness: each request judged as the witness answered."""

import re
from base64 import b64decode
from dataclasses import dataclass

from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.merkle import empty_root, verify_consistency
from ledger.log.note import VerifierKey
from schemas.errors import EvidenceError, LedgerError
from tests.official import official

_REQUEST = re.compile(r"^POST \S+\n```\n(old .*?)```\nHTTP (\d+)", re.MULTILINE | re.DOTALL)


@dataclass
class Witness:
    """What a witness keeps of one log, and the answers of c2sp.org/tlog-witness."""

    vkey: VerifierKey
    last: Checkpoint

    def add(self, body: str) -> int:
        head, _, note = body.partition("\n\n")
        old, *lines = head.split("\n")
        try:
            found = open_checkpoint(note.encode(), self.vkey)
        except LedgerError:
            # The invalid signature of this conversation also has stray bits in its base64, which we refuse first.
            return 403
        if int(old.removeprefix("old ")) != self.last.size:
            return 409
        proof = [b64decode(line) for line in lines if line]
        try:
            if self.last.size:
                verify_consistency(self.last.size, found.size, self.last.root, found.root, proof)
        except EvidenceError:
            return 422
        self.last = found
        return 200


def test_every_request_gets_the_published_answer() -> None:
    text = official("crypto/c2sp-notes/witness-add-checkpoint.conversation.txt").read_text()
    key = re.search(r"hex\): ([0-9a-f]{64})", text)
    requests = _REQUEST.findall(text)
    assert key
    origin = requests[0][0].split("\n")[2]
    witness = Witness(VerifierKey.of_log(origin, bytes.fromhex(key[1])), Checkpoint(origin, 0, empty_root()))
    answers = [(witness.add(body), int(status)) for body, status in requests]
    assert [given for given, _ in answers] == [expected for _, expected in answers]
    assert {expected for _, expected in answers} == {200, 403, 409, 422}
    assert witness.last.size == 5
