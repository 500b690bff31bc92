"""`/verifica` takes a photo: the code in it leads to the check of its lot, and whatever is wrong is said beside it."""

import io
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image

from api.settings import Settings
from exporters.labels.pictures import png
from exporters.labels.sizes import Grid
from exporters.labels.symbols import Symbol, datamatrix, ean13, qr
from tests.simulator.cooperatives import SOLE
from tests.simulator.phones import made
from tests.simulator.server import running

HTML = {"Accept": "text/html"}
GTIN = "09521001002011"
LOT = f"(01){GTIN}(10)T-196"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("verifica")
    with made(str(folder / "store"), folder, gln=SOLE) as node, running(node, Settings(), token=None) as client:
        yield client


def photo(*symbols: Symbol) -> bytes:
    table = Image.new("RGB", (1000, 500 * max(1, len(symbols))), (180, 170, 160))
    for place, symbol in enumerate(symbols):
        code = Image.open(io.BytesIO(png(symbol, Grid(300), dots=6, height=200)))
        table.paste(code.convert("RGB"), (100, 500 * place + 60))
    out = io.BytesIO()
    table.save(out, "JPEG")
    return out.getvalue()


def sent(client: httpx.Client, data: bytes, language: str = "it", **headers: str) -> httpx.Response:
    files = {"photo": ("foto.jpg", data, "image/jpeg")}
    return client.post(f"/verifica?lang={language}", files=files, headers=HTML | headers)


@pytest.mark.parametrize(
    "symbols",
    [
        (qr(f"https://registro.example/01/{GTIN}/10/T-196?17=261231"),),
        (qr("https://registro.example/CxFRj8PoNsqf2vvQ"),),
        (datamatrix((("01", GTIN), ("17", "261231"), ("10", "T-196"))),),
        (ean13(GTIN[1:]), qr(f"https://registro.example/01/{GTIN}/10/T-196")),
    ],
    ids=["qr", "compressed", "datamatrix", "two"],
)
def test_a_photo_leads_to_the_check_of_its_lot(client: httpx.Client, symbols: tuple[Symbol, ...]) -> None:
    answer = sent(client, photo(*symbols))
    assert answer.status_code == 303
    page = client.get(answer.headers["location"], headers=HTML)
    assert page.status_code == 200
    assert f'data-lot="{LOT}"' in page.text
    # Without a script the page of the lot is one link away.
    assert f'href="/lotto/01/{GTIN}/10/T-196?lang=it"' in page.text


@pytest.mark.parametrize(
    ("data", "italian", "english"),
    [
        (b"", "Nessuna foto è stata mandata", "No photo was sent"),
        (b"testo", "non è una foto che qui si legge", "no photo that is read here"),
        (photo(), "non si legge alcun codice", "No code could be read"),
        (photo(qr("https://example.com/<b>")), "che non è di un lotto", "names no lot"),
        (photo(ean13(GTIN[1:])), "che non è di un lotto", "names no lot"),
        (photo()[:900], "troncata o rovinata", "cut short or damaged"),
        (bytes((16 << 20) + 1), "troppo grande", "too large"),
    ],
    ids=["none", "text", "nothing", "elsewhere", "product", "cut", "large"],
)
def test_what_is_wrong_with_it_is_said_beside_it_in_both_languages(
    client: httpx.Client, data: bytes, italian: str, english: str
) -> None:
    for language, said in (("it", italian), ("en", english)):
        answer = sent(client, data, language)
        assert answer.status_code == 400
        assert said in answer.text
        assert 'aria-describedby="shot-about shot-wrong"' in answer.text
        assert "<b>" not in answer.text


def test_a_photo_from_another_site_is_not_taken(client: httpx.Client) -> None:
    assert sent(client, photo(), **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
