"""The three worked profiles of buyers: each is listed, documented, and exported by command and over HTTP alike."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.verbs.export import list_formats
from schemas.wording import LANGUAGES
from tests.exporters.papers import Made
from tests.simulator.command_line import Shop
from tests.simulator.paperwork import COOP, LOT, Season, paperwork
from tests.simulator.server import running, token_of

ROOT = Path(__file__).resolve().parents[3]
NOTE = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-1"
WORKED = {"us-retailer-epcis": "epcis-json", "it-edi-desadv": "desadv", "portal-lots": "template"}


@pytest.mark.parametrize(("profile", "format"), WORKED.items())
def test_each_is_listed_and_documented(profile: str, format: str) -> None:
    for language in LANGUAGES:
        assert profile in next(each["profiles"] for each in list_formats(language) if each["name"] == format)
    assert f"| `{profile}` | `{format}` |" in (ROOT / "docs" / "formats.md").read_text("utf-8")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """A season of this module's own, since a server keeps its tokens beside it."""
    with paperwork(tmp_path_factory.mktemp("worked")) as made:
        yield made


@pytest.fixture(scope="module")
def shop(own: Season) -> Iterator[Shop]:
    folder = Path(own.node.store.folder).parent
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("FILIERA_KEYS", str(folder / "keys"))
        yield Shop(folder)


@pytest.fixture(scope="module")
def client(own: Season) -> Iterator[httpx.Client]:
    """The operator's: it sees what the command line sees."""
    with running(own.node, token=token_of(own.node, None, "export")) as client:
        yield client


@pytest.mark.parametrize(("profile", "format"), WORKED.items())
def test_each_is_exported_by_command_and_over_http_to_the_same_bytes(
    own: Season, shop: Shop, client: httpx.Client, tmp_path: Path, profile: str, format: str
) -> None:
    note = {} if format == "epcis-json" else {"document": NOTE}
    file = tmp_path / "paper"
    named = [f"--{name}={value}" for name, value in {**note, "profile": profile, "language": "it"}.items()]
    shop.works("export", format, LOT, "-o", file, *named)
    asked = {"lot": LOT, "profile": profile, "language": "it", **note}
    answer = client.get(f"/api/v1/exports/{format}", params=asked)
    assert answer.status_code == 200
    assert answer.content == file.read_bytes()
    account = Made(own, answer.content).account()
    assert (account.exit_code, account.verdicts["faithful"]) == (0, "yes")


def test_a_template_is_printed_changed_and_filled_by_command_and_over_http(
    own: Season, shop: Shop, client: httpx.Client, tmp_path: Path
) -> None:
    printed = shop.works("formats", "--template", "portal-lots").out
    assert client.get("/api/v1/templates/portal-lots").text == printed
    changed = printed.replace('"portal-lots"', '"mine"', 1).replace('"Supplier GLN"', '"GLN fornitore"')
    (tmp_path / "mine.toml").write_text(changed, "utf-8")
    shop.works(
        "export",
        "template",
        LOT,
        "-o",
        tmp_path / "lots.xlsx",
        "--template",
        tmp_path / "mine.toml",
        "--language",
        "it",
    )
    sent = {"params": {"lot": LOT, "language": "it"}, "headers": {"Content-Type": "application/toml"}}
    answer = client.post("/api/v1/templates", content=changed.encode(), **sent)
    assert (answer.status_code, answer.headers["Filiera-Losses"]) == (200, "0")
    assert answer.content == (tmp_path / "lots.xlsx").read_bytes()
    assert Made(own, answer.content).account().exit_code == 0


def test_what_is_wrong_in_a_template_is_told_where_it_was_sent_from(
    shop: Shop, client: httpx.Client, tmp_path: Path
) -> None:
    wrong = shop.works("formats", "--template", "portal-lots").out.replace('"lot.bestBefore"', '"lot.bestBefor"')
    (tmp_path / "mine.toml").write_text(wrong, "utf-8")
    target = ("-o", tmp_path / "x.xlsx", "--template")
    refused = shop("export", "template", LOT, *target, tmp_path / "mine.toml", lang="it")
    assert (refused.code, (tmp_path / "x.xlsx").exists()) == (65, False)
    assert "colonna Best before: «lot.bestBefor»" in refused.err
    assert "lot.bestBefore" in refused.err
    answer = client.post(
        "/api/v1/templates", params={"lot": LOT}, content=wrong.encode(), headers={"Content-Type": "application/toml"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "mapping-path")
    assert client.get("/api/v1/templates/none").status_code in (400, 404)
    assert shop("formats", "--template", "none").code == 65
    assert shop("export", "template", LOT, *target, tmp_path / "none.toml").code == 65
