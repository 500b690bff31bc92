"""One code list: a tab-separated file with its source and date on the first line.

- The first line is a comment: where the list comes from and when it was last checked.
- The second names the columns; every row has all of them, an empty cell is an empty text.

    [row["word"] for row in rows("error_reasons")]  ->  ["did_not_occur", "incorrect_data"]
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of list `name` in their order, column -> cell; `FileNotFoundError` for no such list."""
    text = files("schemas.lists").joinpath(f"{name}.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    header = lines[0].split("\t")
    return tuple(dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:])


@cache
def source(name: str) -> str:
    """Where list `name` comes from and when it was checked, as its first line says."""
    first = files("schemas.lists").joinpath(f"{name}.tsv").read_text("utf-8").splitlines()[0]
    return first.removeprefix("# source: ")
