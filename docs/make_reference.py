"""Writes commands, messages and the interface over HTTP, in both languages, from the program; a test holds them to it.

python docs/make_reference.py
"""

import importlib
from collections.abc import Iterator
from pathlib import Path

import click

from api.access import RULES
from api.cli.help_text import SpokenContext, in_italian
from api.cli.main import COMMANDS
from api.http.endpoint import Endpoint
from api.http.openapi import statuses, summary
from api.http.v1.table import ENDPOINTS
from api.http.v1.twins import TWINS, WITHOUT
from schemas.wording import Language, catalogue, sentence

HERE = Path(__file__).resolve().parent


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield f"- `{', '.join([*parameter.opts, *parameter.secondary_opts])}`: {parameter.help or ''}".rstrip(": ")


def _usage(name: str, command: click.Command, language: Language) -> str:
    # On one line: the names of formats have hyphens, at which a narrow one is broken.
    context = SpokenContext(
        command, info_name=name, obj={"lang": language}, terminal_width=10_000, max_content_width=10_000
    )
    return " ".join(command.get_usage(context).partition(": ")[2].split())


def _chapter(name: str, command: click.Command, level: int, language: Language) -> Iterator[str]:
    yield f"{'#' * level} `{name}`\n"
    yield f"{' '.join((command.help or '').split())}\n"
    yield f"    {_usage(name, command, language)}\n"
    options = list(_options(command))
    if options:
        yield "\n".join(options) + "\n"
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            yield from _chapter(f"{name} {inner}", command.commands[inner], level + 1, language)


def _command(name: str) -> click.Command:
    command: click.Command = importlib.import_module(f"api.cli.{COMMANDS[name][0]}").command
    return command


def commands() -> str:
    """docs/commands.md: every command, its usage and its options."""
    parts = ["# Commands\n", "Written from the program by `python docs/make_reference.py`.\n"]
    for name in COMMANDS:
        parts += _chapter(f"filiera {name}", _command(name), 2, "en")
    return "\n".join(parts)


def comandi() -> str:
    """docs/comandi.md: the same in Italian."""
    parts = ["# Comandi\n", "Scritto dal programma con `python docs/make_reference.py`.\n"]
    for name in COMMANDS:
        parts += _chapter(f"filiera {name}", in_italian(_command(name), name), 2, "it")
    return "\n".join(parts)


def messages() -> str:
    """docs/messages.md: every code a person can meet, in both languages."""
    parts = ["# Messages\n", "Written from the program by `python docs/make_reference.py`.\n"]
    english, italian = catalogue("en"), catalogue("it")
    for code in sorted(english):
        said = [" ".join(filter(None, (text[code]["what"], text[code].get("mend")))) for text in (english, italian)]
        parts.append(f"## `{code}`\n\n- {said[0]}\n- {said[1]}\n")
    return "\n".join(parts)


def _endpoint(endpoint: Endpoint, language: Language) -> Iterator[str]:
    yield f"### `{endpoint.method} {endpoint.path.replace(':path', '')}`\n"
    yield f"{summary(endpoint, language)}\n"
    rows = [("docs-scope", f"`{RULES[endpoint.verb].scope or '-'}`")]
    rows += [("docs-parameter", f"`{parameter.name}`: {parameter.description}") for parameter in endpoint.parameters]
    rows += [("docs-body", f"`{', '.join(endpoint.body.media)}`")] if endpoint.body else []
    rows.append(("docs-answers", ", ".join(str(each) for each in (endpoint.success.status, *statuses(endpoint)))))
    of = [f"`filiera {command}`" for command, twin in TWINS.items() if twin.operation == endpoint.name]
    rows += [("interface-twin", ", ".join(of))] if of else []
    yield "\n".join(f"- {sentence(code, {}, language)}: {text}" for code, text in rows) + "\n"


def _interface(language: Language) -> str:
    parts = [f"# {sentence('interface-title', {}, language)}\n", f"{sentence('interface-written', {}, language)}\n"]
    for tag in dict.fromkeys(endpoint.tag for endpoint in ENDPOINTS):
        parts.append(f"## {sentence(f'docs-tag-{tag}', {}, language)}\n")
        for endpoint in ENDPOINTS:
            parts += _endpoint(endpoint, language) if endpoint.tag == tag else ()
    parts.append(f"## {sentence('interface-without', {}, language)}\n")
    parts.append(
        "\n".join(f"- `filiera {name}`: {sentence(code, {}, language)}" for name, code in WITHOUT.items()) + "\n"
    )
    return "\n".join([*parts, ""])


def interface() -> str:
    """docs/interface.md: every operation over HTTP, and the commands that have none."""
    return _interface("en")


def interfaccia() -> str:
    """docs/interfaccia.md: the same in Italian."""
    return _interface("it")


def main() -> None:
    """Write the five pages."""
    (HERE / "comandi.md").write_text(comandi(), "utf-8")
    (HERE / "commands.md").write_text(commands(), "utf-8")
    (HERE / "interfaccia.md").write_text(interfaccia(), "utf-8")
    (HERE / "interface.md").write_text(interface(), "utf-8")
    (HERE / "messages.md").write_text(messages(), "utf-8")


if __name__ == "__main__":
    main()
