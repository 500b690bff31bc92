"""Numbers of delivery notes over HTTP: each caller its own member's."""

from api.settings import Settings
from tests.api.conftest import Consortium
from tests.api.http.roles import Roles
from tests.simulator.server import running


def test_a_member_takes_lists_and_gives_up_its_own_numbers(consortium: Consortium) -> None:
    roles = Roles.made(consortium, Settings())
    with running(consortium.node, Settings(), token=None) as client:
        writes, reads, other = roles["sole:capture"], roles["sole:query"], roles["luna:all"]
        first = client.post("/api/v1/numbers", json={"for": "ordine 7", "year": 2026}, headers=writes)
        assert (first.status_code, first.json()["number"], first.json()["state"]) == (200, "2026-1", "open")
        again = client.post("/api/v1/numbers", json={"for": "ordine 7", "year": 2026}, headers=writes)
        assert again.json() == first.json()
        assert client.post("/api/v1/numbers", json={"year": 2026}, headers=other).json()["uri"] != first.json()["uri"]
        foreign = client.post("/api/v1/numbers", json={"issuer": first.json()["uri"][21:34]}, headers=other)
        assert (foreign.status_code, foreign.json()["code"]) == (400, "number-issuer-foreign")
        gone = {"number": "2026-1", "reason": "annullata"}
        assert client.delete("/api/v1/numbers", params=gone, headers=writes).status_code == 204
        listed = client.get("/api/v1/numbers", params={"year": 2026}, headers=reads).json()
        assert [(each["number"], each["state"], each["reason"]) for each in listed] == [
            ("2026-1", "given-up", "annullata")
        ]
