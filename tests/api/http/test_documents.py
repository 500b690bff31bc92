"""Documents over HTTP: a file goes in and comes back, to whoever may see its entry whole."""

import pytest

from api.settings import Settings
from tests.api.conftest import Consortium
from tests.api.http.roles import Roles
from tests.simulator.cooperatives import document, harvested, lot
from tests.simulator.files import PDF
from tests.simulator.server import running

TO = {"to": lot("P-1"), "name": "Bolla d'uscita n° 7.pdf"}


@pytest.fixture
def roles(consortium: Consortium) -> Roles:
    consortium.node.capture(document(harvested("P-1")), member=consortium.sole)
    return Roles.made(consortium, Settings())


def test_a_file_goes_in_and_comes_back(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        sent = {**roles["sole:capture"], "Content-Type": "application/octet-stream"}
        answer = client.post("/api/v1/documents", params=TO, content=PDF, headers=sent)
        assert answer.status_code == 200, answer.text
        index = answer.json()["index"]
        assert client.post("/api/v1/documents", params=TO, content=PDF, headers=sent).json()["duplicate"] is True
        (listed,) = client.get("/api/v1/documents", params={"about": lot("P-1")}, headers=roles["sole:query"]).json()
        assert (listed["index"], listed["mediaType"], listed["size"]) == (index, "application/pdf", len(PDF))
        file = client.get(f"/api/v1/documents/{index}", headers=roles["sole:query"])
        assert (file.content, file.headers["content-type"]) == (PDF, "application/pdf")
        assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Bolla%20d%27uscita")
        assert file.headers["x-content-type-options"] == "nosniff"
        assert client.get(f"/api/v1/documents/{index}", headers=roles["operator:query"]).content == PDF


def test_another_members_document_is_not_there(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        sent = {**roles["sole:capture"], "Content-Type": "application/pdf"}
        index = client.post("/api/v1/documents", params=TO, content=PDF, headers=sent).json()["index"]
        luna = roles["luna:all"]
        file = client.get(f"/api/v1/documents/{index}", headers=luna)
        assert (file.status_code, file.json()["code"]) == (404, "document-unknown")
        about = client.get("/api/v1/documents", params={"about": lot("P-1")}, headers=luna)
        assert (about.status_code, about.json()["code"]) == (404, "attach-unknown")
        own = client.post("/api/v1/documents", params=TO, content=PDF, headers={**sent, **luna})
        assert (own.status_code, own.json()["code"]) == (404, "attach-unknown")


@pytest.mark.parametrize(
    ("params", "body", "media", "status", "code"),
    [
        (TO, b"<html>", "application/pdf", 400, "file-kind"),
        (TO, PDF[:40], "application/pdf", 400, "file-cut-short"),
        (TO, PDF, "text/html", 415, "media-type-other"),
        ({"name": "a.pdf"}, PDF, "application/pdf", 400, "parameter-missing"),
        ({**TO, "name": "a" * 200}, PDF, "application/pdf", 400, "file-name"),
    ],
)
def test_what_is_wrong_is_a_problem(
    consortium: Consortium,
    roles: Roles,
    params: dict[str, str],
    body: bytes,
    media: str,
    status: int,
    code: str,
) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        sent = {**roles["sole:capture"], "Content-Type": media}
        answer = client.post("/api/v1/documents", params=params, content=body, headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
