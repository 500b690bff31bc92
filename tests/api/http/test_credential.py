"""Credentials over HTTP: a member's own export key, for the member's own callers."""

import pytest

from api.settings import Settings
from tests.api.conftest import Consortium
from tests.api.http.roles import Roles
from tests.simulator.server import running

LOT = "(01)09521001002011(10)F26175"


@pytest.fixture
def roles(consortium: Consortium) -> Roles:
    return Roles.made(consortium, Settings())


def test_only_a_key_that_the_member_made_for_it_signs(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        for path in ("credential", "credential-jwt"):
            answer = client.post(f"/api/v1/credentials/{path}", params={"lot": LOT}, headers=roles["sole:export"])
            assert (answer.status_code, answer.json()["code"]) == (400, "credential-key-missing"), answer.text


def test_nobody_vouches_for_another_member(consortium: Consortium, roles: Roles) -> None:
    consortium.node.membership.new_key("export", consortium.sole)
    with running(consortium.node, Settings(), token=None) as client:
        asked = {"lot": LOT}
        other = client.post("/api/v1/credentials/credential", params=asked, headers=roles["luna:all"])
        assert other.json()["code"] == "credential-key-missing"
        operator = client.post("/api/v1/credentials/credential", params=asked, headers=roles["operator:export"])
        assert (operator.status_code, operator.json()["code"]) == (403, "access-denied")
        assert client.post("/api/v1/credentials/credential", params=asked).status_code == 401
        wrong = client.post("/api/v1/credentials/epcis-json", params=asked, headers=roles["sole:export"])
        assert wrong.json()["code"] == "export-not-issued"
