"""The public `sd-jwt` library verifies our entries and reads the same; what our profile refuses of its cases."""

import json
from pathlib import Path
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.utils.yaml_specification import load_yaml_specification
from sd_jwt.verifier import SDJWTVerifier

from ledger.entry.disclose import disclose
from ledger.entry.parse import Entry, parse_wire, with_disclosures
from ledger.entry.shown import HIDDEN
from schemas.errors import InputError
from schemas.syntax.json_text import Number
from tests.official import official_files, present
from tests.vectors import make_entry_vectors
from tests.vectors.make_entry_vectors import ED25519, ES256, Forge

CASES = official_files(
    "crypto/sd-jwt/tests/testcases/*/specification.yml", "crypto/sd-jwt/examples/*/specification.yml"
)
ISSUER = JWK(kty="EC", crv="P-256", **{name: ES256.public.jwk[name] for name in ("x", "y")})


def plain(value: Any) -> Any:
    """As the library reads it: hidden elements left out, numbers as Python has them."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value if item is not HIDDEN]
    if isinstance(value, Number):
        return json.loads(value.text)
    return value


def read_by_library(wire: bytes, jwk: dict[str, str]) -> Any:
    return SDJWTVerifier(wire.decode("ascii"), lambda issuer, header: JWK(**jwk)).get_verified_payload()


def ours(entry: Entry) -> dict[str, Any]:
    """All claims as an SD-JWT reader sees them."""
    claims = {name: value for name, value in entry.jwt.payload.items() if name not in ("_sd", "_sd_alg")}
    trees = {"content": entry.content, "record": entry.record, "profile": entry.profile}
    return claims | {name: plain(tree) for name, tree in trees.items() if tree is not None}


VALID = [json.loads(data) for data in make_entry_vectors.vectors().values() if json.loads(data)["valid"]]


@pytest.mark.parametrize("vector", [v for v in VALID if v["jwk"]["kty"] == "EC"], ids=lambda vector: vector["name"])
def test_the_library_verifies_every_valid_vector_and_reads_the_same(vector: dict[str, Any]) -> None:
    wire = vector["entry"].encode("ascii")
    assert read_by_library(wire, vector["jwk"]) == ours(parse_wire(wire))


def test_the_library_reads_the_same_of_any_part() -> None:
    entry = parse_wire(Forge().event().encode("ascii"))
    for name in ("bizStep", "quantityList", "ilmd", "readPoint"):
        part = with_disclosures(entry.jwt.raw, disclose(entry, lambda path, name=name: path[:2] == ("content", name)))  # type: ignore[misc]
        assert read_by_library(part.wire, dict(ES256.public.jwk)) == ours(part)


def test_the_library_knows_ed25519_by_its_older_name_only() -> None:
    # RFC 9864 names the algorithm `Ed25519`; jwcrypto 1.6 knows `EdDSA`. Our bytes are the same but for the name.
    entry = parse_wire(Forge(ED25519).event().encode("ascii"))
    assert entry.jwt.alg == "Ed25519"


def issued(file: Path) -> bytes:
    """An official case as the content of an entry that the library issues, divided as the case divides it."""
    content = load_yaml_specification(present(file))["user_claims"]
    claims: dict[Any, Any] = {"v": 1, "log": make_entry_vectors.LOG, "iss": make_entry_vectors.ISS, "seq": 0}
    claims |= {"kind": "event", "tag": [], "more": 0, SDObj("content"): content}
    claims[SDObj("record")] = {SDObj("iat"): 1, SDObj("par"): [], SDObj("lots"): []}
    numbers = ES256.private.private_numbers()  # type: ignore[union-attr]
    private = JWK(**ES256.public.jwk, d=make_entry_vectors.encode(numbers.private_value.to_bytes(32, "big")))  # type: ignore[union-attr]
    header = {"typ": "filiera-entry+sd-jwt", "kid": ES256.public.kid}
    issuer = SDJWTIssuer(claims, private, sign_alg="ES256", extra_header_parameters=header)
    return issuer.sd_jwt_issuance.encode("ascii") + (b"" if issuer.sd_jwt_issuance.endswith("~") else b"~")


# Cases divided as an entry is: every top-level member by itself, nothing below. All others leave members in clear or
# divide deeper, so there would be two forms of one content.
DIVIDED_AS_OURS = {"array_in_sd"}


@pytest.mark.parametrize("file", CASES)
def test_official_cases_as_content_verify_with_the_library_and_the_profile_says_what_it_refuses(file: Path) -> None:
    wire = issued(file)
    theirs = read_by_library(wire, dict(ES256.public.jwk))
    if file.parent.name in DIVIDED_AS_OURS:
        entry = parse_wire(wire)
        assert ours(entry) == theirs
        return
    with pytest.raises(InputError) as caught:
        parse_wire(wire)
    assert caught.value.code == "disclosure-not-split"


@pytest.mark.parametrize("file", CASES)
def test_official_claims_are_admissible_content(file: Path) -> None:
    """The same claims as the content of an entry: any JSON is, and the library reads it as it was."""
    claims = without_marks(load_yaml_specification(present(file))["user_claims"])
    from tests.ledger.entry.test_issue import issue

    content = json.loads(json.dumps(claims, default=str), parse_float=Number, parse_int=Number)
    entry = parse_wire(issue(content)[0])
    assert plain(entry.content) == json.loads(json.dumps(claims, default=str))


def without_marks(value: Any) -> Any:
    if isinstance(value, SDObj):
        return without_marks(value.value)
    if isinstance(value, dict):
        return {without_marks(name): without_marks(item) for name, item in value.items()}
    return [without_marks(item) for item in value] if isinstance(value, list) else value


def test_as_issued_by_the_library_every_official_case_is_refused_for_its_type() -> None:
    for case in CASES:
        specification = load_yaml_specification(present(case.values[0]))
        issuer = SDJWTIssuer(specification["user_claims"], JWK.generate(kty="EC", crv="P-256"))
        with pytest.raises(InputError, match="entry-header-missing"):
            parse_wire((issuer.sd_jwt_issuance + "~").replace("~~", "~").encode("ascii"))
    assert len(CASES) >= 32
