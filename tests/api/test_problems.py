"""An error as a problem document, in the caller's language."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from api.access import STATUS
from api.epcis.exceptions import PREFIX, epcis_problem, exception_of
from api.problems import STATUSES, language_of, problem, respond, status_of
from schemas.errors import EvidenceError, InputError, LedgerError, UnavailableError
from schemas.wording import LANGUAGES, catalogue
from tests.official import official

CONTRACT = "gs1/gs1-epcis/REST_Bindings/openapi.json"


def test_every_status_has_its_title_and_every_code_its_sentence() -> None:
    numbers = {400, 503, *STATUSES.values()}
    for language in LANGUAGES:
        assert {f"problem-{number}" for number in numbers} <= set(catalogue(language))
        assert set(STATUSES) <= set(catalogue(language))


def test_what_access_says_of_its_refusals_is_kept() -> None:
    assert {code: STATUSES.get(code) for code in STATUS} == dict(STATUS)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError("time-without-zone"), 400),
        (InputError("access-no-credentials"), 401),
        (InputError("access-scope"), 403),
        (InputError("event-id-reused"), 409),
        (UnavailableError("disk-full"), 503),
        (UnavailableError("server-failed"), 500),
        (EvidenceError("log-forked"), 500),
    ],
    ids=str,
)
def test_the_family_says_the_status_where_the_code_does_not(error: LedgerError, status: int) -> None:
    assert status_of(error) == status
    assert problem(error, "en")["status"] == status


def test_a_problem_names_event_and_member_and_speaks_both_languages() -> None:
    error = InputError("time-without-zone", document="-", event=3, member="/eventTime", value="2026-07-01T08:00:00")
    english, italian = (problem(error, language) for language in ("en", "it"))
    for said in (english, italian):
        assert (said["type"], said["status"], said["code"]) == ("about:blank", 400, "time-without-zone")
        assert (said["event"], said["member"]) == (3, "/eventTime")
    assert english["detail"].startswith("event 3")
    assert italian["detail"].startswith("evento 3")
    assert english["title"] != italian["title"]


def test_a_401_says_how_to_be_known_and_a_503_when_to_come_again() -> None:
    unknown = respond(problem(InputError("access-no-credentials"), "en"))
    assert unknown.headers["www-authenticate"].startswith("Bearer ")
    assert respond(problem(UnavailableError("server-busy"), "en")).headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("it", "it"),
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("en-GB,it;q=0.9", "en"),
        ("de, it;q=0.5, en;q=0.4", "it"),
        ("fr", "en"),
        ("it;q=0", "en"),
        ("it;q=x", "en"),
        ("*, it;q=0.5", "en"),
    ],
)
def test_the_language_is_the_one_preferred_of_those_spoken(accepted: str, language: str) -> None:
    assert language_of(Headers({"accept-language": accepted})) == language


@given(st.text(st.characters(codec="latin-1"), max_size=80))
def test_no_accept_language_is_our_fault(text: str) -> None:
    assert language_of(Headers({"accept-language": text})) in LANGUAGES


def test_the_names_of_exceptions_are_those_of_the_contract() -> None:
    text = json.dumps(json.loads(official(CONTRACT).read_bytes()))
    for code in [
        *STATUSES,
        "query-parameter-unknown",
        "query-pattern",
        "subscription-x",
        "page-token",
        "query-missing",
    ]:
        name = exception_of(InputError(code))
        assert name == "about:blank" or f'"{name}"' in text, code


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("time-without-zone", "ValidationException"),
        ("query-parameter-unknown", "QueryParameterException"),
        ("query-pattern", "QueryParameterException"),
        ("query-not-object", "QueryValidationException"),
        ("resource-missing", "NoSuchResourceException"),
        ("query-missing", "NoSuchNameException"),
        ("query-exists", "ResourceAlreadyExistsException"),
        ("query-too-complex", "QueryTooComplexException"),
        ("query-too-large", "QueryTooLargeException"),
        ("body-too-large", "CaptureLimitExceededException"),
        ("access-scope", "SecurityException"),
        ("page-token", "QueryParameterException"),
        ("uri-too-long", "URITooLongException"),
    ],
)
def test_an_exception_has_the_name_that_the_standard_gives_it(code: str, name: str) -> None:
    assert epcis_problem(InputError(code), "en")["type"] == PREFIX + name
