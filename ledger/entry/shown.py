"""What a reader sees of a tree of disclosures: shown values, and the places of what is hidden.

- A hidden element of a list stands at its place as `HIDDEN`; a list keeps its length.
- A hidden member of an object has no name to stand under: `Members.hidden` counts them.
- Hidden is never absent: who asks for a member and does not find it looks at `hidden` before saying "not there".

    entry.content.get("bizLocation"), entry.content.hidden     # None, 2: may be one of the two
"""

from typing import Any, Final


class Hidden:
    """The one marker of a hidden list element; compare with `is HIDDEN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN: Final = Hidden()


class Members(dict[str, Any]):
    """The shown members of a selectively disclosed object, equal to the plain `dict` of them; `hidden` more are not."""

    __slots__ = ("hidden",)

    def __init__(self, members: Any = (), hidden: int = 0) -> None:
        if members:
            self.update(members)
        self.hidden = hidden


def plain(value: Any) -> Any:
    """A tree of disclosures as plain JSON values; a hidden element of a list is left out."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value if item is not HIDDEN]
    return value
