"""Writes docs/commands.md and docs/messages.md from the program itself; a test holds them equal to it.

python docs/make_reference.py
"""

import importlib
from collections.abc import Iterator
from pathlib import Path

import click

from api.cli.main import COMMANDS
from schemas.wording import catalogue

HERE = Path(__file__).resolve().parent


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield f"- `{', '.join([*parameter.opts, *parameter.secondary_opts])}`: {parameter.help or ''}".rstrip(": ")


def _usage(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    return " ".join(command.get_usage(context).removeprefix("Usage: ").split())


def _chapter(name: str, command: click.Command, level: int) -> Iterator[str]:
    yield f"{'#' * level} `{name}`\n"
    yield f"{' '.join((command.help or '').split())}\n"
    yield f"    {_usage(name, command)}\n"
    options = list(_options(command))
    if options:
        yield "\n".join(options) + "\n"
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            yield from _chapter(f"{name} {inner}", command.commands[inner], level + 1)


def commands() -> str:
    """docs/commands.md: every command, its usage and its options."""
    parts = ["# Commands\n", "Written from the program by `python docs/make_reference.py`.\n"]
    for name, (module, _) in COMMANDS.items():
        parts += _chapter(f"filiera {name}", importlib.import_module(f"api.cli.{module}").command, 2)
    return "\n".join(parts)


def messages() -> str:
    """docs/messages.md: every code a person can meet, in both languages."""
    parts = ["# Messages\n", "Written from the program by `python docs/make_reference.py`.\n"]
    english, italian = catalogue("en"), catalogue("it")
    for code in sorted(english):
        said = [" ".join(filter(None, (text[code]["what"], text[code].get("mend")))) for text in (english, italian)]
        parts.append(f"## `{code}`\n\n- {said[0]}\n- {said[1]}\n")
    return "\n".join(parts)


def main() -> None:
    """Write both pages."""
    (HERE / "commands.md").write_text(commands(), "utf-8")
    (HERE / "messages.md").write_text(messages(), "utf-8")


if __name__ == "__main__":
    main()
