"""Every format by its name, every kind of file that can carry one, and every profile.

- A format is in the list below or does not exist; a test holds each to be documented and to have a validator.
- A profile is a file in `exporters/profiles`, named as the profile is; `standard` asks for nothing beyond a format.

    format_of("epcis-json").media_type,  [kind for kind in kinds() if kind.recognises(data)]
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from exporters.claim import Claim
from exporters.files.kind import FileKind
from exporters.format import STANDARD, Format, Profile
from exporters.formats import (
    credential,
    ddt_agid,
    ddt_printed,
    desadv,
    dossier,
    epcis_json,
    epcis_xml,
    eu_animal,
    eu_eggs,
    eu_fish,
    eu_one_step,
    eu_produce,
    fsma204,
    recall_printed,
    recall_report,
    template,
    ubl_despatch,
)
from exporters.package import packages
from schemas.errors import InputError

_PAPERS: tuple[Format[Any], ...] = (
    epcis_json.FORMAT,
    *epcis_xml.FORMATS,
    ubl_despatch.FORMAT,
    ddt_agid.FORMAT,
    ddt_printed.FORMAT,
    desadv.FORMAT,
    dossier.FORMAT,
    recall_printed.FORMAT,
    fsma204.FORMAT,
    *eu_one_step.FORMATS,
    *eu_animal.FORMATS,
    *eu_fish.FORMATS,
    *eu_eggs.FORMATS,
    *eu_produce.FORMATS,
    recall_report.FORMAT,
)
# What a member signs is no part of a package: it is issued, not made. Nor is what only its template makes.
_ALL = (*_PAPERS, template.FORMAT, *packages(_PAPERS), *credential.FORMATS)
FORMATS: Mapping[str, Format[Any]] = MappingProxyType({format.name: format for format in _ALL})


def format_of(name: str) -> Format[Any]:
    """The format of that name; `InputError("format-unknown")` naming those there are."""
    if name not in FORMATS:
        raise InputError("format-unknown", name=name[:80], known=", ".join(FORMATS))
    return FORMATS[name]


@cache
def kinds() -> tuple[FileKind[Any], ...]:
    """Every kind of file that some format is written in, once."""
    return tuple(dict.fromkeys(format.kind for format in FORMATS.values()))


@cache
def profiles() -> Mapping[str, Profile]:
    """Every profile but the standard one, by name; the templates that come with the program are profiles too."""
    found = {}
    for source in files("exporters.profiles").iterdir():
        if source.name.endswith(".toml"):
            name, said = source.name.removesuffix(".toml"), tomllib.loads(source.read_text("utf-8"))
            found[name] = Profile(name, said["format"], MappingProxyType(said.get("options", {})))
    for source in files("exporters.templates").iterdir():
        if source.name.endswith(".toml"):
            own = template.profile(source.read_text("utf-8"), file=source.name)
            found[own.name] = own
    return MappingProxyType(dict(sorted(found.items())))


def profile_of(name: str, format: str) -> Profile:
    """The profile of that name for a format; `InputError("profile-unknown")` naming those it has."""
    known = profiles_for(format)
    if name not in known:
        raise InputError("profile-unknown", name=name[:80], format=format, known=", ".join(known))
    return STANDARD if name == STANDARD.name else profiles()[name]


def profiles_for(format: str) -> list[str]:
    """The names of a format's profiles; of a template no standard one, since a sheet of nobody's has no columns."""
    own = [each.name for each in profiles().values() if each.format == format]
    return own if format == template.FORMAT.name else [STANDARD.name, *own]


def template_of(name: str) -> Profile:
    """The template of that name that comes with the program; `InputError("profile-unknown")` as `profile_of`."""
    return profile_of(name, template.FORMAT.name)


def profile_in(claim: Claim) -> Profile:
    """The profile that a paper says it was made for: of a template the one it carries, else one of ours."""
    if claim.format != template.FORMAT.name and not claim.template:
        return profile_of(claim.profile, claim.format)
    own = template.profile(claim.template, file=claim.profile)
    if (own.name, own.format) != (claim.profile, claim.format):
        raise InputError("template-named-otherwise", name=claim.profile[:80], found=own.name, format=claim.format[:80])
    return own
