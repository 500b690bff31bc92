"""The JSON-LD contexts that credentials are read with: ours, and none that comes from anywhere else.

- Two addresses are known: W3C's credentials of version 2, of which we hold the terms that a credential and its proof
  need, and GS1's EPCIS, made from our table of terms. Any other address is refused, and nothing is ever fetched.
- A term that we do not hold has no meaning here, so that a document with it is refused (`exporters.credentials.rdf`).

    load("https://www.w3.org/ns/credentials/v2")["@context"]["VerifiableCredential"]["@id"]

W3C Verifiable Credentials Data Model 2.0 appendix B; W3C Data Integrity 1.0 section 2.4.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from schemas.epcis.context import ADDRESSES, context
from schemas.errors import InputError

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
_VC, _SEC = "https://www.w3.org/2018/credentials#", "https://w3id.org/security#"
_DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
_ALIASES = {"id": "@id", "type": "@type"}
_NAMED = {"name": "https://schema.org/name", "description": "https://schema.org/description"}
# What a credential may say of itself; each names a thing.
_OF_CREDENTIAL = (
    "confidenceMethod", "credentialSchema", "credentialStatus", "credentialSubject", "evidence", "issuer",
    "refreshService", "relatedResource", "renderMethod", "termsOfUse",
)  # fmt: skip
_OF_PROOF = ("challenge", "domain", "nonce")
# What a key may be for: the word in a proof, and the relation it names.
_PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "assertionMethod": "assertionMethod",
        "authentication": "authenticationMethod",
        "capabilityDelegation": "capabilityDelegationMethod",
        "capabilityInvocation": "capabilityInvocationMethod",
        "keyAgreement": "keyAgreementMethod",
    }
)


def load(address: str, more: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """The context at an address; `InputError("credential-context")` for one that is not known. `more`: others."""
    if address == CREDENTIALS:
        return credentials()
    if address in ADDRESSES:
        return context(ADDRESSES[address])
    if address in more:
        return more[address]
    raise InputError("credential-context", address=address[:200], known=", ".join((CREDENTIALS, *ADDRESSES)))


@cache
def credentials() -> Mapping[str, Any]:
    """The terms of a credential and its proof; shared, so not to be changed."""
    dated = {name: {"@id": _VC + name, "@type": _DATE} for name in ("validFrom", "validUntil")}
    things = {name: {"@id": _VC + name, "@type": "@id"} for name in _OF_CREDENTIAL}
    proof = {"proof": {"@id": _SEC + "proof", "@type": "@id", "@container": "@graph"}}
    whole = {
        "@protected": True,
        **_ALIASES,
        **_NAMED,
        "VerifiableCredential": _scoped(_VC + "VerifiableCredential", {**_NAMED, **things, **dated, **proof}),
        "DataIntegrityProof": _scoped(_SEC + "DataIntegrityProof", _proof()),
    }
    return MappingProxyType({"@context": whole})


def _proof() -> dict[str, Any]:
    relations = {
        word: {"@id": _SEC + relation, "@type": "@id", "@container": "@set"} for word, relation in _PURPOSES.items()
    }
    return {
        **{name: _SEC + name for name in _OF_PROOF},
        "created": {"@id": "http://purl.org/dc/terms/created", "@type": _DATE},
        "expires": {"@id": _SEC + "expiration", "@type": _DATE},
        "cryptosuite": {"@id": _SEC + "cryptosuite", "@type": _SEC + "cryptosuiteString"},
        "previousProof": {"@id": _SEC + "previousProof", "@type": "@id"},
        "proofPurpose": {**_scoped(_SEC + "proofPurpose", relations), "@type": "@vocab"},
        "proofValue": {"@id": _SEC + "proofValue", "@type": _SEC + "multibase"},
        "verificationMethod": {"@id": _SEC + "verificationMethod", "@type": "@id"},
    }


def _scoped(iri: str, terms: Mapping[str, Any]) -> dict[str, Any]:
    """A term that brings terms with it."""
    return {"@id": iri, "@context": {"@protected": True, **_ALIASES, **terms}}
