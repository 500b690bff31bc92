import click
import pytest
from click.testing import CliRunner

from api.cli.digests import TakesDigest
from api.cli.main import run

DIGEST = "-hX9" + "a" * 38 + "-"


@click.command(cls=TakesDigest)
@click.argument("kid")
@click.option("--by")
@click.option("--yes", is_flag=True)
def named(kid: str, by: str | None, yes: bool) -> None:
    click.echo(f"{kid}|{by}|{yes}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ([DIGEST], f"{DIGEST}|None|False"),
        ([DIGEST, "--by", "me", "--yes"], f"{DIGEST}|me|True"),
        (["--yes", DIGEST], f"{DIGEST}|None|True"),
        (["--by", DIGEST, "plain"], f"plain|{DIGEST}|False"),
        (["--by", DIGEST, DIGEST[:-1] + "_"], f"{DIGEST[:-1]}_|{DIGEST}|False"),
        (["--", DIGEST], f"{DIGEST}|None|False"),
        (["plain"], "plain|None|False"),
    ],
)
def test_a_digest_is_no_option_however_it_begins(line: list[str], said: str) -> None:
    assert CliRunner().invoke(named, line).output == said + "\n"


def test_what_is_no_digest_is_an_option_as_ever() -> None:
    assert CliRunner().invoke(named, [DIGEST + "a"]).exit_code == 2


@pytest.mark.parametrize("line", [["key", "revoke"], ["member", "approve"], ["key", "compromise", "--from", "1"]])
def test_commands_that_name_keys_and_entries_take_any_digest(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*line, DIGEST, "--store", "nowhere", "--passphrase-file", __file__]) == 64
    assert "store-missing" in capsys.readouterr().err
