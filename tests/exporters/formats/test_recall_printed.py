"""The printed recall notice: what web page and portal say, on one page, from the bundle alone; changes are named."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from api.verbs.export import export
from api.verbs.recall import close_recall, open_recall
from api.verbs.recall_notice import notices
from api.verbs.verify import verify
from exporters.claim import Claim
from exporters.facts.history import read
from exporters.files.kind import bytes_of
from exporters.files.pdf import CLAIM, KIND
from exporters.format import STANDARD, MissingData, Paper, Profile
from exporters.formats import recall_printed
from exporters.formats.recall_notice import tree
from exporters.verify_file import bundles_of
from ledger.audience import buyer, full
from ledger.trust import KnownLogs
from schemas.wording import LANGUAGES, Language
from tests.exporters.conftest import REASON, WARNINGS
from tests.exporters.files.test_pdf import changed, text_of
from tests.exporters.formats.test_dossier import forged, places
from tests.simulator.paperwork import HARVESTED, LOT, PALLETS, Season, paperwork


@pytest.fixture(scope="module")
def data(recalled: Season) -> bytes:
    return written(recalled)


def written(season: Season, *lots: str, language: Language = "it") -> bytes:
    return export(season.node, "recall-notice", lots or [LOT], audience=full(), to=buyer(), language=language).data


def lacking(season: Season, *lots: str) -> set[tuple[str, str, str]]:
    with pytest.raises(MissingData) as caught:
        written(season, *lots)
    return {(each.element, each.about, each.who) for each in caught.value.missing}


def account(season: Season, data: bytes) -> Any:
    return verify(data, known=KnownLogs(Path(season.node.store.folder or "").parent / "policies").load())


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_word_for_word_what_web_page_and_portal_say(recalled: Season, language: Language) -> None:
    (notice,) = notices(
        recalled.node, LOT, reason=REASON, warnings=WARNINGS, audience=full(), member=recalled.members[0]
    )
    told = [(each["label"], each["value"]) for each in tree(notice, language)["fields"]]  # type: ignore[attr-defined]
    facts = tuple(map(read, bundles_of(written(recalled, language=language))))
    (sheet,) = recall_printed.content(Paper(facts, STANDARD, language)).data["sheets"]
    assert [(row["label"], row["value"]) for row in sheet["rows"]] == told
    (page,) = text_of(written(recalled, language=language))
    said = " ".join(page.split())
    assert all(word in said for _, value in told for word in value.split())


def test_it_is_one_page_with_its_proof_and_the_same_every_time(recalled: Season, data: bytes) -> None:
    (page,) = text_of(data)
    for said in ("RICHIAMO DI PRODOTTO ALIMENTARE", "T-196", "25/07/2026", REASON, "Avviso del 20/07/2026"):
        assert said in " ".join(page.split()), said
    assert written(recalled) == data
    found = account(recalled, data)
    assert (found.exit_code, found.verdicts["faithful"], len(bundles_of(data))) == (0, "yes", 1)


def test_many_lots_and_long_words_still_are_one_page(data: bytes) -> None:
    claim = KIND.claim(data)
    made = recall_printed.content(Paper(tuple(map(read, claim.bundles)), STANDARD, "it"))
    (sheet,) = made.data["sheets"]
    long = {"Lotto di produzione": ", ".join(f"T-{number:03}" for number in range(120)), "Avvertenze": WARNINGS * 12}
    rows = [{**row, "value": long.get(row["label"], row["value"])} for row in sheet["rows"]]
    (page,) = text_of(bytes_of(KIND, replace(made, data={**made.data, "sheets": [{**sheet, "rows": rows}]}), claim))
    assert "T-119" in page


def test_without_words_of_its_own_it_says_what_to_do_in_its_language(recalled: Season, data: bytes) -> None:
    (facts,) = map(read, bundles_of(data))
    silent = tuple(
        replace(each, content={name: said for name, said in each.content.items() if name != "filiera:recallWarnings"})
        for each in facts.standing
    )
    said = recall_printed.content(Paper((replace(facts, standing=silent),), STANDARD, "en")).data["sheets"][0]["rows"]
    assert "Do not eat the product." in next(row["value"] for row in said if row["label"] == "What to do")


def test_a_profile_may_name_the_resolver_of_its_qr_code(data: bytes) -> None:
    paper = Paper(
        tuple(map(read, bundles_of(data))), Profile("casa", "recall-notice", {"resolver": "https://tracce.it/"}), "it"
    )
    assert recall_printed.content(paper).data["link"] == "https://tracce.it" + LOT[len("https://id.gs1.org") :]


def test_what_no_recall_stands_on_has_no_notice(season: Season, recalled: Season) -> None:
    assert lacking(season) == {("notice-recall", LOT, "recorder")}
    assert lacking(recalled, HARVESTED[0]) == {("notice-recall", HARVESTED[0], "recorder")}
    assert lacking(recalled, PALLETS[0]) == {("notice-lot", PALLETS[0], "holder")}


def test_a_field_that_nobody_recorded_is_asked_for_and_a_closed_recall_has_none(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with paperwork(tmp_path_factory.mktemp("fields")) as made:
        who: dict[str, Any] = {"audience": full(), "member": made.members[0]}
        open_recall(made.node, HARVESTED[0], REASON, **who)
        assert ("notice-expiry", HARVESTED[0], "recorder") in lacking(made, *HARVESTED[:1], LOT)
        assert len(text_of(written(made))) == 1
        close_recall(made.node, HARVESTED[0], **who)
        assert lacking(made) == {("notice-recall", LOT, "recorder")}


def _attach(name: str, change: Callable[[bytes], bytes]) -> Callable[[pikepdf.Pdf], None]:
    def attach(opened: pikepdf.Pdf) -> None:
        data = change(opened.attachments[name].get_file().read_bytes())
        opened.attachments[name] = pikepdf.AttachedFileSpec(opened, data)

    return attach


FORGERIES: dict[str, tuple[str, Callable[[pikepdf.Pdf], None]]] = {
    "another language": ("p. 1, ", _attach(CLAIM, lambda data: data.replace(b'"it"', b'"en"'))),
    "the reason painted over": ("p. 1", lambda opened: opened.pages[0].contents_add(b"q 1 g 0 0 600 300 re f Q")),
    "a note laid over it": ("p. 1 /Annots", lambda opened: opened.pages[0].__setitem__(
        "/Annots", pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.FreeText, Contents="T-197")]))),
    "a page more": ("p. 2, ", lambda opened: opened.pages.append(opened.pages[0])),
    "the title": ("/Info/Title", lambda opened: opened.docinfo.__setitem__("/Title", "Richiamo: Pere")),
    "the day": ("/Info/CreationDate", lambda opened: opened.docinfo.__setitem__("/CreationDate", "D:20260721")),
    "a file added": ("more.txt", lambda opened: opened.attachments.__setitem__(
        "more.txt", pikepdf.AttachedFileSpec(opened, b"x"))),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_notice_is_found_and_its_place_named(recalled: Season, data: bytes, forgery: str) -> None:
    where, change = FORGERIES[forgery]
    found = account(recalled, changed(data, change))
    assert (found.verdicts["faithful"], found.exit_code) == ("no", 1)
    assert any(str(each.context["place"]).startswith(where) for each in found.because("faithful"))


def test_a_word_that_is_printed_otherwise_is_named(recalled: Season, data: bytes) -> None:
    claim = KIND.claim(data)
    made = recall_printed.content(Paper(tuple(map(read, claim.bundles)), STANDARD, "it"))
    listed = list(places(made.data))
    assert len(listed) > 20
    for path in listed:
        other = bytes_of(KIND, forged(made, path), claim)
        assert any(found.place.startswith("p. 1") for found in KIND.compare(made, claim, other)), path


def test_the_sheet_of_another_recall_is_found(season: Season, recalled: Season, data: bytes) -> None:
    claim = KIND.claim(data)
    made = recall_printed.content(Paper(tuple(map(read, claim.bundles)), STANDARD, "it"))
    # The lot's bundle from before it was recalled, under the printed notice.
    bundle = export(season.node, "epcis-json", [LOT], audience=full(), to=buyer(), language="it")
    old = Claim("recall-notice", "standard", "it", bundles_of(bundle.data))
    found = account(season, bytes_of(KIND, made, old))
    assert (found.exit_code, found.verdicts["faithful"]) == (1, "no")
