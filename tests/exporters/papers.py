"""Papers of the seasons for tests: written by the verb, read back into what their format says, forged cell by cell."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from api.verbs.export import export
from api.verbs.verify import verify
from exporters import catalogue
from exporters.claim import Claim
from exporters.compare import Difference
from exporters.facts.history import Event, Facts, read
from exporters.format import Paper
from ledger.audience import AUDIENCES, full
from ledger.lots.said import Masters
from ledger.lots.step import step
from ledger.trust import KnownLogs
from ledger.verify.account import Account
from schemas.wording import Language
from tests.simulator.paperwork import Season


@dataclass(frozen=True)
class Made:
    """One paper, with the bundles and content it was made from."""

    season: Season
    data: bytes

    @cached_property
    def claim(self) -> Claim:
        return next(kind for kind in catalogue.kinds() if kind.recognises(self.data)).claim(self.data)

    @cached_property
    def paper(self) -> Paper:
        profile = catalogue.profile_in(self.claim)
        facts = tuple(read(bundle) for bundle in self.claim.bundles)
        return Paper(facts, profile, self.claim.language, self.claim.document, self.claim.files)

    @cached_property
    def content(self) -> Any:
        return catalogue.format_of(self.claim.format).content(self.paper)

    def differences(self, data: bytes) -> list[Difference]:
        """Where another file differs from what this one's bundles say."""
        return list(catalogue.format_of(self.claim.format).kind.compare(self.content, self.claim, data))

    def account(self, data: bytes | None = None) -> Account:
        folder = Path(self.season.node.store.folder).parent / "policies"
        return verify(data or self.data, known=KnownLogs(folder).load())


def made(season: Season, format: str, *lots: str, language: Language = "it", to: str = "full", **more: Any) -> Made:
    """A paper about lots."""
    audience = AUDIENCES[to]()
    return Made(season, export(season.node, format, lots, audience=full(), to=audience, language=language, **more).data)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts, quickly."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def without_master(facts: Facts, about: str, *members: str) -> Facts:
    """The facts, with members of a thing's master data left out."""
    versions = [
        (version, {name: value for name, value in content.items() if version.id != about or name not in members})
        for version, content in facts.masters._said
    ]
    return replace(facts, masters=Masters(versions))


def told_otherwise(facts: Facts, chosen: str, change: Mapping[str, Any]) -> Facts:
    """The facts, with the first event of a step told otherwise; None leaves a member out."""
    old = next(event for event in facts.standing if chosen in (event.step.biz_step, event.step.type))
    content = {name: value for name, value in {**old.content, **change}.items() if value is not None}
    new = Event(old.index, old.leaf, old.member, content, step(old.index, old.member, content))
    return replace(facts, standing=tuple(new if event is old else event for event in facts.standing))
