"""Issue a credential: a bundle in, a file out that a member's key signed.

- What is said is the format's content, a function of the bundle (`exporters.formats.credential`); what is added is who
  says it, and the signature. Signatures are deterministic, so that the same bundle and key give the same bytes.
- Nothing is signed that this program would not verify: the finished file is asked for its own verdicts first.

    issue(catalogue.format_of("credential"), bundle, signer, iss, language="it")

W3C Verifiable Credentials Data Model 2.0 section 4.12 (securing mechanisms).
"""

from typing import Any

from exporters.claim import Claim, tree
from exporters.credentials import data_integrity, envelope
from exporters.facts.history import read
from exporters.files.json_file import MEMBER
from exporters.files.jwt_file import ISSUER
from exporters.format import STANDARD, Format, Paper
from exporters.formats.credential import BESIDE, issuer
from ledger.keys.signer import Signer
from schemas.errors import InputError
from schemas.syntax import json_text
from schemas.syntax.json_text import Json
from schemas.wording import Language


def issue(format: Format[dict[str, Json]], bundle: bytes, signer: Signer, iss: str, *, language: Language) -> bytes:
    """The credential of a member, signed by a key of it.

    `MissingData` where the bundle lacks what an event cannot be without; `InputError("credential-refused")` where the
    bundle does not let this key issue it; what `exporters.credentials.rdf.canonical` raises.
    """
    paper = Paper((read(bundle),), STANDARD, language)
    format.check(paper)
    claim = Claim(format.name, STANDARD.name, language, (bundle,))
    said: dict[str, Any] = {**format.content(paper), ISSUER: issuer(paper.facts[0], iss), MEMBER: tree(claim)}
    data = _beside(said, signer) if format is BESIDE else envelope.seal(said, signer)
    _check(format, paper, claim, data)
    return data


def _beside(said: dict[str, Any], signer: Signer) -> bytes:
    proof = data_integrity.proof(said, signer, created=said["validFrom"])
    return json_text.write({**said, data_integrity.PROOF: {**proof}})


def _check(format: Format[Any], paper: Paper, claim: Claim, data: bytes) -> None:
    assert format.issued is not None
    opinion = format.issued(paper, claim, data)
    if opinion.answer != "yes":
        first = opinion.reasons[0]
        raise InputError("credential-refused", problem=first.code, **first.context)
