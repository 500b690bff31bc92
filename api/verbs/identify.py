"""Identify: what a text names, in every spelling, or the reason why it names nothing.

    identify("(01)09521234543213(10)L7")["digital_link"]  ->  "https://id.gs1.org/01/09521234543213/10/L7"

ARCHITECTURE.md section 7 (`id`).
"""

from schemas.errors import InputError
from schemas.gs1.company_prefix import NO_PREFIXES, CompanyPrefixes
from schemas.gs1.digital_link import make
from schemas.gs1.recognise import everything, recognise
from schemas.wording import Language, sentence


def identify(
    text: str, *, prefixes: CompanyPrefixes = NO_PREFIXES, domain: str | None = None, language: Language = "en"
) -> dict[str, str | bool | None]:
    """One text as the object that `id` prints: `valid` with the identifier, or `reason` (a code) and `explanation`.

    With a `domain` there is also `link`: all that the text says as a Digital Link of that address, which
    `digital_link.check_stem` has found to be one.
    """
    try:
        found = recognise(text, prefixes=prefixes)
        link = {} if domain is None else {"link": make(everything(text), domain)}
    except InputError as error:
        explanation = sentence(error.code, error.context, language)
        return {"input": text, "valid": False, "reason": error.code, "explanation": explanation}
    return {
        "input": text,
        "valid": True,
        "key": found.key,
        "level": found.level,
        "ai": found.ai,
        "digital_link": found.digital_link,
        "urn": found.urn,
        "pattern": found.pattern,
        **link,
    }
