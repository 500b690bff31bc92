"""W3C Verifiable Credentials of a lot: a member says, under its own key, what the events of the lot say.

- The subject is the lot, with every event that counts, in the order of time, as EPCIS has it; an event without a name
  is named by its entry. `validFrom` is the day of the newest thing that the bundle holds: no clock is read.
- In an envelope (`vc+jwt`) or with a Data Integrity proof beside it. The content is a function of the bundle; the
  signature is made by `exporters.issue`, for a member whose key it is.
- `issued` asks of a credential: that its signature holds; that the bundle introduces the key and its operator's
  snapshot lets it stand; that it is an `admin` or `export` key, so that no operator, gateway or device vouches for a
  lot; that the issuer is the key's member, by the name it has in the log, and signed an event of the lot.

    content(paper)["credentialSubject"]["eventList"][0]["type"]

W3C Verifiable Credentials Data Model 2.0; ARCHITECTURE.md 3.3; docs/adr/0049-credentials-are-issued-by-members.md.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from exporters.claim import Claim
from exporters.credentials import data_integrity, envelope
from exporters.credentials.contexts import CREDENTIALS
from exporters.facts.history import Facts
from exporters.files import jwt_file
from exporters.files.json_file import MEMBER, JsonFile
from exporters.files.jwt_file import ISSUER
from exporters.format import ISSUED, Format, Missing, Paper
from exporters.formats.epcis_document import CONTEXT, NEEDS, members_of
from exporters.profiles.apply import applied
from exporters.profiles.apply import missing as lacked
from exporters.profiles.rules import Rules
from ledger.bundle import parse
from ledger.keys.signature import PublicKey
from ledger.registry.snapshot import KeyRow
from ledger.verify.account import Opinion
from ledger.verify.keys_valid import standing_rows
from ledger.verify.opened import open_bundle
from schemas.epcis.instant import written
from schemas.epcis.lacking import lacking
from schemas.epcis.own_terms import NAMESPACE, PREFIX
from schemas.errors import LedgerError
from schemas.syntax import json_text
from schemas.syntax.json_text import Json

MAY_ISSUE = ("export", "admin")
"""Roles whose keys issue credentials, the one to be preferred first."""
_RULES = Rules(event_ids="entry", namespaces="declared")
_CONTEXT: list[Json] = [
    CREDENTIALS, CONTEXT[0], {PREFIX: NAMESPACE, MEMBER: {"@id": f"{NAMESPACE}paper", "@type": "@json"}},
]  # fmt: skip


def content(paper: Paper) -> dict[str, Json]:
    """The credential without its issuer, which is whoever signs it."""
    (facts,) = paper.facts
    listed: list[Json] = [applied(_RULES, event, members_of(event)) for event in facts.standing]
    subject: dict[str, Json] = {} if facts.subject is None else {"id": facts.subject}
    return {
        "@context": _CONTEXT,
        "type": ["VerifiableCredential"],
        "validFrom": written(facts.made),
        "credentialSubject": {**subject, "eventList": listed},
    }


def issuer(facts: Facts, iss: str) -> dict[str, Json]:
    """A member as the issuer: its id for life, and the name that the log has for it."""
    name = facts.members.get(iss, {}).get("name")
    return {"id": iss, **({"name": name} if isinstance(name, str) else {})}


def missing(paper: Paper) -> Iterator[Missing]:
    """What whoever made the bundle hid and no event can be without, and prefixes that no context explains."""
    for facts in paper.facts:
        for event in facts.standing:
            for place in lacking(event.content):
                yield Missing(place.lstrip("/"), event.about, "holder", event.index)
            yield from lacked(_RULES, event, applied(_RULES, event, members_of(event)), list(CONTEXT))


def _beside(paper: Paper, claim: Claim, data: bytes) -> Opinion:
    """Whether a member issued a credential with a proof beside it."""
    opinion = Opinion(ISSUED)
    try:
        signed = json_text.read(data)
        whole = signed if isinstance(signed, dict) else {}
        _judge(opinion, paper, claim, whole, data_integrity.verify(whole))
    except LedgerError as error:
        opinion.refuse(error)
    return opinion


def _enveloped(paper: Paper, claim: Claim, data: bytes) -> Opinion:
    """Whether a member issued a credential in an envelope."""
    opinion = Opinion(ISSUED)
    try:
        found = envelope.opened(data)
        _judge(opinion, paper, claim, found.claims, found.check())
    except LedgerError as error:
        opinion.refuse(error)
    return opinion


def _judge(opinion: Opinion, paper: Paper, claim: Claim, signed: Mapping[str, Any], key: PublicKey) -> None:
    (facts,) = paper.facts
    row = standing_rows(open_bundle(parse(claim.bundles[0])), opinion).get((0, key.kid))
    if row is None:
        opinion.miss("credential-key-unknown", kid=key.kid)
        return
    if row.role not in MAY_ISSUE:
        opinion.deny("credential-role", kid=key.kid, role=row.role)
    _judge_standing(opinion, row)
    if signed.get(ISSUER) != issuer(facts, row.iss):
        opinion.deny("credential-issuer", kid=key.kid, member=row.iss)
    if all(event.member != row.iss for event in facts.standing):
        opinion.deny("credential-stranger", member=row.iss)


def _judge_standing(opinion: Opinion, row: KeyRow) -> None:
    """The credential says what the bundle says, so the key must stand where the bundle ends.

    KNOWN LIMIT: that it was ended since is for a newer bundle to say.
    """
    if row.end is not None:
        opinion.deny("credential-key-ended", row.end, kid=row.kid)
    if row.suspect is not None:
        opinion.deny("credential-key-suspect", row.suspect, kid=row.kid)


ENVELOPED: Format[dict[str, Json]] = Format(
    "credential-jwt", jwt_file.KIND, "application/vc+jwt", "vc.jwt", direction="back",
    asked_by="asked-credential-jwt", validator="RFC 7515, W3C VC JSON Schema", content=content, needs=NEEDS,
    missing=missing, single=True, issued=_enveloped,
)  # fmt: skip
BESIDE: Format[dict[str, Json]] = Format(
    "credential", JsonFile((ISSUER, data_integrity.PROOF)), "application/vc", "vc.jsonld", direction="back",
    asked_by="asked-credential", validator="W3C vectors, W3C VC JSON Schema", content=content, needs=NEEDS,
    missing=missing, single=True, issued=_beside,
)  # fmt: skip
FORMATS = (BESIDE, ENVELOPED)
