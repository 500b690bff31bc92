"""The one HTML file: the same bytes for the same policies, its own script by its hash, and nothing it could load."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from exporters import verifier_page as page_room
from exporters import verifier_tables
from exporters.verifier_page import page_digest, verifier_page
from schemas.errors import InputError
from tests.official import ROOT

POLICY = (ROOT / "tests" / "vectors" / "bundle" / "policy.txt").read_bytes()
PAGE = verifier_page([POLICY])


def element(name: str) -> str:
    found = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", PAGE.decode(), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_tables_of_the_modules_are_those_that_python_reads() -> None:
    # Out of date: python -m exporters.verifier_tables
    for name, text in verifier_tables.tables().items():
        assert (verifier_tables.MODULES / name).read_text("utf-8") == text, name


def test_the_same_policies_make_the_same_bytes_and_others_others() -> None:
    assert verifier_page([POLICY]) == PAGE
    assert page_digest(PAGE) == sha256(PAGE).hexdigest()
    assert verifier_page([]) != PAGE
    assert POLICY.decode().splitlines()[0].encode() in PAGE


def test_script_and_style_are_allowed_by_their_hashes_and_nothing_else_is() -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', PAGE.decode())
    assert policy is not None
    directives = dict(each.strip().split(" ", 1) for each in policy[1].split(";"))
    for name, held in (("script-src", "script"), ("style-src", "style")):
        digest = b64encode(sha256(element(held).encode()).digest()).decode()
        assert directives.pop(name) == f"'sha256-{digest}'"
    assert directives == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


def test_it_names_no_address_that_could_be_loaded_and_has_no_other_script() -> None:
    text = PAGE.decode()
    assert text.count("<script") == text.count("</script>") == text.count("<style") == 1
    assert not re.search(
        r"(?:src|href)=|@import|url\(|\bfetch\(|XMLHttpRequest|\bimport\(|^import ", text, re.MULTILINE
    )


@pytest.mark.parametrize("folder", ["ledger/js", "exporters/js"])
def test_modules_need_each_other_and_nothing_else_and_write_no_markup(folder: str) -> None:
    modules = sorted((ROOT / folder).rglob("*.js"))
    assert modules
    for module in modules:
        text = module.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
        assert all(path.startswith(("./", "../")) for path in re.findall(r"\bfrom '([^']+)'", text)), module
        assert len(text.splitlines()) <= 400
        assert text.startswith("/*"), module


def test_no_text_of_a_policy_can_leave_its_place() -> None:
    hostile = b"# </script><script>alert(1)</script>\n" + POLICY
    text = verifier_page([hostile]).decode()
    assert text.count("</script>") == 1
    assert "\\u003c/script>" in text


def test_what_is_no_policy_of_one_log_is_refused() -> None:
    with pytest.raises(InputError, match="policy"):
        verifier_page([b"quorum none\n"])


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ("export default 3;\n", "in another way"),
        ("import './other.js';\n", "in another way"),
        ("export { a };\n", "in another way"),
        ("import { a } from './verify_html.js';\n", "needs itself"),
        ("const a = '</script>';\n", "ends the element"),
    ],
)
def test_a_module_that_is_written_in_more_than_is_understood_is_refused(
    module: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = page_room._read
    monkeypatch.setattr(page_room, "_read", lambda name: module if name == "exporters/remembered.js" else read(name))
    with pytest.raises(ValueError, match=why):
        verifier_page([])
