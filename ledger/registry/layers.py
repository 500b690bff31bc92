"""A mapping in layers: read through, written on top, so that a group of entries can be judged and thrown away.

- A layer without one below it is the thing itself; `branch()` puts an empty layer on top.
- Reading goes down, writing stays in the top layer; what is below never changes under a reader's feet.
- `merge()` writes the top layer's changes, and nothing else, into the layer below: its cost is what changed.
- Nothing is ever removed: the registry only learns.

    group = keys.branch(); group["k"] = key; group.merge()
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Layer(Generic[K, V]):
    """One layer over another, or the lowest one."""

    __slots__ = ("_below", "_own")

    def __init__(self, below: "Layer[K, V] | None" = None) -> None:
        self._own: dict[K, V] = {}
        self._below = below

    def branch(self) -> "Layer[K, V]":
        """An empty layer on top of this one."""
        return Layer(self)

    def get(self, key: K) -> V | None:
        """The value in the highest layer that has the key, or None."""
        layer: Layer[K, V] | None = self
        while layer is not None:
            value = layer._own.get(key)
            if value is not None:
                return value
            layer = layer._below
        return None

    def __contains__(self, key: K) -> bool:
        return self.get(key) is not None

    def __setitem__(self, key: K, value: V) -> None:
        self._own[key] = value

    def __getitem__(self, key: K) -> V:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def items(self) -> Iterator[tuple[K, V]]:
        """Every key with its highest value; the order is that of first insertion, lowest layer first."""
        return iter(self._flat().items())

    def values(self) -> Iterator[V]:
        """Every highest value, in the order of `items`."""
        return iter(self._flat().values())

    def __len__(self) -> int:
        return len(self._flat())

    def merge(self) -> None:
        """Write this layer's changes into the one below, and be empty again."""
        if self._below is None:
            raise ValueError("the lowest layer has nothing below it")
        self._below._own.update(self._own)
        self._own = {}

    def _flat(self) -> dict[K, V]:
        return self._own if self._below is None else {**self._below._flat(), **self._own}
