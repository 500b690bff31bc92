"""A pattern covers what its scheme names and nothing else, in URN and in Digital Link."""

import pytest

from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.pattern import pattern

COVERED = [
    ("urn:epc:idpat:sgtin:9521234.154321.*", "urn:epc:id:sgtin:9521234.154321.17"),
    ("urn:epc:idpat:sgtin:9521234.154321.*", "urn:epc:idpat:sgtin:9521234.154321.*"),
    ("urn:epc:idpat:sgtin:9521234.*.*", "urn:epc:id:sgtin:9521234.054321.17"),
    ("urn:epc:idpat:sgtin:*.*.*", "urn:epc:id:sgtin:9521234.054321.17"),
    ("urn:epc:idpat:lgtin:9521234.154321.*", "urn:epc:class:lgtin:9521234.154321.L7"),
    ("urn:epc:idpat:lgtin:9521234.*.*", "urn:epc:class:lgtin:9521234.154321.L7"),
    ("urn:epc:idpat:upui:9521234.154321.*", "urn:epc:id:upui:9521234.154321.51qIgY)%3C%26Jp3*j7SDB"),
    ("urn:epc:idpat:sscc:9521234.*", "urn:epc:id:sscc:9521234.0000000111"),
    ("urn:epc:idpat:sgln:9521234.00002.*", "urn:epc:id:sgln:9521234.00002.GATE-2"),
    ("urn:epc:idpat:sgln:9521234.00002.*", "urn:epc:id:sgln:9521234.00002.0"),
    ("urn:epc:idpat:sgln:9521234.*.*", "urn:epc:id:sgln:9521234.00002.0"),
    ("urn:epc:idpat:grai:9521234.00001.*", "urn:epc:id:grai:9521234.00001.C9"),
    ("urn:epc:idpat:gdti:9521234.00005.*", "urn:epc:id:gdti:9521234.00005.RUN1"),
    ("urn:epc:idpat:sgcn:9521234.00005.*", "urn:epc:id:sgcn:9521234.00005.777"),
    ("urn:epc:idpat:giai:9521234.*", "urn:epc:id:giai:9521234.S1"),
    ("urn:epc:idpat:gsrn:9521234.*", "urn:epc:id:gsrn:9521234.0000000001"),
    ("urn:epc:idpat:gsrnp:9521234.*", "urn:epc:id:gsrnp:9521234.0000000001"),
    ("urn:epc:idpat:pgln:9521234.*", "urn:epc:id:pgln:9521234.00001"),
    ("urn:epc:idpat:gsin:9521234.*", "urn:epc:id:gsin:9521234.000000001"),
    ("urn:epc:idpat:ginc:9521234.*", "urn:epc:id:ginc:9521234.xyz47"),
    ("urn:epc:idpat:cpi:9521234.5PQ7%2FZ43.*", "urn:epc:id:cpi:9521234.5PQ7%2FZ43.12345"),
    ("urn:epc:idpat:itip:9521234.154321.01.02.*", "urn:epc:id:itip:9521234.154321.01.02.81"),
    ("urn:epc:idpat:itip:9521234.154321.*.*.*", "urn:epc:id:itip:9521234.154321.01.02.81"),
    ("urn:epc:idpat:gid:95100000.12345.*", "urn:epc:id:gid:95100000.12345.400"),
    ("https://any.example/01/19521234543210", "urn:epc:id:sgtin:9521234.154321.17"),
    ("https://any.example/some/8003/09521234000013", "urn:epc:id:grai:9521234.00001.C9"),
]
NOT_COVERED = [
    ("urn:epc:idpat:sgtin:9521234.154321.*", "urn:epc:class:lgtin:9521234.154321.L7"),
    ("urn:epc:idpat:sgtin:9521234.*.*", "urn:epc:class:lgtin:9521234.154321.L7"),
    ("urn:epc:idpat:sgtin:9521234.154321.*", "urn:epc:id:sgtin:9521234.054321.17"),
    ("urn:epc:idpat:sgtin:952123.*.*", "urn:epc:id:sgtin:952124.1054321.17"),
    ("urn:epc:idpat:lgtin:9521234.154321.*", "urn:epc:id:sgtin:9521234.154321.17"),
    ("urn:epc:idpat:sscc:952123.*", "urn:epc:id:sscc:952124.00000000111"),
    ("urn:epc:idpat:sgln:9521234.00002.*", "urn:epc:id:sgln:9521234.00003.0"),
    ("urn:epc:idpat:cpi:9521234.5PQ7.*", "urn:epc:id:cpi:9521234.5PQ7%2FZ43.12345"),
    ("urn:epc:id:sgtin:9521234.154321.1", "urn:epc:id:sgtin:9521234.154321.17"),
    ("https://id.gs1.org/01/19521234543210", "https://id.gs1.org/01/19521234543210/10/L7"),
    ("https://a.example/x", "https://a.example/xy"),
]


@pytest.mark.parametrize(("text", "uri"), COVERED)
def test_what_a_pattern_covers(text: str, uri: str) -> None:
    assert pattern(text).covers(canonical_uri(uri))


@pytest.mark.parametrize(("text", "uri"), NOT_COVERED)
def test_what_a_pattern_does_not_cover(text: str, uri: str) -> None:
    assert not pattern(text).covers(canonical_uri(uri))


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:idpat:sgtin:*.154321.*",
        "urn:epc:idpat:sgtin:9521234.*.17",
        "urn:epc:idpat:sgtin:9521234.154321",
        "urn:epc:idpat:sgtin:9521234.154321.1*",
        "urn:epc:idpat:lot:9521234.*",
        "urn:epc:idpat:sgtin:952.*.*",
        "urn:epc:idpat:sgtin:95x1234.*.*",
        "urn:epc:idpat:sgtin:9521234.15432x.*",
    ],
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        pattern(text)
