"""Requests made at random from our own OpenAPI document: nothing is our fault, and nothing is answered unannounced.

The long run asks more of each operation.
"""

import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.access import Access
from api.accounts import SCOPES
from api.http.v1.table import ENDPOINTS
from api.settings import Settings
from tests.simulator.cooperatives import LUNA, SOLE, document, harvested, joined
from tests.simulator.phones import made
from tests.simulator.server import running

EXAMPLES = int(os.environ.get("FILIERA_SCHEMATHESIS", "3"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


class Asked:
    """A server, its document, and the headers of who asks."""

    def __init__(self, url: str, headers: dict[str, dict[str, str]]) -> None:
        self.url = url
        self.headers = headers
        self.schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """A ledger of two members with a lot in it; a member, the operator and a stranger."""
    folder = tmp_path_factory.mktemp("asked")
    chosen = Settings(anonymous="published", policies=folder / "trusted")
    with made(str(folder / "store"), folder, gln=SOLE, prefixes=("9521001",)) as node:
        joined(node, "Cooperativa Luna", gln=LUNA)
        iss = node.registry.members()[0].iss
        node.capture(document(harvested("F26175")), member=iss)
        accounts = Access(node, chosen).accounts
        member = accounts.add_token("m", member=iss, scopes=SCOPES, days=1).text
        operator = accounts.add_token("o", member=None, scopes=[s for s in SCOPES if s != "capture"], days=1).text
        headers = {
            "member": {"Authorization": f"Bearer {member}"},
            "operator": {"Authorization": f"Bearer {operator}"},
            "public": {},
        }
        with running(node, chosen, token=None) as client:
            yield Asked(str(client.base_url), headers)


def operations() -> list[tuple[str, str, str]]:
    return [(endpoint.name, endpoint.method, endpoint.path.replace(":path", "")) for endpoint in ENDPOINTS]


def ask(asked: Asked, method: str, path: str, role: str, examples: int) -> None:
    """Send requests made from one operation's description, right ones and wrong ones, and hold the answers to it."""
    operation = asked.schema[path][method]
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=right | wrong)
    def run(case: schemathesis.Case) -> None:
        case.validate_response(case.call(headers=asked.headers[role]), checks=list(CHECKS))

    run()


@pytest.mark.parametrize(("name", "method", "path"), operations(), ids=lambda value: value if "/" not in value else "")
@pytest.mark.parametrize("role", ["member", "operator", "public"])
def test_nothing_is_our_fault_and_nothing_is_answered_unannounced(
    asked: Asked, name: str, method: str, path: str, role: str
) -> None:
    ask(asked, method, path, role, EXAMPLES)


@pytest.mark.long
@pytest.mark.parametrize(("name", "method", "path"), operations(), ids=lambda value: value if "/" not in value else "")
def test_the_same_for_longer(asked: Asked, name: str, method: str, path: str) -> None:
    ask(asked, method, path, "member", 150)
