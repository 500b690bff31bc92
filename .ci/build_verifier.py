"""Build `filiera-verify.pyz`: the verifier, the modules it imports and its sentences, in one file.

    python .ci/build_verifier.py filiera-verify.pyz

- What goes in is what `ledger.verify.__main__` imports of `schemas` and `ledger`, found by reading the imports, so a
  module that is not needed is not there; plus the sentences of both languages and the table of units. `cryptography`
  stays outside.
- The same sources give the same bytes: names sorted, one fixed time, no compression level of the machine's choosing.
"""

import ast
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("schemas", "ledger")
START = "ledger.verify.__main__"
# What the verifier reads besides its sentences: the factors of units.
TABLES = ("conversions",)
EPOCH = (1980, 1, 1, 0, 0, 0)
MAIN = b"import sys\n\nfrom ledger.verify.__main__ import main\n\nsys.exit(main())\n"


def source(module: str) -> Path | None:
    """The file of a module or package of ours, None where there is none."""
    stem = ROOT.joinpath(*module.split("."))
    return next((file for file in (stem.with_suffix(".py"), stem / "__init__.py") if file.is_file()), None)


def imported(file: Path) -> Iterator[str]:
    """Every name of ours that a file imports, at any depth; a name may be a module or something in one."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def needed() -> dict[str, bytes]:
    """Path in the archive -> bytes."""
    files: dict[str, bytes] = {"__main__.py": MAIN}
    waiting, seen = [START], {START}
    while waiting:
        module = waiting.pop()
        file = source(module)
        if file is None or module.split(".")[0] not in ROOMS:
            continue
        files[str(file.relative_to(ROOT))] = file.read_bytes()
        parent = module.rpartition(".")[0]
        for name in ({parent} if parent else set()) | set(imported(file)):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    for room in ROOMS:
        for language in ("it", "en"):
            files[f"{room}/{language}.toml"] = (ROOT / room / f"{language}.toml").read_bytes()
    files["schemas/words.toml"] = (ROOT / "schemas" / "words.toml").read_bytes()
    for table in TABLES:
        files[f"schemas/lists/{table}.tsv"] = (ROOT / "schemas" / "lists" / f"{table}.tsv").read_bytes()
    return files


def build(target: Path) -> None:
    """Write the archive; it replaces what was there whole."""
    draft = target.with_name(target.name + ".part")
    with draft.open("wb") as out:
        out.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, data in sorted(needed().items()):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.external_attr = 0o644 << 16
                entry.create_system = 3
                archive.writestr(entry, data)
    draft.chmod(0o755)
    draft.replace(target)


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "filiera-verify.pyz"))
