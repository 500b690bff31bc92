"""What a pack's page says to programs: the words are real ones, and nothing is said that everybody may not know."""

import json
import re

from tests.api.pages.consumer.conftest import Shop
from tests.official import official
from tests.simulator.paperwork import CASE


def test_the_product_is_described_in_words_of_schema_org_and_gs1(shop: Shop) -> None:
    page = shop.read()
    found = re.search('<script type="application/ld\\+json">(.*?)</script>', page.text)
    assert found
    said = json.loads(found[1])
    assert said["@type"] == ["Product", "gs1:Product"]
    assert (said["name"], said["gtin"], said["gs1:hasBatchLotNumber"]) == ("Pomodori", CASE, "T-196")
    assert said["manufacturer"]["name"] == "Cooperativa Sole"
    assert (said["gs1:harvestDateStart"], said["gs1:productionDate"]) == ("2026-07-14", "2026-07-15")
    assert said["hasCertification"][0]["certificationIdentification"] == "IT-BIO-009-123"
    for address in (said["url"], *said["image"]):
        assert shop.read(address).status_code == 200
    # Nothing that ends the block, and no address of this server's own making.
    assert "<" not in found[1]
    assert "unsafe" not in page.headers["content-security-policy"]


def test_its_terms_are_in_the_web_vocabulary(shop: Shop) -> None:
    vocabulary = official("gs1/webvoc/gs1Voc.jsonld").read_text("utf-8-sig")
    for term in set(re.findall(r'"(gs1:\w+)"', shop.read().text)):
        assert f'"@id" : "{term}"' in vocabulary or f'"{term}"' in vocabulary
