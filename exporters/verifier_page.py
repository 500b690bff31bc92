"""The verifier as one HTML file: everything in it, policies baked in, so that it can be mailed and works from a disk.

- A pure function of the policies: the same texts give the same bytes, whose digest can be published.
- The modules of `ledger/js` and `exporters/js` are joined into one script, each in a function of its own, in the order
  in which they need each other. What they are written in is narrow on purpose: imports by name, exports where something
  is declared; anything else is a programmer's mistake (`ValueError`).
- The page may run its own script and wear its own style, each named by its hash, and may load and send nothing at all.

    page = verifier_page([policy])
    page_digest(page)      # hex SHA-256

W3C Content Security Policy 3, sections 2.3.1 (hashes) and 3.3 (the policy in a `meta` element); docs/adr/0058.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from ledger.log.policy import known_log
from schemas.wording import sentence

HERE = Path(__file__).resolve().parent
_ROOMS = {"ledger": HERE.parent / "ledger" / "js", "exporters": HERE / "js"}
_START, _POLICIES = "exporters/verify_html.js", "exporters/policies.js"
_TEMPLATES = HERE / "templates"
_IMPORT = re.compile(r"^import (\{[^}]*\}|\* as \w+) from '([^']+)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?:/\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_RENAMED = re.compile(r"(\w+) as (\w+)")


def verifier_page(policies: Sequence[bytes]) -> bytes:
    """The page that trusts the logs of these policies. `InputError`: `policy`, `policy-one-log`, `policy-genesis`."""
    for policy in policies:
        known_log(policy)
    style = (_TEMPLATES / "verify.css").read_text("utf-8")
    script = _script([policy.decode("utf-8") for policy in policies])
    parts = {
        "policy": f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "no_script_it": sentence("page-no-script", {}, "it"),
        "no_script_en": sentence("page-no-script", {}, "en"),
    }
    page = (_TEMPLATES / "verify.html").read_text("utf-8")
    return re.sub(r"\{(\w+)\}", lambda found: parts[found[1]], page).encode("utf-8")


def page_digest(page: bytes) -> str:
    """Hex SHA-256 of a page: what is published beside it."""
    return sha256(page).hexdigest()


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _script(policies: Sequence[str]) -> str:
    # `<` as an escape, so that no policy can end the element it stands in.
    written = json.dumps(list(policies)).replace("<", "\\u003c")
    given = {_POLICIES: f"export const POLICIES = {written};\n"}
    joined = "".join(_wrapped(name, text) for name, text in _in_order(_START, given, []))
    if "</script" in joined or "<!--" in joined:
        raise ValueError("a module ends the element that the script stands in")
    return joined


def _in_order(name: str, given: Mapping[str, str], above: list[str]) -> Iterator[tuple[str, str]]:
    """A module after all that it needs, each once."""
    done: dict[str, str] = {}

    def visit(name: str, above: list[str]) -> None:
        if name in above:
            raise ValueError(f"{name} needs itself")
        if name in done:
            return
        text = given.get(name) or _read(name)
        for _, path in _IMPORT.findall(text):
            visit(_resolved(name, path), [*above, name])
        done[name] = text

    visit(name, above)
    yield from done.items()


def _read(name: str) -> str:
    room, _, path = name.partition("/")
    return (_ROOMS[room] / path).read_text("utf-8")


def _resolved(module: str, path: str) -> str:
    """The name of what a module imports: rooms stand side by side, as a server serves them."""
    parts = module.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _wrapped(name: str, text: str) -> str:
    """A module as a function that gives what it exports."""
    imports = "".join(
        f"const {_names(what)} = {_variable(_resolved(name, path))};\n" for what, path in _IMPORT.findall(text)
    )
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub("", _COMMENT.sub("", text)))
    if re.search(r"^\s*(?:import|export)\b", body, re.MULTILINE):
        raise ValueError(f"{name} imports or exports in another way than by name")
    exports = ", ".join(exported for _, exported in _EXPORT.findall(text))
    return f"const {_variable(name)} = (() => {{\n{imports}{body}return {{ {exports} }};\n}})();\n"


def _names(what: str) -> str:
    return what.removeprefix("* as ") if what.startswith("*") else _RENAMED.sub(r"\1: \2", " ".join(what.split()))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
