"""Labels over HTTP: the twin of `filiera label`, for what the caller sees."""

import pytest

from api.settings import Settings
from tests.api.conftest import Consortium
from tests.api.http.roles import Roles
from tests.exporters.labels.seen import opened, scanned
from tests.simulator.recalled import Story
from tests.simulator.server import running


@pytest.fixture
def roles(consortium: Consortium) -> Roles:
    Story.told(consortium.node, consortium.sole)
    return Roles.made(consortium, Settings())


def test_a_label_comes_as_the_file_that_was_asked_for(consortium: Consortium, roles: Roles) -> None:
    asked = {"of": Story().pallets[0], "format": "png", "dpi": "203"}
    with running(consortium.node, Settings(), token=None) as client:
        answer = client.get("/api/v1/labels/logistic", params=asked, headers=roles["sole:export"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png"), answer.text
        assert answer.headers["content-disposition"].endswith('.png"')
        (found,) = scanned(opened(answer.content))
        assert found.content == "00095210010000000000"
        program = client.get(
            "/api/v1/labels/logistic", params={**asked, "format": "zpl", "copies": 2}, headers=roles["sole:export"]
        )
        assert b"^PQ2" in program.content


def test_what_is_missing_is_a_problem_with_a_list(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        answer = client.get("/api/v1/labels/case", params={"of": Story().packing}, headers=roles["sole:export"])
        assert (answer.status_code, answer.json()["code"]) == (400, "export-missing")
        assert "countryOfOrigin" in {item["element"] for item in answer.json()["missing"]}


WRONG: tuple[tuple[str, dict[str, str], int, str], ...] = (
    ("logistic", {}, 400, "parameter-missing"),
    ("shelf", {"of": Story().packing}, 400, "label-kind"),
    ("logistic", {"of": Story().pallets[0], "dpi": "72"}, 400, "label-dpi"),
    ("logistic", {"of": Story().pallets[0], "copies": "0"}, 400, "label-copies"),
    ("logistic", {"of": Story().pallets[0], "format": "gif"}, 400, "parameter-value"),
    ("logistic", {"of": "(00)095210010000000994"}, 404, "unknown-lot"),
)


def test_what_is_wrong_is_a_problem_and_anothers_pallet_is_not_there(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        for path, asked, status, code in WRONG:
            answer = client.get(f"/api/v1/labels/{path}", params=asked, headers=roles["sole:export"])
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        own = {"of": Story().pallets[0]}
        answer = client.get("/api/v1/labels/logistic", params=own, headers=roles["luna:all"])
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-lot")
