"""The command line as its user has it, run in this process: the arguments, what was printed, and the exit status.

    store = Shop(folder)
    store("init", "--name", "Cooperativa Sole")
    answer = store("capture", "harvest.jsonld")
    answer.code, answer.out, answer.err

`Shop.process` runs the same in a process of its own.
"""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from api.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "una passphrase di prova"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command line gave: exit status, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.splitlines()


@dataclass(frozen=True, slots=True)
class Shop:
    """Somebody's place of work: a folder with a store, its passphrase, and the user's own settings."""

    folder: Path

    @property
    def store(self) -> Path:
        """The store of this folder."""
        return self.folder / "store"

    def variables(self) -> dict[str, str]:
        """The environment of the commands: store, passphrase, and folders of this shop's own."""
        return {
            "FILIERA_STORE": str(self.store),
            "FILIERA_PASSPHRASE": PASSPHRASE,
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }

    def __call__(self, *arguments: object, lang: str = "en") -> Answer:
        """Run `filiera ARGUMENTS` here."""
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with _environment(self.variables()), redirect_stdout(out), redirect_stderr(err):
            code = run(["--lang", lang, *map(str, arguments)])
        out.flush()
        return Answer(code, out.buffer.getvalue().decode("utf-8"), err.getvalue())

    def process(self, *arguments: object, lang: str = "en") -> Answer:
        """Run it in a process of its own, as a shell does."""
        line = [sys.executable, "-m", "api.cli.main", *map(str, arguments)]
        environment = {**os.environ, **self.variables(), "LANG": f"{lang}_{lang.upper()}.UTF-8"}
        for name in ("FILIERA_LANG", "LC_ALL", "LC_MESSAGES"):
            environment.pop(name, None)
        done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return Answer(done.returncode, done.stdout, done.stderr)

    def works(self, *arguments: object) -> Answer:
        """Run a command that must succeed without a word on standard error."""
        answer = self(*arguments)
        assert (answer.code, answer.err) == (0, ""), (arguments, answer)
        return answer


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
