"""What is too much to hold: sequences and files that move to the disk when they grow.

- A `Spilled` sequence is written once, from its first item to its last, and read by number as often as it takes. What
  is read is made anew each time: it holds eight bytes an item, whatever an item is.
- The first `HELD` bytes stay in memory, so that what is small never sees a disk. A larger one is a file without a name
  (in TMPDIR), which nobody else can open and which is gone with who made it.
- Items are pickled. That is safe here alone: nothing is read back but what this process wrote.

    rows = Spilled(tuple(row) for row in many);  rows[7], len(rows)

docs/adr/0066-a-period-is-read-a-bundle-at-a-time.md.
"""

import pickle
from abc import abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar, overload

from schemas.errors import UnavailableError

HELD = 1 << 20
"""Bytes of one sequence or file that stay in memory."""
CHUNK = 1 << 16
T = TypeVar("T")


class Scratch(SpooledTemporaryFile[bytes]):
    """A file to write and read, which nobody else can open; `UnavailableError("no-room-for-scratch")`."""

    def __init__(self) -> None:
        super().__init__(max_size=HELD)

    def write(self, data: Any) -> int:
        """Write bytes where the file stands."""
        try:
            return super().write(data)
        except OSError as error:
            raise _no_room(error) from None

    def seek(self, *place: int) -> int:
        """Go to a place; what was written before it is on the disk then."""
        try:
            return super().seek(*place)
        except OSError as error:
            raise _no_room(error) from None

    def __del__(self) -> None:
        self.close()


def _no_room(error: OSError) -> UnavailableError:
    return UnavailableError("no-room-for-scratch", problem=error.strerror or type(error).__name__)


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """A file from its beginning, a piece at a time."""
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


class Lazy(Sequence[T]):
    """A sequence whose items are made when they are asked for. It equals any sequence of equal items."""

    @abstractmethod
    def item(self, number: int) -> T:
        """The item at a number from 0 to the last."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        places = range(len(self))[index]
        return self.item(places) if isinstance(places, int) else Picked(self.item, places)

    def __iter__(self) -> Iterator[T]:
        return map(self.item, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


class Picked(Lazy[T]):
    """Items by these numbers, in this order, each made by `make`."""

    def __init__(self, make: Callable[[int], T], numbers: Sequence[int]) -> None:
        self._make, self._numbers = make, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def item(self, number: int) -> T:
        """The one at a place of the order."""
        return self._make(self._numbers[number])


class Spilled(Lazy[T]):
    """Items on the disk, in the order they came; `UnavailableError("no-room-for-scratch")`."""

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._file = Scratch()
        self._ends = array("Q", [0])
        for item in items:
            self.append(item)

    def append(self, item: T) -> None:
        """Put an item at the end."""
        data = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        self._file.seek(self._ends[-1])
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def item(self, number: int) -> T:
        """The item, read again."""
        start, end = self._ends[number : number + 2]
        self._file.seek(start)
        found: T = pickle.loads(self._file.read(end - start))
        return found
