"""The standard's exception names: what an error is called by who reads EPCIS problems.

- The names are those of the official contract, word for word, with its prefix `epcisException:`.
- A name that is no query's is `NoSuchNameException`; anything else that is not there is `NoSuchResourceException`. The
  contract's 404 gives the one in its schema and the other in its example (docs/adr/0026-blemishes-of-the-contract.md).
- Where the contract has no name for a status (405, 408), the problem is `about:blank`.

    exception_of(InputError("query-parameter-unknown", …))  ->  "epcisException:QueryParameterException"

GS1 EPCIS 2.0 section 12; REST Bindings openapi.json.
"""

from collections.abc import Mapping
from typing import Any

from api.problems import BLANK, problem, status_of
from schemas.errors import LedgerError
from schemas.wording import Language

PREFIX = "epcisException:"
_BY_STATUS: Mapping[int, str] = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchResourceException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    413: "CaptureLimitExceededException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
    500: "ImplementationException",
    501: "ImplementationException",
    503: "ImplementationException",
}
_BY_CODE: Mapping[str, str] = {
    "query-missing": "NoSuchNameException",
    "query-too-large": "QueryTooLargeException",
    "query-too-many-sites": "QueryTooComplexException",
    "query-too-complex": "QueryTooComplexException",
    "query-not-object": "QueryValidationException",
    "query-name": "QueryValidationException",
    "query-member-unknown": "QueryValidationException",
    "page-token": "QueryParameterException",
    "page-token-other": "QueryParameterException",
    "page-token-expired": "QueryParameterException",
    "page-size": "QueryParameterException",
}
_BY_PREFIX: Mapping[str, str] = {
    "query-": "QueryParameterException",
    "subscription": "SubscriptionControlsException",
    "schedule-": "SubscriptionControlsException",
    "url-": "SubscriptionControlsException",
    "address-private": "SubscriptionControlsException",
}


def exception_of(error: LedgerError) -> str:
    """The `type` of an error, as the contract writes it; `about:blank` where it has no name for it."""
    name = _BY_CODE.get(error.code)
    status = status_of(error)
    if name is None and status == 400:
        name = next((name for prefix, name in _BY_PREFIX.items() if error.code.startswith(prefix)), None)
    name = name or _BY_STATUS.get(status)
    return PREFIX + name if name else BLANK


def epcis_problem(error: LedgerError, language: Language) -> dict[str, Any]:
    """The problem document of an error under `/epcis`."""
    return problem(error, language, type=exception_of(error))
