"""One verb, one function: every command, its twin over HTTP and the function that both call (rule 9 of the house)."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import api.verbs
from api.cli.main import COMMANDS
from api.http.openapi import italian
from api.http.v1.table import ENDPOINTS, routes
from api.http.v1.twins import TWINS, WITHOUT
from schemas.wording import catalogue

ROOT = Path(__file__).resolve().parents[2]
# Functions that a verb offers to its faces beside itself: they find, name and judge what the verb is then asked for.
BESIDE = {
    "export_bundle.everything", "export_bundle.may_know", "export_bundle.object_uri", "master.thing_id",
    "submit.read_wires",
    "token.find_token", "account.find_account", "account.look_at_invitation", "account.first_owner",
    "sheets.place_of", "trust.fetch_policy", "trust.look", "trust.own_policy", "verify.keep_heads",
    "verify.trusted_here", "device.ask", "device.bring", "device.fingerprint", "device_facts.facts",
    "attach.bring_document", "filed.filed", "recall.reported",
    # With an admin key that is here; over HTTP its holder brings the entry it signed (`bring`).
    "device.admit",
    "export.lacking", "label.lacking",
    "balance.product_uri", "balance.whose", "certificates.certificates", "season.period_of", "season.season_names",
    "findings.said", "findings.found_in", "findings.count_between", "mixing.read_mixing", "mixing.mixing_of",
}  # fmt: skip


def commands() -> dict[str, str]:
    """Every command by its path, with the module that has it."""

    def leaves(path: str, command: click.Command) -> Iterator[str]:
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                yield from leaves(f"{path} {name}", inner)
        else:
            yield path

    found = {}
    for name, (module, _) in COMMANDS.items():
        for path in leaves(name, importlib.import_module(f"api.cli.{module}").command):
            found[path] = f"api.cli.{module}"
    return found


def verbs() -> set[str]:
    """Every public function of `api.verbs`, as `module.function`."""
    found = set()
    for module in pkgutil.iter_modules(api.verbs.__path__):
        room = importlib.import_module(f"api.verbs.{module.name}")
        for name, function in inspect.getmembers(room, inspect.isfunction):
            if function.__module__ == room.__name__ and not name.startswith("_"):
                found.add(f"{module.name}.{name}")
    return found


def named_in(module: str) -> set[str]:
    """Every function of `api.verbs` that a module names, as `module.function`."""
    file = importlib.import_module(module).__file__
    assert file is not None
    tree = ast.parse(Path(file).read_text("utf-8"))
    rooms, found = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "api.verbs":
            rooms.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("api.verbs."):
            found |= {f"{(node.module or '').rpartition('.')[2]}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in rooms:
            found.add(f"{rooms[node.value.id]}.{node.attr}")
    return found


OPERATIONS = {endpoint.name: endpoint for endpoint in ENDPOINTS}


def test_every_command_has_its_twin_or_the_reason_why_not() -> None:
    assert set(TWINS) | set(WITHOUT) == set(commands())
    assert not set(TWINS) & set(WITHOUT)
    assert set(WITHOUT.values()) <= set(catalogue("it"))


@pytest.mark.parametrize("command", sorted(TWINS))
def test_a_command_and_its_twin_call_the_same_function(command: str) -> None:
    twin = TWINS[command]
    by_command = named_in(commands()[command])
    by_route = named_in(OPERATIONS[twin.operation].answer.__module__)
    for verb in twin.verbs:
        assert verb in by_command, f"{command} does not call {verb}"
        assert verb in by_route, f"{twin.operation} does not call {verb}"


def test_every_verb_has_its_command() -> None:
    named = set().union(*(named_in(module) for module in set(commands().values())))
    assert sorted(verbs() - named - BESIDE) == []


def test_every_verb_is_in_the_table_or_has_a_reason() -> None:
    paired = {verb for twin in TWINS.values() for verb in twin.verbs}
    without = set().union(*(named_in(commands()[command]) for command in WITHOUT))
    assert sorted(verbs() - paired - without - BESIDE) == []


@pytest.mark.parametrize(("page", "name"), [("commands", "interface"), ("comandi", "interfaccia")])
def test_every_command_and_operation_has_its_place_in_the_docs(page: str, name: str) -> None:
    reference = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    interface = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    assert [command for command in commands() if f"# `filiera {command}`" not in reference] == []
    missing = [
        endpoint.name
        for endpoint in ENDPOINTS
        if f"### `{endpoint.method} {endpoint.path.replace(':path', '')}`" not in interface
    ]
    assert missing == []


def test_every_operation_says_in_italian_what_it_does() -> None:
    names = {route.name for route in routes() if hasattr(route, "name")}
    assert set(italian()) == names


def test_no_two_operations_share_a_name() -> None:
    assert len(OPERATIONS) == len(ENDPOINTS)
