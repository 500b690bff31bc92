"""What a format misses, said: what it is, for which event or thing, and who can fill it. Before it is empty, no file.

    for line in missing_lines(error, "it"): …

FORMATS section 4 (mapping rule): a missing mandatory element is a list with who must fill it, never a silent blank.
"""

from collections.abc import Iterator
from typing import Any

from exporters.format import Missing, MissingData
from schemas.wording import Language, sentence


def missing_lines(error: MissingData, language: Language) -> Iterator[str]:
    """Everything that is missing as lines for people: what, for what, and who can fill it."""
    for item in error.missing:
        yield missing_line(item, language)


def missing_json(error: MissingData, language: Language) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {"element": item.element, "about": item.about, "who": item.who, "index": item.index,
         "text": missing_line(item, language)}
        for item in error.missing
    ]  # fmt: skip


def missing_line(item: Missing, language: Language) -> str:
    """One thing that is missing, as a line."""
    code = "export-missing-element" if item.index is None else "export-missing-element-at"
    said = {"element": item.element, "about": item.about, "who": f"who-{item.who}", "index": item.index}
    return sentence(code, said, language)
