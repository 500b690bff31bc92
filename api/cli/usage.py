"""What is wrong with a command line, as a sentence of ours: click finds it, the catalogue says it.

    usage_error(error, "it") -> InputError("usage-missing-option", name="--gln")

- click's own English texts are not shown, except where it says something that no sentence here covers.
- Every code begins with `usage-`; the exit status of all of them is 64 (sysexits).
"""

import re
from difflib import get_close_matches

import click

from api.cli.help_text import values_in_italian
from schemas.errors import InputError
from schemas.wording import Language

_IN_BRACKETS = re.compile(r"\((?P<inside>.*)\)$")


def usage_error(error: click.ClickException, language: Language) -> InputError:
    """The error of ours for what click found, with the names it is about as the help in `language` writes them."""
    if isinstance(error, click.MissingParameter):
        return _missing(error, language)
    if isinstance(error, click.BadParameter):
        return _bad_value(error, language)
    if isinstance(error, click.NoSuchOption):
        return _with_near("usage-no-such-option", error.option_name, error.possibilities)
    if isinstance(error, click.NoSuchCommand):
        return _no_such_command(error)
    if isinstance(error, click.BadOptionUsage):
        return _option_usage(error)
    if type(error) is click.UsageError and error.ctx is not None:
        return _plain(error, error.ctx)
    return InputError("usage-other", problem=error.format_message())


def _missing(error: click.MissingParameter, language: Language) -> InputError:
    if isinstance(error.param, click.Option):
        return InputError("usage-missing-option", name=error.param.opts[-1])
    return InputError("usage-missing-argument", name=_shown(error, language))


def _bad_value(error: click.BadParameter, language: Language) -> InputError:
    name, kind = _shown(error, language), None if error.param is None else error.param.type
    if isinstance(kind, click.Choice):
        return InputError("usage-not-in-list", name=name, allowed=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange):
        if kind.max is None:
            return InputError("usage-number-too-small", name=name, least=kind.min)
        return InputError("usage-not-in-range", name=name, least=kind.min, most=kind.max)
    if isinstance(kind, click.Path):
        return InputError("usage-folder-expected" if not kind.file_okay else "usage-file-expected", name=name)
    return InputError("usage-bad-value", name=name, problem=error.message)


def _no_such_command(error: click.NoSuchCommand) -> InputError:
    known = error.cmd.list_commands(error.ctx) if isinstance(error.cmd, click.Group) and error.ctx else []
    return _with_near("usage-no-such-command", error.command_name, get_close_matches(error.command_name, known))


def _with_near(code: str, name: str, near: list[str] | None) -> InputError:
    return InputError(f"{code}-near", name=name, near=", ".join(near)) if near else InputError(code, name=name)


def _option_usage(error: click.BadOptionUsage) -> InputError:
    # click gives no context here; only its text tells the two cases apart.
    takes_none = error.message.endswith("does not take a value.")
    return InputError(
        "usage-option-takes-no-value" if takes_none else "usage-option-needs-value", name=error.option_name
    )


def _plain(error: click.UsageError, context: click.Context) -> InputError:
    if isinstance(context.command, click.Group):
        return InputError("usage-missing-command", name=context.command_path)
    found = _IN_BRACKETS.search(error.message)
    if found is None:
        return InputError("usage-other", problem=error.message)
    return InputError("usage-extra-arguments", extra=found["inside"])


def _shown(error: click.BadParameter, language: Language) -> str:
    """The name of a parameter as its reader writes it: the option, or the argument's name in capitals."""
    if isinstance(error.param, click.Option):
        return error.param.opts[-1]
    name = "" if error.param is None else error.param.human_readable_name
    return values_in_italian(name) if language == "it" else name
