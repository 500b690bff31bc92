"""The published vectors of bundles: they are what the script makes, and the verifier says of each what it says."""

import json
from pathlib import Path

import pytest

from ledger.log.policy import known_log
from ledger.verify.recognise import verify_file
from tests.vectors import make_bundle_vectors

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "bundle"
NAMES = sorted(file.name for file in FOLDER.glob("*.json"))


def test_the_script_makes_the_files() -> None:
    made = make_bundle_vectors.texts()
    assert sorted(made) == sorted([*NAMES, "policy.txt"])
    differing = [name for name, text in made.items() if (FOLDER / name).read_text("utf-8") != text]
    assert differing == [], "run: python -m tests.vectors.make_bundle_vectors"


@pytest.mark.parametrize("name", NAMES)
def test_the_verifier_says_what_the_vector_says(name: str) -> None:
    log = known_log((FOLDER / "policy.txt").read_bytes())
    vector = json.loads((FOLDER / name).read_text("utf-8"))
    account = verify_file(vector["file"].encode(), known={log.origin: log})
    assert account.exit_code == vector["exit"] == {"va": 0, "re": 1, "un": 2}[name[:2]]
    assert account.verdicts == vector["verdicts"]
    reasons = [[r.verdict, r.code, r.index] for r in account.reasons if account.verdicts[r.verdict] != "yes"]
    assert reasons == vector["codes"]
