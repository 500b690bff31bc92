"""`filiera verifier`: the verifier as one HTML file that works from a disk."""

import click

from api.cli.context import policies_folder, read_input, write_output
from api.verbs.verifier import verifier
from ledger.trust import KnownLogs


@click.command("verifier")
@click.option("--policy", "policies", multiple=True, metavar="FILE", help="A log to trust; by default all you trust.")
@click.option("-o", "--output", default="-", metavar="FILE", help="The file to write (default: standard output).")
def command(policies: tuple[str, ...], output: str) -> None:
    """Write a page that checks files in a browser, offline.

    One HTML file with everything in it: it can be mailed, loads nothing and sends nothing. Its SHA-256 is printed on
    standard error; publish it, so that whoever was given the page can compare.
    """
    texts = [read_input(policy) for policy in policies] or KnownLogs(policies_folder()).texts()
    page, digest = verifier(texts)
    write_output(output, page)
    click.echo(f"sha256:{digest}", err=True)
