"""What bad input gets: an exit status, a code, and a sentence that names document, event, member and reason, twice."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ledger.keys.keyring import Keyring
from ledger.keys.signer import MemorySigner
from ledger.node import Node
from ledger.store import findings
from ledger.store.engine import Store
from tests.attacks.forge import put_together
from tests.simulator.command_line import PASSPHRASE, Answer, Shop
from tests.simulator.phones import CONTEXT, Phone, observed, unit

LOT = "https://id.gs1.org/01/09520001000010/10/A"
LANGUAGES = ("it", "en")
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad document: its text, the code it gets, where, and a piece of the sentence in each language."""

    text: str | bytes
    code: str
    place: str
    italian: str
    english: str


def document(second: Event) -> str:
    """A document of three events, the one in the middle given."""
    return json.dumps(
        {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-07-01T09:00:00Z",
            "epcisBody": {"eventList": [seen(1), second, seen(3)]},
        }
    )


def seen(minute: int, **more: Any) -> Event:
    """A good event, and what is wrong with it."""
    event = observed(unit(str(minute)), minute=minute, **more)
    del event["@context"]
    return event


def weighed(quantity: object) -> Event:
    """An event that weighed a lot."""
    return seen(2, quantityList=[{"epcClass": LOT, "quantity": quantity, "uom": "KGM"}])


GOOD = document(seen(2))
TWICE = GOOD.replace('"action": "OBSERVE"', '"action": "ADD", "action": "OBSERVE"', 1)
CROWDED = seen(2, epcList=[unit(str(number)) for number in range(12_289)])
BAD = {
    "broken JSON": Bad(GOOD[:-20], "json-syntax", "", "non è JSON: riga 1", "is not JSON: line 1"),
    "no UTF-8": Bad(GOOD.encode("utf-16"), "json-not-utf8", "", "non è UTF-8", "is not UTF-8"),
    "duplicate names": Bad(TWICE, "json-duplicate-name", "0", "«action» compare due volte", "“action” stands twice"),
    "unknown word": Bad(document(seen(2, bizStep="harvesting")), "unknown-word", "1", "/bizStep", "/bizStep"),
    "wrong check digit": Bad(
        document(seen(2, epcList=["https://id.gs1.org/01/09520001000011/21/7"])),
        "wrong-check-digit", "1, /epcList/0", "dovrebbe essere 0", "should be 0",
    ),
    "time without zone": Bad(
        document(seen(2, eventTime="2026-07-01T08:02:00")),
        "time-without-zone", "1", "/eventTime, «2026-07-01T08:02:00»", "/eventTime, “2026-07-01T08:02:00”",
    ),
    "quantity as text": Bad(
        document(weighed("1.5")),
        "member-not-number", "1", "/quantityList/0/quantity deve essere un numero",
        "/quantityList/0/quantity must be a number",
    ),
    "an entry over the limit": Bad(document(CROWDED), "too-many-objects", "1", "12289 lotti", "12289 lots"),
    "a name that entries keep for themselves": Bad(
        document(seen(2, **{"ex:note": {"_sd": ["x"]}})), "reserved-name", "1", "_sd", "_sd"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A member with a log, shared: what is refused leaves no trace."""
    made = Shop(tmp_path_factory.mktemp("shop"))
    made.works("init", "--name", "Cooperativa Sole")
    return made


def size(shop: Shop) -> int:
    """How many entries the log holds."""
    with Node.open(str(shop.store), write=False) as node:
        return node.registry.size


def sentences(shop: Shop, code: int, *arguments: object) -> tuple[Answer, Answer]:
    """The Italian and the English answer, both with this exit status and no traceback."""
    italian, english = (shop(*arguments, lang=lang) for lang in LANGUAGES)
    for answer in (italian, english):
        assert answer.code == code, answer
        assert "Traceback" not in answer.err
        assert "{" not in answer.err
    assert italian.err != english.err
    return italian, english


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_is_refused_whole_and_the_place_is_named(shop: Shop, name: str, tmp_path: Path) -> None:
    bad = BAD[name]
    file = tmp_path / "arrivals.jsonld"
    file.write_bytes(bad.text if isinstance(bad.text, bytes) else bad.text.encode())
    before = size(shop)
    for answer, piece, (of_document, of_event) in zip(
        sentences(shop, 65, "capture", file),
        (bad.italian, bad.english),
        (("documento", "evento"), ("document", "event")),
        strict=True,
    ):
        assert answer.out == ""
        said = answer.err.splitlines()[0]
        place = f"{of_document} {file}" + (f", {of_event} {bad.place}" if bad.place else "")
        assert said.startswith(f"filiera: {place}"), said
        assert piece in said
        assert said.endswith(f"[{bad.code}]")
    assert size(shop) == before


def test_one_bad_event_captures_nothing_unless_asked_to_proceed(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole")
    file = tmp_path / "arrivals.jsonld"
    file.write_text(BAD["wrong check digit"].text, "utf-8")  # type: ignore[arg-type]
    before = size(shop)
    italian, english = sentences(shop, 65, "capture", file)
    assert size(shop) == before
    assert "non è stato acquisito nulla" in italian.err
    assert "Nothing of this document was captured" in english.err
    kept = shop("capture", "--proceed", "--json", file)
    assert kept.code == 65
    assert [json.loads(line)["event"] for line in kept.lines] == [0, 2]
    assert "Events kept: 0, 2; left out: 1." in kept.err
    assert size(shop) > before
    assert "Eventi tenuti: 0, 2; lasciati fuori: 1." in shop("capture", "--proceed", file, lang="it").err


def test_several_documents_each_stand_for_themselves(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole")
    good, bad = tmp_path / "good.jsonld", tmp_path / "bad.jsonld"
    good.write_text(GOOD, "utf-8")
    bad.write_text(BAD["unknown word"].text, "utf-8")  # type: ignore[arg-type]
    answer = shop("capture", "--json", good, bad)
    assert answer.code == 65
    assert [json.loads(line)["document"] for line in answer.lines] == [str(good)] * 3
    assert str(bad) in answer.err


# Entries that come signed.


@pytest.fixture
def founded(tmp_path: Path) -> tuple[Shop, Phone]:
    """A log with a phone whose key was added from the command line."""
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole")
    return shop, phone_of(shop, shop.works("key", "new", "--role", "device").lines[-1])


def phone_of(shop: Shop, said: str) -> Phone:
    """The phone whose key `key new` named last."""
    kid = said.split("\t")[-1]
    with Node.open(str(shop.store), write=False) as node:
        origin = node.origin
    keyring = Keyring(shop.store / "keys", PASSPHRASE.encode())
    iss = next(entry.iss for entry in keyring.entries if entry.kid == kid)
    return Phone(origin, iss, keyring.open(kid), keyring.object_secret(iss))


def submitted(shop: Shop, *wires: bytes, lang: str = "en") -> Answer:
    """What `filiera submit` answers to these wires."""
    file = shop.folder / "wires"
    file.write_bytes(b"\n".join(wires) + b"\n")
    return shop("submit", "--json", file, lang=lang)


def stranger(phone: Phone) -> Phone:
    """A phone whose key nobody added."""
    return Phone(phone.log, phone.iss, MemorySigner.generate(), phone.secret)


def unknown_key(_: Shop, phone: Phone) -> bytes:
    return stranger(phone).event(observed(unit("1")))


def revoked_key(shop: Shop, phone: Phone) -> bytes:
    shop.works("key", "revoke", phone.signer.public.kid)
    return phone.event(observed(unit("1")))


def another_log(_: Shop, phone: Phone) -> bytes:
    return phone.event(observed(unit("1")), log="another.example/log")


def lane_behind(_: Shop, phone: Phone) -> bytes:
    phone.event(observed(unit("1")))
    return phone.event(observed(unit("2"), minute=1))


def over_the_limit(_: Shop, phone: Phone) -> bytes:
    return phone.event(observed(unit("1"))).replace(b".", b"." + b"A" * 4096, 1)


def wrong_signature(_: Shop, phone: Phone) -> bytes:
    wire = phone.event(observed(unit("1")))
    jwt, rest = wire.split(b"~", 1)
    other = Phone(phone.log, phone.iss, phone.signer, phone.secret).event(observed(unit("2")))
    return jwt.rpartition(b".")[0] + b"." + other.partition(b"~")[0].rpartition(b".")[2] + b"~" + rest


@pytest.mark.parametrize(
    ("forge", "code", "italian", "english"),
    [
        (unknown_key, "key-not-admitted", "chiave", "key"),
        (revoked_key, "key-ended", "chiave", "key"),
        (another_log, "other-log", "another.example/log", "another.example/log"),
        (lane_behind, "lane-behind", "0", "0"),
        (over_the_limit, "entry-too-large", "4096", "4096"),
        (wrong_signature, "signature-wrong", "firma", "signature"),
    ],
)
def test_a_signed_entry_that_cannot_be_admitted_is_refused_by_name(
    founded: tuple[Shop, Phone], forge: Callable[[Shop, Phone], bytes], code: str, italian: str, english: str
) -> None:
    shop, phone = founded
    wire = forge(shop, phone)
    before = size(shop)
    for lang, piece, word in zip(LANGUAGES, (italian, english), ("registrazione", "entry"), strict=True):
        answer = submitted(shop, wire, lang=lang)
        assert (answer.code, answer.lines) == (65, [json.dumps({"entry": 0, "error": code})])
        assert answer.err.startswith(f"filiera: {word} 0")
        assert piece in answer.err
        assert answer.err.rstrip().endswith(f"[{code}]")
    assert size(shop) == before


def test_a_poisoned_record_in_the_middle_of_twenty_blocks_none_of_the_others(founded: tuple[Shop, Phone]) -> None:
    shop, phone = founded
    wires = [
        phone.event(observed(unit(str(number)), minute=number, **({"bizStep": "harvesting"} if number == 10 else {})))
        for number in range(21)
    ]
    answer = submitted(shop, *wires)
    assert (answer.code, answer.err) == (0, "")
    receipts = [json.loads(line) for line in answer.lines]
    indexes = [receipt["index"] for receipt in receipts]
    assert indexes == list(range(indexes[0], indexes[0] + 21))
    with Store.open(str(shop.store)) as store, store.read() as connection:
        found = [(row.index, row.code) for row in findings.listing(connection)]
    assert [index for index, _ in found] == [indexes[10]]


def test_bytes_that_are_no_entry_block_none_of_the_others(founded: tuple[Shop, Phone]) -> None:
    shop, phone = founded
    wires = [phone.event(observed(unit(str(number)), minute=number)) for number in range(20)]
    answer = submitted(shop, *wires[:10], b"not an entry", *wires[10:])
    assert answer.code == 65
    lines = [json.loads(line) for line in answer.lines]
    assert [line.get("error") for line in lines if "error" in line] == ["entry-not-terminated"]
    assert len([line for line in lines if "index" in line]) == 20
    assert "entry 10" in answer.err


# Files that are verified.


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, dict[str, Any]]:
    """A valid bundle as JSON, and the shop that trusts its log."""
    shop = Shop(tmp_path_factory.mktemp("verified"))
    shop.works("init", "--name", "Cooperativa Sole")
    (shop.folder / "good.jsonld").write_text(GOOD, "utf-8")
    shop.works("capture", shop.folder / "good.jsonld")
    shop.works("export", "bundle", unit("1"), "-o", shop.folder / "good.filiera.json")
    shop.works("verify", shop.folder / "good.filiera.json")
    return shop, json.loads((shop.folder / "good.filiera.json").read_bytes())


def truncated(log: dict[str, Any]) -> None:
    log["nodes"].pop()


def padded(log: dict[str, Any]) -> None:
    log["nodes"].append(log["nodes"][0])


def elsewhere(log: dict[str, Any]) -> None:
    log["checkpoint"] = log["checkpoint"].replace(log["origin"], "another.example/log", 1)


@pytest.mark.parametrize(
    ("forge", "code"), [(truncated, "proof-length"), (padded, "proof-length"), (elsewhere, "checkpoint-origin")]
)
def test_a_damaged_proof_is_not_valid_and_says_why(
    bundle: tuple[Shop, dict[str, Any]], forge: Callable[[dict[str, Any]], None], code: str, tmp_path: Path
) -> None:
    shop, tree = bundle[0], json.loads(json.dumps(bundle[1]))
    forge(tree["logs"][0])
    file = tmp_path / "forged.filiera.json"
    file.write_bytes(put_together(tree))
    italian, english = sentences_of_verify(shop, file)
    assert italian.lines[1] == "NON VALIDO"
    assert english.lines[1] == "NOT VALID"
    account = json.loads(shop("verify", "--json", file).out)
    assert account["valid"] is False
    assert code in {reason["code"] for reason in account["reasons"]}


def sentences_of_verify(shop: Shop, file: Path) -> tuple[Answer, Answer]:
    """What `verify` says of a file that is not valid."""
    italian, english = (shop("verify", file, lang=lang) for lang in LANGUAGES)
    assert (italian.code, english.code, italian.err, english.err) == (1, 1, "", "")
    return italian, english


# The command line itself.


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nonsense"], None),
        (["capture"], None),
        (["export", "bundle", "-o", "x"], "bundle-of-what"),
        (["export", "bundle", "a", "--entry", "4", "-o", "x"], "bundle-of-what"),
        (["key", "new", "--role", "king"], None),
        (["verify", "x", "--require", "everything"], None),
        (["proof", "99999999999999999999"], "usage-not-in-range"),
        (["document", "save", "99999999999999999999"], "usage-not-in-range"),
        (["master", "show", "x", "--known", "99999999999999999999"], "usage-not-in-range"),
        (["number", "--year", "x"], "usage-not-in-range"),
    ],
)
def test_usage_errors_exit_64(shop: Shop, arguments: list[str], code: str | None) -> None:
    for lang in LANGUAGES:
        answer = shop(*arguments, lang=lang)
        assert (answer.code, answer.out) == (64, "")
        assert code is None or f"[{code}]" in answer.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["capture", "/nowhere/arrivals.jsonld"], "file-absent"),
        (["capture", "/"], "file-is-folder"),
        (["capture", ""], "file-is-folder"),
        (["member", "approve", "99999999999999999999"], "entry-missing"),
        (["export", "bundle", "(01)09520001000010(10)NONE", "-o", "x"], "unknown-lot"),
        (["export", "bundle", "(01)09520001000011(10)A", "-o", "x"], "wrong-check-digit"),
        (["export", "bundle", "https://id.gs1.org/01/09520001000011/10/A", "-o", "x"], "wrong-check-digit"),
        (["export", "bundle", "(01)09520001000010", "-o", "x"], "lot-expected"),
        (["export", "bundle", "--entry", "1000000", "-o", "x"], "no-entry"),
        (["init", "--name", "Another"], "store-exists"),
        (["init", "--name", "Another", "--gln", "9520000000001"], "wrong-check-digit"),
        (["key", "revoke", "nobody"], "key-unknown"),
    ],
)
def test_what_was_sent_wrong_exits_65(shop: Shop, arguments: list[str], code: str) -> None:
    for answer in sentences(shop, 65, *arguments):
        assert answer.out == ""
        assert answer.err.rstrip().endswith(f"[{code}]")


def test_a_second_init_harms_nothing(shop: Shop) -> None:
    before = size(shop)
    sentences(shop, 65, "init", "--name", "Another")
    shop.works("key", "new", "--role", "device")
    assert size(shop) > before


def test_without_a_store_or_a_passphrase(tmp_path: Path, shop: Shop) -> None:
    for answer in sentences(Shop(tmp_path), 64, "capture", __file__):
        assert "[store-missing]" in answer.err
    wrong = tmp_path / "passphrase"
    wrong.write_text("not this one\n")
    for answer in sentences(shop, 65, "key", "new", "--role", "device", "--passphrase-file", wrong):
        assert "[wrong-passphrase]" in answer.err
    wrong.write_text("")
    for answer in sentences(shop, 64, "key", "new", "--role", "device", "--passphrase-file", wrong):
        assert "[passphrase-missing]" in answer.err


def test_a_command_writes_beside_another_process_that_holds_the_log(shop: Shop) -> None:
    guard = str(shop.folder / "state" / "guard")
    file = shop.folder / "good.jsonld"
    file.write_text(GOOD, "utf-8")
    with Node.open(str(shop.store), passphrase=PASSPHRASE.encode(), guard=guard) as node:
        size = node.registry.size
        assert shop("capture", file, "--allow-repeat").code == 0
        assert node.registry.size > size
        assert shop("key", "new", "--role", "device").code == 0
        assert shop("key", "list").code == 0


@pytest.mark.parametrize("place", ["/proc/nowhere", __file__])
def test_a_place_that_cannot_hold_a_store_is_named(tmp_path: Path, place: str) -> None:
    for answer in sentences(Shop(tmp_path), 69, "init", "--name", "Cooperativa Sole", "--store", place):
        assert place in answer.err
        assert answer.err.rstrip().endswith("[system-refused]")
