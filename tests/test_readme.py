"""The README's commands work as they stand, in an empty folder with an empty home."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    script = re.search(r"<!-- run -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert script
    # What it makes of the same lot further down.
    papers = re.findall(r"^filiera export (?:dossier|package) .*$", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert len(papers) == 2
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
        "LANG": "en_GB.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join([script[1], *papers])],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "lot.filiera.json").stat().st_size > 1000
    assert {"dossier.pdf", "lot.zip"} <= {file.name for file in tmp_path.iterdir()}


def test_every_file_the_readme_points_to_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not (ROOT / link).exists()] == []
