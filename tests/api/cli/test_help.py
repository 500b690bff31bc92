"""The command line explains itself in the user's language: every command, every option, and every usage error."""

import importlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from api.cli.context import confirm
from api.cli.help_text import SHARED, WORDS, in_italian, italian
from api.cli.main import COMMANDS, filiera
from tests.simulator.command_line import Shop


def tree(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from tree(f"{path} {name}", inner)


def commands() -> dict[str, click.Command]:
    """Every command and subcommand by its path, and the program itself as `filiera`."""
    found: dict[str, click.Command] = {"filiera": filiera}
    for name, (module, _) in COMMANDS.items():
        found.update(tree(name, importlib.import_module(f"api.cli.{module}").command))
    return found


def options(command: click.Command) -> list[str]:
    # click's own --version says its sentence itself; `[words]` has it.
    return [item.opts[-1] for item in command.params if isinstance(item, click.Option) and item.opts[-1] != "--version"]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_every_command_and_option_has_its_italian_text() -> None:
    silent = []
    for path, command in commands().items():
        texts = italian().get(path, {})
        silent += [path] if not texts.get("help") else []
        silent += [
            f"{path} {name}" for name in options(command) if not (texts.get(name) or italian()[SHARED].get(name))
        ]
    assert silent == []
    assert [name for name in COMMANDS if not italian()[name].get("short")] == []


def test_no_italian_text_is_left_without_its_command_or_option() -> None:
    known = commands()
    stale = [path for path in italian() if path not in known and path not in {SHARED, WORDS}]
    for path, command in known.items():
        allowed = {"help", "short", *options(command)} if path in COMMANDS else {"help", *options(command)}
        stale += [f"{path} {key}" for key in italian()[path] if key not in allowed]
    used = [name for path, command in known.items() for name in options(command) if name not in italian()[path]]
    stale += [name for name in italian()[SHARED] if used.count(name) < 2]
    assert stale == []


def test_what_stands_for_a_value_has_its_italian_name() -> None:
    listed = [item for command in commands().values() for item in command.params]
    shown = [item.human_readable_name if isinstance(item, click.Argument) else item.metavar or "" for item in listed]
    names = {name for text in shown for name in re.findall(r"[A-Z]+(?:[-_ ][A-Z]+)*", text)}
    assert sorted(names - set(italian()[WORDS])) == []


def paragraphs(text: str | None) -> int:
    return len((text or "").strip().split("\n\n"))


def test_both_languages_say_as_much() -> None:
    differing = [
        path
        for path, command in commands().items()
        if paragraphs(command.help) != paragraphs(in_italian(command, path).help)
    ]
    assert differing == []


def test_speaking_italian_leaves_the_english_as_it_was(shop: Shop) -> None:
    before = shop("capture", "--help").out
    assert "Opzioni" in shop("capture", "--help", lang="it").out
    assert shop("capture", "--help").out == before
    assert before.startswith("Usage: filiera capture [OPTIONS] FILES...")


def test_no_english_word_of_click_is_left_in_italian_help(shop: Shop) -> None:
    english = ("Usage", "Options", "Commands", "[OPTIONS]", "COMMAND", "ARGS", "default", "required", "exit.", "TEXT")
    for path in commands():
        words = [] if path == "filiera" else path.split()
        said = shop(*words, "--help", lang="it")
        assert (said.code, said.err) == (0, "")
        assert [word for word in english if word in said.out] == [], path
        assert said.out.startswith(f"Uso: {' '.join(['filiera', *words])}")


def test_the_language_is_taken_from_the_environment(shop: Shop) -> None:
    assert shop.process("capture", "--help", lang="it").out.startswith("Uso: filiera capture [OPZIONI] FILE...")
    assert shop.process("--help", lang="it").out.startswith("Uso: filiera")
    assert shop.process("--help").out.startswith("Usage: filiera")


USAGE_ERRORS = {
    "usage-missing-option": (["init"], "--name"),
    "usage-missing-argument": (["proof"], "ENTRY|REGISTRAZIONE"),
    "usage-missing-command": ([], "filiera"),
    "usage-no-such-command": (["xyzzy"], "xyzzy"),
    "usage-no-such-command-near": (["captur"], "capture"),
    "usage-no-such-option": (["capture", "--zzzzzz"], "--zzzzzz"),
    "usage-no-such-option-near": (["capture", "--proced"], "--proceed"),
    "usage-option-needs-value": (["capture", "--store"], "--store"),
    "usage-option-takes-no-value": (["capture", "--json=1", "x"], "--json"),
    "usage-extra-arguments": (["proof", "1", "surplus"], "surplus"),
    "usage-not-in-list": (["hash", "--cbv", "9", "x"], "2.0, 2.1"),
    "usage-number-too-small": (["events", "--limit", "0"], "--limit"),
    "usage-not-in-range": (["audit", "--workers", "65"], "64"),
    "usage-file-expected": (["capture", "--passphrase-file", "/", "x"], "--passphrase-file"),
    "usage-folder-expected": (["capture", "--keys", __file__, "x"], "--keys"),
}


@pytest.mark.parametrize("code", USAGE_ERRORS)
def test_a_usage_error_is_said_in_both_languages(shop: Shop, code: str) -> None:
    arguments, named = USAGE_ERRORS[code]
    english, italian_ = shop(*arguments), shop(*arguments, lang="it")
    assert english.code == italian_.code == 64
    assert english.out == italian_.out == ""
    for said in (english.err, italian_.err):
        assert said.endswith(f"[{code}]\n")
        assert any(name in said for name in named.split("|"))
    assert english.err != italian_.err
    assert not {"Error", "Usage", "Missing", "Invalid", "Try"} & set(italian_.err.replace(":", "").split())


@pytest.mark.parametrize(("answer", "lang"), [("sì", "it"), ("S", "it"), ("y", "en"), ("yes", "it")])
def test_a_yes_is_understood_in_either_language(monkeypatch: pytest.MonkeyPatch, answer: str, lang: str) -> None:
    monkeypatch.setenv("FILIERA_LANG", lang)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    confirm("fingerprint-ask")


@pytest.mark.parametrize("answer", ["", "n", "no", "forse"])
def test_anything_but_a_yes_ends_the_command(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    with pytest.raises(click.Abort):
        confirm("fingerprint-ask")


def test_what_init_and_key_list_print_is_in_the_language_asked_for(shop: Shop) -> None:
    made = shop("init", "--name", "Cooperativa Sole", lang="it")
    assert [line.split()[0] for line in made.lines] == ["origine", "impronta", "socio"]
    assert shop("key", "list", lang="it").lines[0].split()[:2] == ["chiave", "ruolo"]
    assert shop("key", "list").lines[0].split()[:2] == ["key", "role"]
