"""Play the demonstration into a folder: see `api.demo.play`."""

from collections.abc import Callable
from pathlib import Path

from api.demo.play import Played, play


def demo(folder: Path, *, policies: Path, progress: Callable[[int, int], None]) -> Played:
    """Make the demonstration at `folder`; an earlier one there is replaced, anything else is refused."""
    return play(folder, policies=policies, progress=progress)
