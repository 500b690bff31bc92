"""The story played into a real log: three members, their gateway keys, two seasons, and a bundle per finished lot.

- Nothing is faked: members are proposed and voted in, documents are captured as anybody's, bundles are proved. Only
  the clock is the story's, so that what was harvested in 2025 was recorded in 2025.
- What went into a finished lot is published by whoever recorded it: its pack has a page, with each member's words and
  its picture.
- Its keys are for show: they are unlocked by a passphrase that is printed here and in `DEMO.txt`.
- One of the copies in `received/` was altered, quantities and all sums made right again: it is there to be found.
- KNOWN LIMIT: the story ends in December 2026; what is recorded in it on an earlier day is dated then (docs/limits.md).
- `verify.html` finds it without this program, and `stampa.html` leads telephones to the doors and to two packs.

    played = play(Path("filiera-demo"), policies=folder)
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from api.demo import identifiers as ids
from api.demo.masters import masters, own_picture
from api.demo.story import Step, read_story, tell
from api.pages.printed import sheets
from api.settings import Settings
from api.verbs.attach import attach
from api.verbs.export_bundle import export_bundle
from api.verbs.master import add
from api.verbs.publish import publish
from api.verbs.recall import drill
from api.verbs.trust import own_policy
from api.verbs.verifier import verifier
from exporters.facts.history import read
from exporters.facts.pack import pack
from ledger.audience import full
from ledger.bundle import parse, write
from ledger.capture.document import read_document
from ledger.lots.stock import is_unit
from ledger.node import Node
from ledger.readside.named import named
from ledger.trust import KnownLogs
from schemas.errors import InputError
from schemas.syntax import json_text
from schemas.syntax.base64url import decode, encode
from schemas.syntax.json_text import Number
from schemas.syntax.json_text import write as write_json

PASSPHRASE = b"filiera-demo"
NOTE = "DEMO.txt"
COPIES = 9
SHEETS, VERIFIER = "stampa.html", "verify.html"


@dataclass(frozen=True, slots=True)
class Played:
    """What the demonstration left: its origin, how much is in it, its bundles, the altered copy, the lot of which a
    recall was drilled, the entry of that drill, a lot of which a dossier may be made, the sheets to print, the verifier
    as one file and its SHA-256."""

    origin: str
    entries: int
    events: int
    bundles: tuple[Path, ...]
    altered: Path
    recalled: str
    drill: int
    finished: str
    sheets: Path
    verifier: Path
    digest: str


class StoryClock:
    """The time of the story, in seconds since the epoch."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> float:
        """The time now."""
        return self.now.timestamp()


def play(folder: Path, *, policies: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> Played:
    """Play the story into a new store at `folder`; an earlier demonstration there is replaced, anything else is not."""
    _make_room(folder, policies)
    story = read_story()
    steps = tell(story)
    clock = StoryClock(steps[0].at)
    first, *others = story["members"].values()
    with Node.init(
        str(folder),
        name=first["name"],
        gln=ids.gln(first["prefix"], first["gln"]),
        prefixes=(first["prefix"],),
        passphrase=PASSPHRASE,
        clock=clock,
        policies=policies,
    ) as node:
        (folder / NOTE).write_text(_note(node.origin), "utf-8")
        issuers = [node.own_member(), *_admit(node, others)]
        members = dict(zip(story["members"], issuers, strict=True))
        _keep(node, story, members)
        events = 0
        for number, step in enumerate(steps, start=1):
            clock.now = step.at
            events += len(_capture(node, step, members[step.member]))
            progress(number, len(steps))
        recalled, drilled = _drill(node, steps, members)
        bundles = tuple(_bundles(node, steps, folder / "bundles"))
        size = node.registry.size
        origin = node.origin
        page, digest = verifier([own_policy(node)])
    (folder / VERIFIER).write_bytes(page)
    altered = _copies(bundles, folder / "received")
    (folder / SHEETS).write_text(_sheets(bundles, altered), "utf-8")
    finished = next(lot for step in steps for lot in step.finished)
    return Played(
        origin, size, events, bundles, altered, recalled, drilled, finished, folder / SHEETS, folder / VERIFIER, digest
    )


def _make_room(folder: Path, policies: Path) -> None:
    """Remove an earlier demonstration, recognised by its note, with the trust in its log."""
    note = folder / NOTE
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not note.exists():
        raise InputError("demo-folder", folder=str(folder))
    origin = note.read_text("utf-8").splitlines()[0].removeprefix("origin ")
    known = KnownLogs(policies)
    if origin in known.load():
        known.remove(origin)
    shutil.rmtree(folder)


def _note(origin: str) -> str:
    return (
        f"origin {origin}\n\n"
        "This ledger was made by `filiera demo`. Its story is invented and its keys are for show:\n"
        "everybody knows their passphrase. Do not record anything real in it.\n\n"
        "Questo registro è stato creato da `filiera demo`. La storia è inventata e le chiavi sono dimostrative:\n"
        "la loro passphrase è nota a tutti. Non registrarvi nulla di vero.\n\n"
        f"export FILIERA_PASSPHRASE={PASSPHRASE.decode('ascii')}\n"
    )


def _admit(node: Node, others: list[dict[str, Any]]) -> Iterator[str]:
    """Propose each other member, let every member so far approve, and give it a gateway key."""
    membership = node.membership
    voters = [node.own_member()]
    for member in others:
        offer = membership.offer()
        gln = ids.gln(member["prefix"], member["gln"])
        said = membership.propose(voters[0], offer, name=member["name"], gln=gln, prefixes=(member["prefix"],))
        for voter in voters[: len(voters) // 2 + 1]:
            membership.approve(voter, said.leaf)
        membership.new_key("gateway", offer.iss)
        voters.append(offer.iss)
        yield offer.iss


def _capture(node: Node, step: Step, member: str) -> list[Any]:
    name = f"{step.at:%Y-%m-%d}-{step.member}.jsonld"
    return node.capture(read_document(step.document(), name=name), member=member)


def _keep(node: Node, story: dict[str, Any], members: dict[str, str]) -> None:
    """What each member keeps of itself and of whom it deals with, before anything happens."""
    for name, iss in members.items():
        add(node, write_json([*masters(story, name)]), name=f"{name}.json", member=iss)
        party = ids.party(story["members"][name]["prefix"])
        picture = own_picture(story["members"][name])
        attach(node, picture, name=f"{name}.png", to=party, audience=full(), member=iss)


def _drill(node: Node, steps: list[Step], members: dict[str, str]) -> tuple[str, int]:
    """A drill of the packer's own: the first field's lot of the last season, and the entry."""
    packer = members["packer"]
    year = max(step.at.year for step in steps)
    first = next(step for step in steps if step.at.year == year)
    lot: str = first.events[0]["quantityList"][0]["epcClass"]
    _, logged = drill(node, lot, audience=full(), member=packer)
    return lot, logged.index


def _bundles(node: Node, steps: list[Step], folder: Path) -> Iterator[Path]:
    folder.mkdir()
    for lot in (lot for step in steps for lot in step.finished):
        file = folder / f"{lot.rpartition('/')[2]}.filiera.json"
        bundle = export_bundle(node, lot, direction="back", audience=full(), naming=named(node, full()))
        file.write_bytes(bundle)
        _show(node, bundle)
        yield file


def _show(node: Node, bundle: bytes) -> None:
    """Every member publishes its part of a finished lot's history, so that whoever holds the pack sees all of it."""
    told = read(bundle).events
    for uri, member in sorted({(uri, event.member) for event in told for uri in event.step.moves.objects}):
        if not is_unit(uri):
            publish(node, uri, member=member)


def _copies(bundles: tuple[Path, ...], folder: Path) -> Path:
    """Copies as a buyer might have received them; the one in the middle was altered on the way."""
    folder.mkdir()
    chosen = bundles[:: max(1, len(bundles) // COPIES)][:COPIES]
    for bundle in chosen:
        shutil.copyfile(bundle, folder / bundle.name)
    altered = folder / chosen[len(chosen) // 2].name
    altered.write_bytes(alter(altered.read_bytes()))
    return altered


def _sheets(bundles: tuple[Path, ...], altered: Path) -> str:
    """What a newcomer prints: the doors, where `filiera serve` opens them, and each product's last lot."""
    received = f"{altered.parent.parent.name}/{altered.parent.name}"
    note = {
        "it": f"Da provare: in {received}/ ci sono copie avute da un cliente. Una è stata alterata per strada. Quale?",
        "en": f"To try: {received}/ holds copies as a buyer received them. One was altered on the way. Which?",
    }  # fmt: skip
    # KNOWN LIMIT: another port, or a network's address, is on the sheets that the server itself shows; docs/limits.md.
    origin = f"http://{Settings().host}:{Settings().port}"
    packs = [pack(read(bundle.read_bytes())) for bundle in bundles]
    last = {found.gtin: found for found in packs if found is not None}
    lots = [sheets.of_lot(origin, found) for found in last.values()]
    return sheets.standing([*sheets.doors(origin, {"verifica": note}), *lots])  # type: ignore[dict-item]


def alter(data: bytes) -> bytes:
    """A bundle in which one quantity is a tenth larger; its own checksum is right again."""
    bundle = parse(data)
    for position, part in enumerate(bundle.entries):
        for text in part.disclosures:
            forged = _larger(text)
            if forged is not None:
                entries = list(bundle.entries)
                shown = (*(kept for kept in part.disclosures if kept != text), forged)
                entries[position] = replace(part, disclosures=shown)
                return write(replace(bundle, entries=tuple(entries)))
    raise ValueError("this bundle shows no quantity")


def _larger(text: str) -> str | None:
    """The disclosure of a quantity element in kilograms with a tenth more in it, or None for any other disclosure."""
    parts = json_text.read(decode(text))
    element = parts[1] if isinstance(parts, list) and len(parts) == 2 else None
    if not isinstance(element, dict) or element.get("uom") != "KGM" or not isinstance(parts, list):
        return None
    quantity = element["quantity"]
    assert isinstance(quantity, Number)
    larger = Number(str((quantity.decimal() * 11 / 10).quantize(quantity.decimal())))
    return encode(write_json([parts[0], element | {"quantity": larger}]))
