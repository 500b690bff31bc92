"""The help of the command line in Italian: one data file beside the commands, looked up when a command is loaded.

The commands carry their English help themselves. `help.it.toml` holds the Italian, a table per command path:

    ["key new"]
    help = "Creare una chiave …"        # `short` besides, where `filiera --help` lists the command
    "--role" = "Che cosa può firmare …"

- An option that several commands share is found in `[shared]`; a command's own table goes first.
- `[words]` holds click's own words and the names of values (`FILE`, `FOLDER`), in usage lines as in lists.
- Nothing is changed in place: `in_italian` gives a copy, so one process can speak both languages.
- A text that is not there stays English; a test holds every command and option to its Italian text.
"""

import copy
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import click

from api.cli.context import current_language

Table = Mapping[str, str]
SHARED, WORDS = "shared", "words"
_VALUE_NAME = re.compile(r"[A-Z]+(?:[-_ ][A-Z]+)*")
_REMARKS = re.compile(r"(?:^|  )\[(?P<remarks>[^\[\]]*)\]$")


@cache
def italian() -> Mapping[str, Table]:
    """Every table of `help.it.toml`: command path -> {`help`, `short`?, option: text}."""
    return tomllib.loads(files("api.cli").joinpath("help.it.toml").read_text("utf-8"))


def short_help(path: str, english: str) -> str:
    """The one line that lists the command at `path`, in the language of the moment."""
    return italian().get(path, {}).get("short", english) if current_language() == "it" else english


def in_italian(command: click.Command, path: str) -> click.Command:
    """A copy of the command at `path` (`key new`) that explains itself in Italian, with all commands below it."""
    texts = italian().get(path, {})
    spoken = copy.copy(command)
    spoken.help = texts.get("help", command.help)
    spoken.params = [_option_in_italian(parameter, texts) for parameter in command.params]
    spoken.context_class = SpokenContext
    if isinstance(command, click.Group) and isinstance(spoken, click.Group):
        spoken.commands = {name: in_italian(inner, f"{path} {name}") for name, inner in command.commands.items()}
    return spoken


def option_text(option: click.Option, texts: Table) -> str | None:
    """The Italian text of an option, by the last of its names: `-o, --output` is `--output`."""
    return texts.get(option.opts[-1]) or italian().get(SHARED, {}).get(option.opts[-1])


def _option_in_italian(parameter: click.Parameter, texts: Table) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    spoken = copy.copy(parameter)
    spoken.help = option_text(parameter, texts) or parameter.help
    return spoken


class SpokenContext(click.Context):
    """A context whose help and usage lines are written in the language of the moment."""

    def make_formatter(self) -> click.HelpFormatter:
        """click's formatter, or the one that knows its words in Italian."""
        kind = ItalianFormatter if current_language(self.find_root().obj) == "it" else click.HelpFormatter
        return kind(width=self.terminal_width, max_width=self.max_content_width)


class ItalianFormatter(click.HelpFormatter):
    """click's formatter with its own words, and the names of values, in Italian."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        super().write_usage(prog, values_in_italian(args), prefix or f"{_word('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        """A heading: options, commands."""
        super().write_heading(_word(heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list: names of options and their values, or of commands, beside their texts."""
        spoken = [(values_in_italian(first), _remarks_in_italian(_word(text))) for first, text in rows]
        super().write_dl(spoken, col_max, col_spacing)


def values_in_italian(line: str) -> str:
    """A usage line or a name with its value: the words in capitals, `[OPTIONS] FILE`, in Italian."""
    return _VALUE_NAME.sub(lambda found: _word(found[0]), line)


def _remarks_in_italian(text: str) -> str:
    """What click adds to an option in brackets: its default, its range, that it is required."""
    found = _REMARKS.search(text)
    if found is None:
        return text
    remarks = [f"{_word(name)}{colon}{value}" for name, colon, value in map(_split, found["remarks"].split("; "))]
    return f"{text[: found.start('remarks')]}{'; '.join(remarks)}]"


def _split(remark: str) -> tuple[str, str, str]:
    return remark.partition(": ")


def _word(english: str) -> str:
    return italian().get(WORDS, {}).get(english, english)
