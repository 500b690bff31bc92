"""`attach` and `document`, as their users type them."""

import json
from pathlib import Path

import pytest

from tests.simulator.command_line import Answer, Shop
from tests.simulator.cooperatives import harvested, lot, written
from tests.simulator.files import PDF, PNG


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", "9521001000017")
    (tmp_path / "event.jsonld").write_bytes(written(harvested("P-1")))
    shop.works("capture", tmp_path / "event.jsonld")
    (tmp_path / "ddt 117.pdf").write_bytes(PDF)
    return shop


def failed(shop: Shop, *arguments: object) -> Answer:
    answer = shop(*arguments)
    assert answer.code == 65, answer
    return answer


def test_a_file_is_attached_listed_and_saved_again(shop: Shop) -> None:
    (line,) = shop.works("attach", shop.folder / "ddt 117.pdf", "--to", lot("P-1")).lines
    index = line.split("\t")[0]
    assert shop.works("attach", shop.folder / "ddt 117.pdf", "--to", lot("P-1")).lines == [f"{line}\t="]
    (listed,) = shop.works("document", "list", "(01)09521001002011(10)P-1").lines
    assert listed == f"{index}\tapplication/pdf\t{len(PDF)}\tddt 117.pdf"
    shop.works("document", "save", index, "-o", shop.folder / "again.pdf")
    assert (shop.folder / "again.pdf").read_bytes() == PDF
    (told,) = shop.works("document", "list", lot("P-1"), "--json").lines
    said = json.loads(told)
    assert (said["index"], said["about"], said["held"]) == (int(index), [lot("P-1")], True)


def test_a_photo_is_attached_to_an_entry_under_another_name(shop: Shop) -> None:
    (shop.folder / "IMG_1.png").write_bytes(PNG)
    event = shop.works("attach", shop.folder / "ddt 117.pdf", "--to", lot("P-1")).lines[0].split("\t")[0]
    made = shop.works("attach", shop.folder / "IMG_1.png", "--to", event, "--name", "bancale.png", "--json").lines[0]
    assert not json.loads(made)["duplicate"]
    assert shop.works("document", "list", event).lines[0].endswith("bancale.png")


def test_what_is_wrong_is_said(shop: Shop) -> None:
    (shop.folder / "page.pdf").write_bytes(b"<html>")
    refused = failed(shop, "attach", shop.folder / "page.pdf", "--to", lot("P-1"))
    assert "[file-kind]" in refused.err
    assert "page.pdf" in refused.err
    unknown = failed(shop, "attach", shop.folder / "ddt 117.pdf", "--to", lot("P-9"))
    assert "[attach-unknown]" in unknown.err


def test_an_erased_document_is_told_apart_from_one_that_never_was(shop: Shop) -> None:
    index = shop.works("attach", shop.folder / "ddt 117.pdf", "--to", lot("P-1")).lines[0].split("\t")[0]
    assert shop("erase", index, "--part", "/content/sha256", "--ground", "GDPR art. 17", "--yes").code == 0
    assert "[document-erased]" in failed(shop, "document", "save", index).err
    assert "[document-unknown]" in failed(shop, "document", "save", "1").err
    assert shop.works("document", "list", lot("P-1")).lines[0].endswith("\t-")
    assert shop("audit").code == 0
