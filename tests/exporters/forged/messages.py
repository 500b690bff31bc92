"""EDI files with one component changed, and one segment gone, said twice, or put in."""

from collections.abc import Iterator

from exporters.files.edi_file import places
from schemas.syntax.edifact import Segment, read, segment, write
from tests.exporters.forged.forgery import MORE, Forgery
from tests.exporters.papers import Made

PUT_IN = "FTX AAI"


def of_edi(made: Made, data: bytes) -> Iterator[Forgery]:
    """An interchange's."""
    del made
    for place, forged in altered(data):
        # One that is put in belongs to what stands before it.
        yield Forgery(f"{place} told otherwise", "" if place == PUT_IN else place, forged)


def altered(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The place that must be named, and the interchange."""
    segments = read(data).segments
    labels = [place for place, _ in places(segments)]
    for number, (place, said) in enumerate(zip(labels, segments, strict=True)):
        before, after = segments[:number], segments[number + 1 :]
        for element, components in enumerate(said.elements):
            for component, text in enumerate(components):
                other = (*components[:component], text + MORE, *components[component + 1 :])
                changed = Segment(said.tag, (*said.elements[:element], other, *said.elements[element + 1 :]))
                yield f"{place}, {element + 1}.{component + 1}", write([*before, changed, *after])
        yield place, write([*before, *after])
        yield place, write([*before, said, said, *after])
        yield PUT_IN, write([*before, said, segment("FTX", "AAI", "", "", "x"), *after])
