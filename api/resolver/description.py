"""`/.well-known/gs1resolver`: what this resolver can do, in the members that GS1 gave such a file.

description("https://registro.example.com", "registro.example.com/log")["supportedPrimaryKeys"]  ->  ["all"]

GS1-Conformant Resolver Standard, "resolver description file".
"""

from collections.abc import Mapping
from typing import Any

from api.resolver.links import DEFAULT, DEFAULTS, TYPES, VOCABULARY
from api.resolver.linkset import CONTEXT_PATH
from schemas.wording import LANGUAGES, Language, sentence


def description(base: str, origin: str) -> dict[str, Any]:
    """The file. `base`: this server's address; `origin`: of its log, by which it is called."""
    return {
        "name": f"Filiera · {origin}",
        "resolverRoot": base,
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "supportedPrimaryKeys": ["all"],
        "linkTypeDefaultCanBeLinkset": False,
        "supportsLanguageVariants": True,
        "supportsSemanticInterpretation": False,
        "validatesAIcombinations": True,
        "jsonLdContextLocation": base + CONTEXT_PATH,
        "contact": {"fn": origin},
        "activeLinkTypes": {language: dict(_types(language)) for language in LANGUAGES},
    }


def _types(language: Language) -> Mapping[str, Mapping[str, str]]:
    return {
        f"gs1:{type}": {"title": sentence(f"link-{type}", {}, language), "url": VOCABULARY + type}
        for type in (DEFAULT, DEFAULTS, *TYPES)
    }
