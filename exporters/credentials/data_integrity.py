"""A Data Integrity proof: a signature beside what it signs, in `ecdsa-rdfc-2019` (P-256) or `eddsa-rdfc-2022`.

- Signed are two digests: of the proof's own members and of the document without it, each as canonical RDF.
- The key stands in the proof as `did:key`. Whose it is, and whether it may say such things, is asked elsewhere.
- One proof, for an assertion, with no member beyond those that we write: what says more is refused, not passed over.
- A signature of ECDSA has a twin, and other programs write either: both count, as nothing here is named by its bytes.

    signed = {**document, "proof": proof(document, signer, created="2026-07-20T12:00:00Z")}
    verify(signed).kid

W3C Data Integrity 1.0; W3C DI EdDSA Cryptosuites 1.0 section 3.2, DI ECDSA Cryptosuites 1.0 section 3.2.
"""

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from exporters.credentials.did_key import method, public_key
from exporters.credentials.rdf import canonical
from ledger.keys.signature import P256_ORDER, SIGNATURE_SIZE, Alg, PublicKey
from ledger.keys.signer import Signer
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base58

PROOF = "proof"
SUITES: Mapping[Alg, str] = MappingProxyType({"ES256": "ecdsa-rdfc-2019", "Ed25519": "eddsa-rdfc-2022"})
_MEMBERS = frozenset({"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"})
_NONE: Mapping[str, Any] = MappingProxyType({})
_HALF = SIGNATURE_SIZE // 2


def proof(document: Mapping[str, Any], signer: Signer, *, created: str) -> dict[str, str]:
    """The proof of a document; what `exporters.credentials.rdf.canonical` raises."""
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITES[signer.public.alg],
        "created": created,
        "verificationMethod": method(signer.public),
        "proofPurpose": "assertionMethod",
    }
    signature = signer.sign(_digests(document, config, _NONE))
    return {**config, "proofValue": "z" + base58.encode(signature)}


def verify(signed: Mapping[str, Any], *, contexts: Mapping[str, Any] = _NONE) -> PublicKey:
    """The key whose proof the document carries; `EvidenceError` where the signature is another's, `InputError`
    (`credential-proof`, `did-key`, and those of `canonical`) where it cannot be read."""
    found = signed.get(PROOF)
    if not isinstance(found, Mapping) or set(found) != _MEMBERS or not all(isinstance(v, str) for v in found.values()):
        raise InputError("credential-proof", member=PROOF)
    if (found["type"], found["proofPurpose"]) != ("DataIntegrityProof", "assertionMethod"):
        raise InputError("credential-proof", member="proof/proofPurpose")
    key = public_key(found["verificationMethod"])
    if found["cryptosuite"] != SUITES[key.alg]:
        raise InputError("credential-proof", member="proof/cryptosuite")
    config = {name: value for name, value in found.items() if name != "proofValue"}
    document = {name: value for name, value in signed.items() if name != PROOF}
    key.verify(_signature(found["proofValue"], key.alg), _digests(document, config, contexts))
    return key


def _digests(document: Mapping[str, Any], config: Mapping[str, Any], contexts: Mapping[str, Any]) -> bytes:
    own = {"@context": document.get("@context"), **config}
    return b"".join(sha256(canonical(each, contexts=contexts).encode("utf-8")).digest() for each in (own, document))


def _signature(value: str, alg: Alg) -> bytes:
    raw = base58.decode(value[1:]) if value[:1] == "z" else b""
    if len(raw) != SIGNATURE_SIZE:
        raise EvidenceError("signature-wrong", alg=alg)
    s = int.from_bytes(raw[_HALF:], "big")
    if alg == "ES256" and P256_ORDER // 2 < s < P256_ORDER:
        return raw[:_HALF] + (P256_ORDER - s).to_bytes(_HALF, "big")
    return raw
