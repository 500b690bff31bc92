"""`filiera`: finds the command's file when it is called, runs it, and turns errors into sentences.

- Usage errors exit 64, bad input 65, what is unavailable 69 (sysexits); `verify` keeps its own 0, 1 and 2.
- Results go to standard output, sentences to standard error, in the language of `--lang`, `FILIERA_LANG` or `LANG`.
  Where whoever reads a pipe goes away it exits 141, as any program that SIGPIPE ends: never `verify`'s 0 or 1.
- An error never shows a traceback: its code, what happened and what to do are what a person needs.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from api.cli.context import EXIT_PIPE, EXIT_USAGE, current_language, exit_code
from api.cli.help_text import SpokenContext, in_italian, short_help
from api.cli.usage import usage_error
from ledger.collector import collect_rarely
from schemas.errors import LedgerError, UnavailableError
from schemas.wording import explain

# Command -> module of `api.cli`; its attribute `command` is the click command. The sentence is the short help,
# here so that `filiera --help` loads no command; its Italian is in help.it.toml, as all Italian help is.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Build a believable chain of three cooperatives, two seasons, ready to verify."),
    "init": ("init", "Make a log, its first member and that member's keys."),
    "serve": ("serve", "Serve the ledger over HTTP: EPCIS 2.0 on one port."),
    "capture": ("capture", "Capture EPCIS documents, JSON-LD or XML."),
    "master": ("master", "Keep parties, sites, products and certificates, as of a time."),
    "recall": ("recall", "Report, drill, open and end a recall, and write its notice."),
    "attach": ("attach", "Attach a PDF or photo to a lot, a thing or an entry."),
    "document": ("document", "List and save what was attached."),
    "sscc": ("sscc", "Take the next SSCC for a pallet, and list what became of each."),
    "import": ("import_", "Record the rows of an office's sheet, all or none."),
    "number": ("number", "Take the next number of a delivery note, and list what became of each."),
    "submit": ("submit", "Log entries that were signed elsewhere."),
    "events": ("events", "Find events by the parameters of the EPCIS standard."),
    "findings": ("findings", "List what does not add up, and what to do."),
    "balance": ("balance", "Balance what lots, products, sites and members had, got and gave."),
    "season": ("season", "Show what a season gave, by product, site and week."),
    "trace": ("trace", "Trace a lot back to every origin, or forward to every customer."),
    "export": ("export", "Write a lot's proof in a format a buyer takes."),
    "credential": ("credential", "Issue a W3C credential of a lot, signed by a member's key."),
    "formats": ("formats", "List the formats that are exported, and what each needs."),
    "label": ("label", "Write the label of a lot or pallet, read back before it is written."),
    "proof": ("proof", "Write the tlog-proof of one entry."),
    "verify": ("verify", "Check a bundle or an exported file, offline."),
    "verifier": ("verifier", "Write a page that checks files in a browser, offline."),
    "hash": ("hash", "Print the CBV event hash of each event of a document."),
    "convert": ("convert", "Convert an EPCIS document between JSON-LD and XML, 2.0 and 1.2."),
    "id": ("identify", "Read GS1 identifiers and write them in every form."),
    "key": ("key", "Make, list, rotate and revoke keys."),
    "member": ("member", "Propose, approve, list and recover members."),
    "publish": ("publish", "Show everybody what a member recorded about a lot."),
    "erase": ("erase", "Erase what entries say, on a legal ground."),
    "token": ("token", "Make, list and revoke the tokens by which programs ask."),
    "account": ("account", "Invite persons, give them roles, see what they did, and remove them."),
    "trust": ("trust", "Keep the logs whose keys you trust."),
    "audit": ("audit", "Recompute everything from stored bytes or a remote log's tiles."),
    "rebuild": ("rebuild", "Recreate every derived table from entries and disclosures."),
    "backup": ("backup", "Copy a running store."),
    "restore": ("restore", "Bring a store back from a copy."),
}


class LazyCommands(click.Group):
    """A group that imports a command's module only when that command is called, and speaks the user's language."""

    context_class = SpokenContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"api.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return in_italian(command, cmd_name) if current_language(ctx.find_root().obj) == "it" else command

    def get_help(self, ctx: click.Context) -> str:
        """The help of the program itself."""
        spoken = in_italian(self, "filiera") if current_language(ctx.find_root().obj) == "it" else self
        return click.Group.get_help(spoken, ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help(name, text)) for name, (_, text) in COMMANDS.items()])


def _speak(ctx: click.Context, parameter: click.Parameter, lang: str | None) -> str | None:
    """Note the language before anything is said: `--lang it --help` is answered in Italian."""
    ctx.ensure_object(dict)["lang"] = lang
    return lang


@click.group(cls=LazyCommands, name="filiera", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang",
    type=click.Choice(["it", "en"]),
    default=None,
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="Language of messages (default: FILIERA_LANG or LANG).",
)
@click.version_option(package_name="filiera", message="%(prog)s %(version)s")
def filiera() -> None:
    """The traceability ledger of agricultural cooperatives: record lots, prove them, check them offline."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; errors are printed as sentences."""
    context: dict[str, Any] = {}
    try:
        result = filiera.main(args=arguments, prog_name="filiera", standalone_mode=False, obj=context)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.message, file=sys.stderr)
        return EXIT_USAGE
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            click.echo(error.ctx.get_usage(), file=sys.stderr)
        _say(usage_error(error, current_language(context)), context)
        return EXIT_USAGE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except LedgerError as error:
        _say(error, context)
        return exit_code(error)
    except (BrokenPipeError, SystemExit):
        # The reader of a pipe went away (`filiera … | head`), for which click raises SystemExit of its own: nothing
        # more can be said, and what was not read is neither good nor bad.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_PIPE
    except OSError as error:
        problem = error.strerror or type(error).__name__
        refused = UnavailableError("system-refused", file=error.filename or "-", problem=problem)
        _say(refused, context)
        return exit_code(refused)


def _say(error: LedgerError, context: dict[str, Any]) -> None:
    print(f"filiera: {explain(error, current_language(context))} [{error.code}]", file=sys.stderr)  # noqa: T201


def _whole_streams() -> None:
    """A stream that whoever started us closed is the null device: else the next file that is opened, a database
    perhaps, gets its number, and Python has None in its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def main() -> None:
    """The entry point of the distribution."""
    _whole_streams()
    collect_rarely()
    sys.exit(run())


if __name__ == "__main__":
    main()
