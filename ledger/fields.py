"""The members of one JSON object, taken one by one with their types; what nobody took is unknown and refused.

A format that ignores what it does not know lets two readers see two different files (docs/spec/bundle.md).

- Every refusal names the file's kind and the member's path, `entries/3/index`, and has a code of its own.
- Binary values are base64url without padding in their only spelling.

    item = Fields(tree, "logs/0", "bundle")
    size = item.integer("size")
    item.done()
"""

from typing import Any

from schemas.errors import InputError
from schemas.syntax import base64url


class Fields:
    """A JSON object being read: `tree` from `json_text.read_integers`, `place` its path, `noun` the file's kind."""

    __slots__ = ("_left", "_noun", "_place")

    def __init__(self, tree: Any, place: str, noun: str) -> None:
        if not isinstance(tree, dict):
            raise InputError("file-member-type", file=noun, member=place, expected="object")
        self._left = dict(tree)
        self._place = place
        self._noun = noun

    def done(self) -> None:
        """Refuse what was not taken: an unknown member."""
        for name in self._left:
            raise InputError("file-unknown-member", file=self._noun, member=self._path(name)[:80])

    def text(self, name: str) -> str:
        """A string."""
        text: str = self._typed(name, str, "string")
        return text

    def ascii(self, name: str) -> str:
        """A string of ASCII characters."""
        return self._ascii(self.text(name), self._path(name))

    def optional_text(self, name: str) -> str | None:
        """A string, or None where the member is absent."""
        return self.text(name) if name in self._left else None

    def integer(self, name: str) -> int:
        """An integer 0..2^53 (the reader of the text has already bounded it)."""
        value: int = self._typed(name, int, "integer")
        return value

    def below(self, name: str, limit: int) -> int:
        """An integer smaller than `limit`."""
        value = self.integer(name)
        if value >= limit:
            raise InputError("file-number-range", file=self._noun, member=self._path(name), limit=limit)
        return value

    def binary(self, name: str, length: int) -> bytes:
        """Base64url text of exactly `length` bytes."""
        return self._binary(self.text(name), self._path(name), length)

    def binaries(self, name: str, length: int | None) -> tuple[bytes, ...]:
        """A list of base64url texts, each of `length` bytes, or of any length with None."""
        return tuple(self._binary(item, place, length) for item, place in self._items(name))

    def asciis(self, name: str) -> list[str]:
        """A list of ASCII strings."""
        return [self._ascii(item, place) for item, place in self._items(name)]

    def texts(self, name: str) -> list[str]:
        """A list of strings."""
        return [self._check(item, place, str, "string") for item, place in self._items(name)]

    def strings(self, name: str) -> dict[str, str]:
        """An object whose members are all strings, whatever their names."""
        members: dict[str, Any] = self._typed(name, dict, "object")
        place = self._path(name)
        return {key: self._check(value, f"{place}/{key}", str, "string") for key, value in members.items()}

    def integers(self, name: str) -> tuple[int, ...]:
        """A list of integers."""
        return tuple(self._check(item, place, int, "integer") for item, place in self._items(name))

    def steps(self, name: str) -> tuple[tuple[int, bytes], ...]:
        """A list of pairs [bit, digest of 32 bytes]: a way through the tag tree."""
        found = []
        for item, place in self._items(name):
            pair = self._check(item, place, list, "pair")
            if len(pair) != 2:
                raise InputError("file-member-type", file=self._noun, member=place, expected="pair")
            bit = self._check(pair[0], place, int, "integer")
            if bit > 255:
                raise InputError("file-number-range", file=self._noun, member=place, limit=256)
            found.append((bit, self._binary(pair[1], place, 32)))
        return tuple(found)

    def object(self, name: str) -> "Fields":
        """An object."""
        return Fields(self._take(name), self._path(name), self._noun)

    def optional_object(self, name: str) -> "Fields | None":
        """An object, or None where the member is absent."""
        return self.object(name) if name in self._left else None

    def objects(self, name: str) -> list["Fields"]:
        """A list of objects."""
        return [Fields(item, place, self._noun) for item, place in self._items(name)]

    def _items(self, name: str) -> list[tuple[Any, str]]:
        items = self._typed(name, list, "list")
        return [(item, f"{self._path(name)}/{position}") for position, item in enumerate(items)]

    def _take(self, name: str) -> Any:
        if name not in self._left:
            raise InputError("file-missing-member", file=self._noun, member=self._path(name))
        return self._left.pop(name)

    def _typed(self, name: str, kind: type[Any], expected: str) -> Any:
        return self._check(self._take(name), self._path(name), kind, expected)

    def _check(self, value: Any, place: str, kind: type[Any], expected: str) -> Any:
        # bool is an int to Python and is not one to JSON.
        if not isinstance(value, kind) or isinstance(value, bool):
            raise InputError("file-member-type", file=self._noun, member=place, expected=expected)
        return value

    def _ascii(self, value: Any, place: str) -> str:
        text: str = self._check(value, place, str, "string")
        if not text.isascii():
            raise InputError("file-not-ascii", file=self._noun, member=place)
        return text

    def _binary(self, value: Any, place: str, length: int | None) -> bytes:
        decoded = base64url.decode(self._check(value, place, str, "string"), member=place)
        if length is not None and len(decoded) != length:
            raise InputError("file-digest-length", file=self._noun, member=place, expected=length, found=len(decoded))
        return decoded

    def _path(self, name: str) -> str:
        return f"{self._place}/{name}" if self._place else name
