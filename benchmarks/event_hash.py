"""Event hash against the Python reference implementation.

- Both start from the bytes of a document and end with its hashes, over every official JSON document that the
  reference implementation can read without a network; each runs in a process of its own.
- Ours begins every pass with empty caches, so that no identifier is known from the pass before.
- The reference implementation is installed from PyPI into a venv of its own, or `FILIERA_REFERENCE_PYTHON` names a
  Python that has it. Its release of today writes an older revision of the hash: equal results are counted.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Number, at_least, median

REFERENCE = "epcis-event-hash-generator==1.9.3"
SHARED = Path(os.environ.get("FILIERA_SHARED", str(Path(__file__).resolve().parents[2] / "shared")))
DOCUMENTS = SHARED / "data" / "gs1" / "event-hash-vectors-2026-07" / "documents"
PASSES = 20

# Runs in the other venv: names of documents in, for each that can be read its hashes, and the seconds of passes.
_MEASURE_REFERENCE = """
import json, logging, statistics, sys, time
logging.disable(logging.CRITICAL)
from epcis_event_hash_generator import hash_generator, json_to_py
def hashes(text):
    return hash_generator.epcis_hashes_from_events(json_to_py.event_list_from_epcis_document_str(text))
readable = {}
for name in sys.argv[2:]:
    text = open(name, encoding="utf-8").read()
    try:
        readable[name] = (text, hashes(text))
    except Exception:
        pass
def seconds():
    start = time.perf_counter()
    for _ in range(int(sys.argv[1])):
        for text, _ in readable.values():
            hashes(text)
    return time.perf_counter() - start
taken = statistics.median(seconds() for _ in range(3))
print(json.dumps({"seconds": taken, "hashes": {name: found for name, (_, found) in readable.items()}}))
"""


def run() -> list[Number]:
    """Events hashed per second by both, and the ratio that is held to at least 20."""
    names = sorted(map(str, DOCUMENTS.glob("*.json*")))
    if not names:
        raise SystemExit(f"no documents in {DOCUMENTS}")
    with tempfile.TemporaryDirectory(prefix="filiera-reference-") as folder:
        python = os.environ.get("FILIERA_REFERENCE_PYTHON") or _install(Path(folder))
        command = [python, "-c", _MEASURE_REFERENCE, "2", *names]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder)
    theirs = json.loads(done.stdout)
    readable = list(theirs["hashes"])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.event_hash", "ours", *readable],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    ours = json.loads(done.stdout)
    events = sum(map(len, ours["hashes"].values()))
    equal = sum(
        mine == its for name in readable for mine, its in zip(ours["hashes"][name], theirs["hashes"][name], strict=True)
    )
    per_pass, reference_pass = ours["cold"] / PASSES, theirs["seconds"] / 2
    return [
        Number("documents both can read", len(readable), f"of {len(names)}"),
        Number("events in them, hashed alike", equal, f"of {events}"),
        Number("reference implementation", events / reference_pass, "events/s"),
        Number("event hash, empty caches", events / per_pass, "events/s"),
        Number("event hash, identifiers seen before", events / (ours["warm"] / PASSES), "events/s"),
        at_least("event hash against the reference", reference_pass / per_pass, 20),
    ]


def _install(folder: Path) -> str:
    """The Python of a fresh venv that holds the reference implementation."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = str(folder / "venv" / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REFERENCE]
    subprocess.run(install, check=True, stdout=sys.stderr)
    return python


def _ours(names: list[str]) -> dict[str, object]:
    """Seconds of `PASSES` passes over the documents, with empty and with filled caches, and the hashes."""
    from api.verbs.hash import hash_document
    from schemas.epcis import hash_values
    from schemas.gs1 import canonical

    documents = {name: Path(name).read_bytes() for name in names}

    def passes(*, cold: bool) -> None:
        for _ in range(PASSES):
            if cold:
                hash_values.forget()
                canonical.forget()
            for data in documents.values():
                hash_document(data)

    hashes = {name: hash_document(data) for name, data in documents.items()}
    return {
        "hashes": hashes,
        "cold": median(lambda: passes(cold=True)),
        "warm": median(lambda: passes(cold=False)),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        print(json.dumps(_ours(sys.argv[2:])))
    else:
        for number in run():
            print(f"{number.name}: {number.value:,.4g} {number.unit} {number.bound}")
