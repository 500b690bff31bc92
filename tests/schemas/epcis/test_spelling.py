"""Events in the spelling a reader asks for: what changes, what cannot, and that nothing else does."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from schemas.epcis.event import split, with_context
from schemas.epcis.event_hash import event_hash
from schemas.epcis.normalise import normalise
from schemas.epcis.places import places
from schemas.epcis.spelling import (
    CBV_FORMATS,
    EPC_FORMATS,
    cbv_format,
    epc_format,
    spell,
    spell_event,
    spell_uri,
)
from schemas.errors import InputError
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.syntax.json_text import Number, read
from schemas.wording import LANGUAGES, sentence
from tests.official import official_files, present

LICENCE = CompanyPrefixes(("9521234", "8001234"))
URN: dict[str, Any] = {
    "@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    "type": "AggregationEvent",
    "eventID": "urn:epc:id:gdti:9521234.00001.7",
    "parentID": "urn:epc:id:sscc:9521234.0000000111",
    "epcList": ["urn:epc:id:sgtin:9521234.154321.a%2Fb", "urn:coop:crate:9", "https://coop.example/fields/7"],
    "childEPCs": ["urn:epc:id:grai:9521234.00001.A1"],
    "inputEPCList": ["urn:epc:id:giai:9521234.TANK7"],
    "outputEPCList": ["urn:epc:id:itip:9521234.154321.01.02.7"],
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521234.154321.L7", "quantity": Number("1.50"), "uom": "KGM"}],
    "childQuantityList": [{"epcClass": "urn:epc:idpat:sgtin:9521234.154321.*"}],
    "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:8001234.154321.L8"}],
    "outputQuantityList": [{"epcClass": "urn:epc:idpat:grai:9521234.00001.*"}],
    "transformationID": "urn:epc:id:gdti:9521234.00001.TR1",
    "bizStep": "urn:epcglobal:cbv:bizstep:packing",
    "disposition": "urn:epcglobal:cbv:disp:in_progress",
    "persistentDisposition": {"set": ["urn:epcglobal:cbv:disp:completeness_verified"], "unset": ["urn:coop:ripe"]},
    "readPoint": {"id": "urn:epc:id:sgln:9521234.00001.0", "coop:near": "urn:epc:id:sgln:9521234.00001.0"},
    "bizLocation": {"id": "urn:epc:id:sgln:9521234.00001.A"},
    "bizTransactionList": [
        {"type": "urn:epcglobal:cbv:btt:po", "bizTransaction": "urn:epcglobal:cbv:bt:9521234000013:7"},
        {"bizTransaction": "urn:epc:id:gdti:9521234.00001.7"},
    ],
    "sourceList": [{"type": "urn:epcglobal:cbv:sdt:owning_party", "source": "urn:epc:id:pgln:9521234.00001"}],
    "destinationList": [{"type": "urn:epcglobal:cbv:sdt:location", "destination": "urn:epc:id:sgln:9521234.00001.0"}],
    "sensorElementList": [
        {
            "sensorMetadata": {"deviceID": "urn:epc:id:giai:9521234.T1", "time": "2026-07-01T08:00:00Z"},
            "sensorReport": [
                {
                    "type": "https://ref.gs1.org/voc/Temperature",
                    "exception": "https://ref.gs1.org/voc/ALARM_CONDITION",
                    "component": "urn:epcglobal:cbv:comp:x",
                    "value": Number("4.0"),
                    "deviceID": "urn:epc:id:giai:9521234.T2",
                    "bizRules": "urn:epc:id:gdti:9521234.00001.9",
                    "uriValue": "urn:epc:id:giai:9521234.T3",
                }
            ],
        }
    ],
    "errorDeclaration": {"reason": "urn:epcglobal:cbv:er:incorrect_data", "correctiveEventIDs": ["urn:epc:id:x"]},
    "coop:note": "urn:epcglobal:cbv:bizstep:packing",
    "coop:list": ["urn:epc:id:sscc:9521234.0000000111"],
}
LINK: dict[str, Any] = {
    **URN,
    "parentID": "https://id.gs1.org/00/095212340000001119",
    "epcList": ["https://id.gs1.org/01/19521234543210/21/a%2Fb", *URN["epcList"][1:]],
    "childEPCs": ["https://id.gs1.org/8003/09521234000013A1"],
    "inputEPCList": ["https://id.gs1.org/8004/9521234TANK7"],
    "outputEPCList": ["https://id.gs1.org/8006/195212345432100102/21/7"],
    "quantityList": [{**URN["quantityList"][0], "epcClass": "https://id.gs1.org/01/19521234543210/10/L7"}],
    "childQuantityList": [{"epcClass": "https://id.gs1.org/01/19521234543210"}],
    "inputQuantityList": [{"epcClass": "https://id.gs1.org/01/18001234543218/10/L8"}],
    "outputQuantityList": [{"epcClass": "https://id.gs1.org/8003/09521234000013"}],
    "transformationID": "https://id.gs1.org/253/9521234000013TR1",
    "bizStep": "https://ref.gs1.org/cbv/BizStep-packing",
    "disposition": "https://ref.gs1.org/cbv/Disp-in_progress",
    "persistentDisposition": {
        "set": ["https://ref.gs1.org/cbv/Disp-completeness_verified"],
        "unset": ["urn:coop:ripe"],
    },
    "readPoint": {"id": "https://id.gs1.org/414/9521234000013", "coop:near": "urn:epc:id:sgln:9521234.00001.0"},
    "bizLocation": {"id": "https://id.gs1.org/414/9521234000013/254/A"},
    "bizTransactionList": [
        {"type": "https://ref.gs1.org/cbv/BTT-po", "bizTransaction": "urn:epcglobal:cbv:bt:9521234000013:7"},
        {"bizTransaction": "https://id.gs1.org/253/95212340000137"},
    ],
    "sourceList": [
        {"type": "https://ref.gs1.org/cbv/SDT-owning_party", "source": "https://id.gs1.org/417/9521234000013"}
    ],
    "destinationList": [
        {"type": "https://ref.gs1.org/cbv/SDT-location", "destination": "https://id.gs1.org/414/9521234000013"}
    ],
    "sensorElementList": [
        {
            "sensorMetadata": {"deviceID": "https://id.gs1.org/8004/9521234T1", "time": "2026-07-01T08:00:00Z"},
            "sensorReport": [
                {
                    **URN["sensorElementList"][0]["sensorReport"][0],
                    "component": "https://ref.gs1.org/cbv/Comp-x",
                    "deviceID": "https://id.gs1.org/8004/9521234T2",
                    "bizRules": "https://id.gs1.org/253/95212340000139",
                    "uriValue": "https://id.gs1.org/8004/9521234T3",
                }
            ],
        }
    ],
    "errorDeclaration": {"reason": "https://ref.gs1.org/cbv/ER-incorrect_data", "correctiveEventIDs": ["urn:epc:id:x"]},
}


def as_urn(event: dict[str, Any], prefixes: CompanyPrefixes = LICENCE) -> Any:
    return spell_event(event, epc="always_epc_urn", cbv="always_urn", prefixes=prefixes)


def as_link(event: dict[str, Any]) -> Any:
    return spell_event(event, epc="always_gs1_digital_link", cbv="always_web_uri")


def test_every_identifier_and_word_is_spelled_as_asked_and_nothing_else() -> None:
    before = copy.deepcopy((URN, LINK))
    assert as_link(URN) == LINK
    assert as_urn(LINK) == URN
    assert before == (URN, LINK)
    assert list(as_urn(LINK)) == list(URN)


def test_bare_words_are_spelled_out_too() -> None:
    read_event = normalise(URN)
    assert read_event["bizStep"] == "packing"
    assert as_urn(read_event) == {**URN}
    assert as_link(read_event) == LINK


def test_what_is_spelled_so_already_is_given_back_as_it_is() -> None:
    assert as_urn(URN) is URN
    assert as_link(LINK) is LINK


@pytest.mark.parametrize("epc", ["no_preference", "never_translates"])
@pytest.mark.parametrize("cbv", ["no_preference", "never_translates"])
def test_without_a_wish_the_very_event_is_given_back(epc: Any, cbv: Any) -> None:
    for event in (URN, LINK):
        assert spell_event(event, epc=epc, cbv=cbv, prefixes=LICENCE) is event


def test_identifiers_and_words_are_asked_for_apart() -> None:
    words = spell_event(URN, epc="never_translates", cbv="always_web_uri")
    assert (words["bizStep"], words["parentID"]) == (LINK["bizStep"], URN["parentID"])
    names = spell_event(URN, epc="always_gs1_digital_link", cbv="no_preference")
    assert (names["bizStep"], names["parentID"]) == (URN["bizStep"], LINK["parentID"])


def test_the_example_stands_in_every_place_the_table_knows() -> None:
    def leaves(plan: Any, held: Any, path: str = "") -> set[str]:
        missing = set()
        for name, inner in plan.items():
            items = [item[name] for item in held if name in item]
            below = [one for item in items for one in (item if isinstance(item, list) else [item])]
            if isinstance(inner, str):
                missing |= set() if below else {f"{path}/{name}"}
            else:
                missing |= leaves(inner, below, f"{path}/{name}")
        return missing

    # The rest of what is known of a device stands in the report or in the metadata, and is one term for both.
    assert leaves(places(), [URN]) == {
        *(f"/sensorElementList/sensorMetadata/{name}" for name in ("deviceMetadata", "rawData")),
        *(f"/sensorElementList/sensorMetadata/{name}" for name in ("bizRules", "dataProcessingMethod")),
        *(f"/sensorElementList/sensorReport/{name}" for name in ("deviceMetadata", "rawData", "dataProcessingMethod")),
    }


def test_without_the_licence_a_digital_link_stays_one_and_is_named() -> None:
    spelled = spell(LINK, epc="always_epc_urn", cbv="no_preference", prefixes=CompanyPrefixes(("9521234",)))
    assert spelled.event["inputQuantityList"] == LINK["inputQuantityList"]
    assert spelled.event["parentID"] == URN["parentID"]
    assert [(note.code, note.event, note.member, note.context["value"]) for note in spelled.notes] == [
        ("spelling-prefix-unknown", None, "/inputQuantityList/0/epcClass", "https://id.gs1.org/01/18001234543218/10/L8")
    ]
    everything = spell(LINK, epc="always_epc_urn", cbv="no_preference")
    assert everything.event is LINK
    assert len(everything.notes) == 19


@pytest.mark.parametrize(
    ("link", "urn", "code"),
    [
        ("https://coop.example/it/gtin/19521234543210/lot/L7", "urn:epc:class:lgtin:9521234.154321.L7", None),
        ("https://id.gs1.org/01/19521234543210/10/L7/21/9", "urn:epc:id:sgtin:9521234.154321.9", "spelling-part-lost"),
        (
            "https://id.gs1.org/01/19521234543210/10/L7?17=261231",
            "urn:epc:class:lgtin:9521234.154321.L7",
            "spelling-part-lost",
        ),
        ("https://id.gs1.org/414/9521234000013/254/0", "urn:epc:id:sgln:9521234.00001.0", None),
        ("https://id.gs1.org/8013/9521234Ad4X4bL5ttr2310c2K", None, "wrong-check-pair"),
        ("https://id.gs1.org/415/9521234000013/8020/F1", None, "urn-none"),
        ("https://id.gs1.org/01/19521234543211/10/L7", None, "wrong-check-digit"),
        ("https://id.gs1.org/8004/9521234", None, "urn-prefix"),
        ("https://id.gs1.org/01/17901234543212/10/L7", None, "spelling-prefix-unknown"),
        ("https://id.gs1.org/about", None, "dl-no-key"),
        ("https://coop.example/401/about", None, None),
        ("https://coop.example/" + "a" * 3000, None, None),
        ("urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", None, None),
    ],
)
def test_what_has_no_urn_stays_and_says_why(link: str, urn: str | None, code: str | None) -> None:
    spelled = spell_uri(link, epc="always_epc_urn", prefixes=LICENCE)
    assert spelled.uri == (urn or link)
    assert (spelled.note.code if spelled.note else None) == code
    (event,) = [{"epcList": [link]}]
    for note in spell(event, epc="always_epc_urn", cbv="always_urn", prefixes=LICENCE).notes:
        for language in LANGUAGES:
            assert "{" not in sentence(note.code, note.context, language)


def test_a_digital_link_that_is_asked_for_stays_as_written() -> None:
    link = "https://coop.example/it/gtin/19521234543210/lot/L7?17=261231"
    assert spell_uri(link, epc="always_gs1_digital_link").uri == link


@pytest.mark.parametrize(
    "value", [None, 7, "x", "shipping", [], {}, [7], [[]], [["x"]], {"id": 7}, {"sensorReport": 7}]
)
def test_whatever_stands_in_place_of_identifiers_nothing_breaks(value: Any) -> None:
    event = dict.fromkeys(URN, value)
    for epc in EPC_FORMATS:
        for cbv in CBV_FORMATS:
            spelled = spell_event(event, epc=epc, cbv=cbv, prefixes=LICENCE)
            assert spelled.keys() == event.keys()


def test_the_values_of_the_headers_are_read_and_others_refused() -> None:
    assert [epc_format(text) for text in ("Always_EPC_URN", " never_translates ")] == [
        "always_epc_urn",
        "never_translates",
    ]
    assert cbv_format("Always_Web_URI") == "always_web_uri"
    for read_format, wrong in ((epc_format, "Always_Web_URI"), (cbv_format, "Always_EPC_URN"), (epc_format, "")):
        with pytest.raises(InputError) as refused:
            read_format(wrong)
        assert refused.value.code == "spelling-format"
        assert "{" not in sentence("spelling-format", refused.value.context, "it")


@pytest.mark.parametrize("document", official_files("gs1/gs1-epcis/JSON/**/*.jsonld"))
def test_an_official_event_in_any_spelling_is_still_the_same_event(document: Path) -> None:
    sent = split(read(present(document).read_bytes()))
    for event in sent.events:
        if isinstance(event, dict) and "eventTime" in event:
            whole = with_context(sent.context, event)
            prefixes = CompanyPrefixes(tuple(prefixes_of(json.dumps(event, default=str))))
            for epc in EPC_FORMATS:
                spelled = spell_event(whole, epc=epc, cbv="never_translates", prefixes=prefixes)
                assert event_hash(spelled) == event_hash(whole)
                assert normalise(spelled) == normalise(whole)


def prefixes_of(text: str) -> set[str]:
    """Prefixes of the official examples, as their URNs and links have them."""
    return {prefix for prefix in ("0614141", "4012345", "9521141", "4000001", "0012345") if prefix in text}
