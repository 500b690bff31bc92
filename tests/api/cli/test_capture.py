"""From `init` to `capture` on the command line: what goes in, what is said, which status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.main import run
from schemas.syntax import json_text
from tests.simulator.phones import Phone, observed, opened, unit

Filiera = Callable[..., tuple[int, str, str]]


@pytest.fixture
def filiera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Filiera:
    """Runs a command line on a store of its own; status, standard output, standard error."""
    monkeypatch.setenv("FILIERA_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("FILIERA_PASSPHRASE", "correct horse battery staple")
    monkeypatch.setenv("FILIERA_LANG", "en")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(arguments)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return call


@pytest.fixture
def made(filiera: Filiera) -> Filiera:
    """The same, with a log."""
    status, out, _ = filiera("init", "--name", "Cooperativa Sole", "--gln", "9520001000003", "--json")
    assert status == 0
    assert set(json.loads(out)) == {"origin", "fingerprint", "member"}
    return filiera


def write(path: Path, *sent: object) -> str:
    path.write_bytes(json_text.write(list(sent)))  # type: ignore[arg-type]
    return str(path)


def test_init_enters_the_log_among_the_known_ones(made: Filiera, tmp_path: Path) -> None:
    import os

    (policy,) = (Path(os.environ["XDG_CONFIG_HOME"]) / "filiera" / "policies").glob("*.policy")
    assert policy.read_text().startswith("# filiera-genesis ")
    assert made("init", "--name", "Again")[0] == 65


def test_init_refuses_a_gln_with_a_wrong_check_digit(filiera: Filiera) -> None:
    status, _, err = filiera("init", "--name", "X", "--gln", "9520001000005")
    assert status == 65
    assert "wrong-check-digit" in err


def test_a_captured_document_is_answered_line_by_line(made: Filiera, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonld", observed(unit("1")), observed(unit("2")))
    status, out, _ = made("capture", "--json", file)
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [line["index"] for line in lines] == [4, 5]
    assert all({"eventID", "index", "leaf"} <= set(line) for line in lines)
    status, out, _ = made("capture", file)
    assert status == 0
    assert all(line.endswith("=") for line in out.splitlines())


def test_a_bad_event_is_named_with_its_document_event_and_member(made: Filiera, tmp_path: Path) -> None:
    bad = observed(unit("1"), bizStep="no-such-step")
    file = write(tmp_path / "a.jsonld", observed(unit("2")), bad)
    status, out, err = made("capture", file)
    assert (status, out) == (65, "")
    assert f"document {file}, event 1" in err
    status, out, err = made("capture", "--proceed", "--json", file)
    assert status == 65
    assert [json.loads(line)["event"] for line in out.splitlines()] == [0]
    assert "event 1" in err


def test_a_warning_is_said_and_strict_refuses_it(made: Filiera, tmp_path: Path) -> None:
    odd = observed(unit("1"), eventTime="2026-07-01T10:00:00+02:00", eventTimeZoneOffset="+01:00")
    file = write(tmp_path / "a.jsonld", observed(unit("2")), odd)
    status, out, err = made("capture", "--strict", file)
    assert (status, out) == (65, "")
    assert f"document {file}, event 1" in err
    assert "Warning" not in err
    status, out, err = made("capture", "--strict", "--proceed", "--json", file)
    assert (status, [json.loads(line)["event"] for line in out.splitlines()]) == (65, [0])
    status, out, err = made("capture", "--json", file)
    assert status == 0
    assert [json.loads(line)["warnings"] for line in out.splitlines()] == [
        [],
        [{"code": "offset-contradicts", "member": "/eventTimeZoneOffset"}],
    ]
    (line,) = err.splitlines()
    assert line.startswith(f"filiera: Warning: document {file}, event 1")
    assert line.endswith("[offset-contradicts]")
    assert made("--lang", "it", "capture", file)[2].startswith("filiera: Avviso: documento")


def test_errors_come_in_italian_too(made: Filiera, tmp_path: Path) -> None:
    (tmp_path / "a.jsonld").write_bytes(b"{")
    english, italian = (
        made("capture", str(tmp_path / "a.jsonld")),
        made("--lang", "it", "capture", str(tmp_path / "a.jsonld")),
    )
    assert english[0] == italian[0] == 65
    assert english[2] != italian[2]


def test_without_a_passphrase_the_status_is_64(made: Filiera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "a.jsonld", observed(unit("1")))
    monkeypatch.delenv("FILIERA_PASSPHRASE")
    assert made("capture", file)[0] == 64
    (tmp_path / "passphrase").write_text("correct horse battery staple\n")
    assert made("capture", "--passphrase-file", str(tmp_path / "passphrase"), file)[0] == 0


def test_a_wrong_passphrase_and_a_missing_store_are_said(
    made: Filiera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a.jsonld", observed(unit("1")))
    monkeypatch.setenv("FILIERA_PASSPHRASE", "wrong")
    assert "wrong-passphrase" in made("capture", file)[2]
    status, _, err = made("capture", "--store", str(tmp_path / "nowhere"), file)
    assert (status, "store-missing" in err) == (64, True)


def test_keys_are_made_listed_rotated_and_revoked(made: Filiera) -> None:
    status, out, _ = made("key", "new", "--role", "device")
    kid = out.split()[2]
    assert status == 0
    rows = [json.loads(line) for line in made("key", "list", "--json")[1].splitlines()]
    assert [row["role"] for row in rows] == ["admin", "operator", "gateway", "device"]
    assert made("key", "rotate")[0] == 0
    assert made("key", "revoke", kid)[0] == 0
    assert made("key", "revoke", kid)[0] == 65
    rows = [json.loads(line) for line in made("key", "list", "--json")[1].splitlines()]
    assert [(row["role"], row["end"] is None) for row in rows] == [
        ("admin", False), ("operator", True), ("gateway", True), ("device", False), ("admin", True),
    ]  # fmt: skip


def test_a_key_is_declared_compromised_by_another_admin_key(made: Filiera) -> None:
    kid = made("key", "new", "--role", "device")[1].split()[2]
    assert made("key", "compromise", kid, "--from", "5")[0] == 0
    rows = {row["kid"]: row for row in map(json.loads, made("key", "list", "--json")[1].splitlines())}
    assert rows[kid]["suspect"] == 5


def test_a_member_is_offered_proposed_approved_and_listed_by_name(made: Filiera, tmp_path: Path) -> None:
    offer = str(tmp_path / "offer.json")
    founder = json.loads(made("member", "list", "--json")[1])["member"]
    assert made("member", "offer", "-o", offer)[0] == 0
    leaf = made("member", "propose", offer, "--name", "Frantoio Nuovo", "--by", founder)[1].split()[1]
    assert len(made("member", "list")[1].splitlines()) == 1
    assert made("member", "approve", leaf, "--by", founder)[0] == 0
    names = [json.loads(line)["name"] for line in made("member", "list", "--json")[1].splitlines()]
    assert names == ["Cooperativa Sole", "Frantoio Nuovo"]


def test_a_proposed_members_profile_is_judged_before_anybody_signs(made: Filiera, tmp_path: Path) -> None:
    offer = str(tmp_path / "offer.json")
    founder = json.loads(made("member", "list", "--json")[1])["member"]
    made("member", "offer", "-o", offer)

    def proposed(*how: str) -> tuple[int, str]:
        status, _, err = made("member", "propose", offer, "--by", founder, *how)
        return status, err.rpartition("[")[2].rstrip("]\n")

    assert proposed("--name", "Luna", "--company-prefix", "95") == (65, "company-prefix")
    assert proposed("--name", "Luna", "--gln", "9520001000005") == (65, "wrong-check-digit")
    assert proposed("--company-prefix", "9521234") == (65, "profile-without-name")
    assert proposed("--name", "Luna", "--company-prefix", "9521234", "--company-prefix", "8001234")[0] == 0


def test_signed_entries_come_from_a_file_of_lines_or_an_array(made: Filiera, tmp_path: Path) -> None:
    import os

    with opened(os.environ["FILIERA_STORE"], tmp_path / "store") as node:
        phone = Phone.added(node)
    wires = [phone.event(observed(unit(str(n)))).decode() for n in range(3)]
    (tmp_path / "lines").write_text("\n".join(wires[:2]))
    (tmp_path / "array").write_text(json.dumps(wires))
    status, out, _ = made("submit", str(tmp_path / "lines"))
    assert (status, len(out.splitlines())) == (0, 2)
    status, out, _ = made("submit", "--json", str(tmp_path / "array"))
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert len({answer["index"] for answer in answers}) == 3
    assert all({"index", "leaf", "proof", "checkpoint"} == set(answer) for answer in answers)
    (tmp_path / "lines").write_text("nonsense")
    status, _, err = made("submit", str(tmp_path / "lines"))
    assert (status, "entry 0" in err) == (65, True)
    for nothing in ("", "\n", "[]"):
        (tmp_path / "lines").write_text(nothing)
        status, _, err = made("submit", str(tmp_path / "lines"))
        assert (status, "[wires-none]" in err) == (65, True)
