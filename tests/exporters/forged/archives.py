"""ZIP papers with one file changed, swapped, dropped or added, and with one thing changed inside each."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from exporters.claim import Claim
from exporters.files.package_file import MANIFEST
from exporters.files.zip_file import CLAIM
from tests.exporters.forged.forgery import Forgery
from tests.exporters.forged.messages import of_edi
from tests.exporters.forged.tables import of_csv
from tests.exporters.papers import Made, packed, parts_of

ENCLOSED: Mapping[str, Callable[[Made, bytes], Iterator[Forgery]]] = {"csv": of_csv, "edi": of_edi}
"""By the ending of the file that a ZIP encloses."""


def of_zip(made: Made) -> Iterator[Forgery]:
    """A ZIP's with a file and its proof."""
    parts, name = parts_of(made.data), made.content.name
    for forgery in ENCLOSED[name.rpartition(".")[2]](made, parts[name]):
        yield replace(forgery, data=packed({**parts, name: forgery.data}))
    yield Forgery("a file added", "more.csv", packed({**parts, "more.csv": b""}))
    yield Forgery("the file taken out", name, packed({each: parts[each] for each in parts if each != name}))
    claim = {**json.loads(parts[CLAIM]), "language": "la"}
    yield Forgery("the claim is none", "", packed({**parts, CLAIM: json.dumps(claim).encode()}))


def of_package(made: Made) -> Iterator[Forgery]:
    """A package's; `inside` of each paper in it as its own kind of file has them."""
    parts = parts_of(made.data)
    for name, data in parts.items():
        if not name.startswith("bundle") and name != MANIFEST:
            yield Forgery(f"{name} taken out", name, packed({each: parts[each] for each in parts if each != name}))
        if name.startswith(("README", "validation/", "evidence/", "recall/")):
            yield Forgery(f"{name} changed", name, packed({**parts, name: data + b" "}))
    yield Forgery("a file added", "exports/more.pdf", packed({**parts, "exports/more.pdf": b"x"}))
    yield from _manifests(parts)


def _manifests(parts: Mapping[str, bytes]) -> Iterator[Forgery]:
    said = json.loads(parts[MANIFEST])
    for name in said["files"]:
        told = {**said, "files": {**said["files"], name: "0" * 64}}
        yield Forgery(f"the digest of {name}", MANIFEST, packed({**parts, MANIFEST: json.dumps(told).encode()}))
    for member in ("left",):
        told = {**said, member: {"x": []}}
        yield Forgery(f"what is {member}", MANIFEST, packed({**parts, MANIFEST: json.dumps(told).encode()}))


def swapped(claim: Claim, other: bytes) -> Claim:
    """The claim with another bundle for each of its own."""
    return replace(claim, bundles=(other,) * len(claim.bundles))
