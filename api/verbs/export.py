"""Export: a lot's events in a format that somebody asks for, with the proof inside.

- The bundle is made first, with the master data that names what is in it, for whoever the file is meant for
  (`narrowed`); the file is made from the bundle and nothing else, so that what is hidden there is hidden in it.
- Several lots make one file where the format can: a bundle each, of which one at a time is held.
- A paper of one delivery note (`document`) is made from the bundles of what was shipped under it; of a lot, from that
  lot's and those of whatever went under the same note, since each line says its own dates and origin.
- Nothing is written while anything is missing: `MissingData` lists what, and who can fill it.

    export(node, "epcis-json", ["(01)09520001000011(10)P-7"], audience=full(), to=buyer(), language="it")

ARCHITECTURE.md 2 (rule 5), section 7 (`export`, `formats`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from api.verbs.export_bundle import everything, export_bundle
from api.verbs.filed import filed
from exporters.catalogue import FORMATS, format_of, profile_of, profiles_for, template_of
from exporters.facts.history import Facts, read
from exporters.facts.shipping import despatches
from exporters.format import Missing, Paper, Profile
from exporters.formats.template import paths as template_paths
from exporters.formats.template import profile as template_profile
from exporters.spill import Spilled
from exporters.write import Written, write
from ledger.audience import Audience, narrowed
from ledger.bundle import Direction
from ledger.node import Node
from ledger.prove import Naming
from ledger.readside import despatched
from ledger.readside.filed import with_documents
from ledger.readside.named import named
from schemas.errors import InputError
from schemas.wording import Language, sentence, words

_MARK = "\ufeff"


def export(
    node: Node,
    format: str,
    lots: Sequence[str],
    *,
    audience: Audience,
    to: Audience,
    language: Language,
    profile: str = "standard",
    direction: Direction | None = None,
    bare: bool = False,
    document: str | None = None,
    issuer: str | None = None,
    template: Profile | None = None,
    knows: Callable[[str | int], bool] = everything,
) -> Written:
    """The file about these lots, or about a delivery note: then `lots` may be empty, and `issuer` (a GLN) is whose
    number it is where no URI is given. `audience`: who asks; `to`: whom it is for; `direction`: another history than
    the format's own; `bare`: the file without its proof, of a format that travels in a ZIP; `template`: somebody's own,
    as `read_template` reads it, in place of a profile.

    `InputError`: `format-unknown`, `profile-unknown`, `export-issued`, `export-missing`, `export-single`,
    `export-bare`, `export-of-what`, `export-template`, and those of `export_bundle`, `despatched.uri` and
    `despatched.under`.
    """
    chosen, asked = format_of(format), template or profile_of(profile, format)
    if template is not None and template.format != format:
        raise InputError("export-template", format=format)
    if chosen.issued is not None:
        raise InputError("export-issued", format=format)
    looking = narrowed(audience, to)
    note = despatched.uri(document, issuer) if document else ""
    if not lots and not note:
        raise InputError("export-of-what")
    naming: Naming = named(node, audience, to)
    if chosen.takes_files:
        naming = with_documents(node, looking, naming)
    bundle = partial(
        export_bundle, node, direction=direction or chosen.direction, audience=looking, knows=knows, naming=naming
    )  # fmt: skip
    shipped = partial(_shipped, node, audience=audience)
    if chosen.of_note:
        bundles = Spilled(_of_note(lots, note, bundle, shipped))
    else:
        bundles = Spilled(map(bundle, dict.fromkeys(lots)) if lots else _covering(shipped(note), bundle))
    files = filed(node, bundles, audience=looking) if chosen.takes_files else ()
    return write(chosen, bundles, profile=asked, language=language, bare=bare, document=note, files=files)


def lacking(
    node: Node, formats: Sequence[str], document: str, *, audience: Audience, to: Audience, language: Language
) -> dict[str, tuple[Missing, ...]]:
    """What papers of a delivery note (its URI) lack, each by its format, as `export` would say it; nothing is made.

    `InputError`: those of `format_of`, `despatched.under` and `export_bundle`.
    """
    bundle = partial(
        export_bundle, node, direction="back", audience=narrowed(audience, to), naming=named(node, audience, to)
    )
    facts = tuple(read(made) for made in _covering(_shipped(node, document, audience=audience), bundle))
    return {
        name: tuple(
            dict.fromkeys(format_of(name).missing(Paper(facts, profile_of("standard", name), language, document)))
        )
        for name in formats
    }


def _shipped(node: Node, document: str, *, audience: Audience) -> tuple[str, ...]:
    node.settled()
    with node.store.read() as connection:
        return despatched.under(connection, node.entry, document, audience=audience)


def _of_note(
    lots: Sequence[str], note: str, bundle: Callable[[str], bytes], shipped: Callable[[str], Sequence[str]]
) -> Iterator[bytes]:
    """The bundles of these lots, and of what else went under the note; without one, under the only one they tell of."""
    made = [*map(bundle, dict.fromkeys(lots))]
    yield from made
    facts = tuple(map(read, made))
    told = [each.note.uri for each in despatches(facts)]
    notes = [uri for uri in told if note in ("", uri)] if lots else [note]
    if len(notes) == 1:
        yield from _covering(shipped(notes[0]), bundle, told=frozenset().union(*map(_begun, facts)))


def _covering(objects: Iterable[str], bundle: Callable[[str], bytes], *, told: Iterable[str] = ()) -> Iterator[bytes]:
    """Bundles that together tell how all these began: none of what another, or somebody else, tells already."""
    known = set(told)
    for uri in objects:
        if uri not in known:
            made = bundle(uri)
            known |= _begun(read(made))
            yield made


def _begun(facts: Facts) -> set[str]:
    """The objects of which a bundle tells how they began, and the one that it is of."""
    return {facts.subject or ""}.union(*(event.step.moves.born for event in facts.events))


def read_template(data: bytes, file: str) -> Profile:
    """Somebody's own template by its bytes; `file`: what errors call it. `InputError` as `template.profile` has it."""
    try:
        return template_profile(data.decode("utf-8").removeprefix(_MARK), file=file)
    except UnicodeDecodeError as error:
        raise InputError("mapping-toml", file=file, why="UTF-8") from error


def template_text(name: str, language: Language) -> str:
    """A template that comes with the program, to be changed, with every path; `InputError("profile-unknown")`."""
    spoken = words(language)
    paths = (f"#   {path.name} ({path.kind}; {spoken[f'who-{path.who}']})" for path in template_paths())
    return "\n".join((template_of(name).text, f"# {sentence('template-paths', {}, language)}", *paths, ""))


def list_formats(language: Language) -> list[dict[str, Any]]:
    """Every format: its name, media type, who asks for it, its profiles, and what it needs from where."""
    spoken = words(language)
    return [
        {
            "name": format.name,
            "media_type": format.media_type,
            "suffix": format.suffix,
            "direction": format.direction,
            "asked_by": sentence(format.asked_by, {}, language),
            "validator": format.validator,
            "profiles": profiles_for(format.name),
            "needs": [
                {
                    "element": spoken.get(need.element, need.element),
                    "source": spoken.get(need.source, need.source),
                    "who": spoken[f"who-{need.who}"],
                }
                for need in format.needs
            ],
        }
        for format in FORMATS.values()
    ]
