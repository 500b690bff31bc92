"""Another user of the same machine: what a store holds beside its tiles is for its owner alone."""

import os
from pathlib import Path

from tests.simulator.phones import Phone, made, observed, unit


def test_databases_keys_and_their_folder_are_the_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with made(str(tmp_path / "store"), tmp_path) as node:
            node.submit([Phone.added(node).event(observed(unit("1")))])
            files = [*(tmp_path / "store").glob("*.db*"), *(tmp_path / "keys").iterdir()]
            open_to_others = [file.name for file in files if file.stat().st_mode & 0o077]
    finally:
        os.umask(before)
    assert len(files) > 6
    assert open_to_others == []
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
