"""The one URI of a lot, unit or item. From docs/spec/identifiers.md."""

import re

WORDS = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gmn": "8013", "gln": "414", "party": "417", "payTo": "415",
    "gsrnp": "8017",
    "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
}  # fmt: skip
QUALIFIER_WORDS = {
    "cpv": "22", "lot": "10", "ser": "21", "tpx": "235", "glnx": "254", "refno": "8020", "cpsn": "8011", "srin": "8019"
}  # fmt: skip
X = '[!"%-/0-9:-?A-Z_a-z]'
FORMS = {
    "00": r"\d{18}", "01": r"\d{14}", "253": rf"\d{{13}}{X}{{0,17}}", "255": r"\d{13,25}",
    "401": rf"\d{{4}}{X}{{0,26}}",
    "402": r"\d{17}", "414": r"\d{13}", "415": r"\d{13}", "417": r"\d{13}", "8003": rf"0\d{{13}}{X}{{0,16}}",
    "8004": rf"\d{{4}}{X}{{0,26}}", "8006": r"\d{18}", "8010": r"\d{4}[#\-/0-9A-Z]{0,26}",
    "8013": rf"\d{{4}}{X}{{0,21}}",
    "8017": r"\d{18}", "8018": r"\d{18}",
    "10": rf"{X}{{1,20}}", "21": rf"{X}{{1,20}}", "22": rf"{X}{{1,20}}", "235": rf"{X}{{1,28}}", "254": rf"{X}{{1,20}}",
    "7040": rf"\d{X}{X}[-_0-9A-Za-z]", "8011": r"0|[1-9]\d{0,11}", "8019": r"\d{1,10}", "8020": rf"{X}{{1,25}}",
}  # fmt: skip
SEQUENCES = {
    "01": ("22 10 21", "235"), "8006": ("22 10 21",), "414": ("254", "7040"), "415": ("8020",), "417": ("7040",),
    "8004": ("7040",), "8010": ("8011",), "8017": ("8019",), "8018": ("8019",),
}  # fmt: skip
FINEST = {"01": ("235", "21", "10"), "8006": ("21", "10"), "414": ("254",), "8010": ("8011",), "415": ("8020",)}
PRIMARY = set(FORMS) - {"10", "21", "22", "235", "254", "7040", "8011", "8019", "8020"}
ESCAPED = str.maketrans({c: f"%{ord(c):02X}" for c in ' !"#%&()*+,/:<>?'})
HOST = r"(?:[^@\[\]$]*@)?[A-Za-z0-9.\-_]+(?::[0-9]{0,5})?"
LINK = re.compile(rf"(?:https?|HTTPS?)://(?=[^/]*)({HOST})(/.*)", re.DOTALL)
LEGAL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S")
SERIAL = r"((?:[!'()*+,\-.0-9:;=A-Z_a-z]|%2[256Ff]|%3[CcEeFf])+)"
Element = tuple[str, str]


def canonical(uri: str) -> str:
    """The canonical Digital Link of a GS1 identifier; anything else as written."""
    found = elements(uri)
    return uri if found is None else link(found)


def tagged(uri: str) -> str | None:
    """The URI under which an object is tagged, None for what is no single thing."""
    if uri.startswith("urn:epc:idpat:") or not findable(uri):
        return None
    found = elements(uri)
    if found is None:
        return uri if ABSOLUTE.match(uri) else None
    (ai, value), *others = found
    serial = {"8003": 14, "253": 13, "255": 13}
    one = ai in ("00", "401", "402", "8004") or (ai in ("01", "8006", "8010") and others) or (
        ai in serial and len(value) > serial[ai]
    )  # fmt: skip
    return link(found) if one else None


def findable(uri: str) -> bool:
    """At most 2,048 bytes, no control character."""
    return len(uri.encode("utf-8", "replace")) <= 2048 and not re.search(r"[\x00-\x1f\x7f]", uri)


def link(found: list[Element]) -> str:
    return "/".join(["https://id.gs1.org", *(part for ai, value in found for part in (ai, value.translate(ESCAPED)))])


def elements(uri: str) -> list[Element] | None:
    """Primary key and finest qualifier, None where the URI is no identifier of GS1."""
    if len(uri) > 2048:
        return None
    found = _urn(uri) if uri.startswith("urn:epc:") else _link(uri)
    if found is None:
        return None
    for ai, value in found:
        if not re.fullmatch(FORMS[ai], value, re.ASCII):
            return None
    primary, *others = found
    values = {ai: value for ai, value in others if (ai, value) != ("254", "0")}
    best = next((ai for ai in FINEST.get(primary[0], ()) if ai in values), None)
    return [primary, *([(best, values[best])] if best else [])]


def _link(uri: str) -> list[Element] | None:
    match = LINK.fullmatch(re.split("[?#]", uri)[0])
    if not match or not LEGAL.fullmatch(uri):
        return None
    parts = match[2].split("/")[1:]
    if parts[-1] == "":
        parts.pop()
    at = next((at for at in range(len(parts) - 2, -1, -2) if parts[at] in PRIMARY or parts[at] in WORDS), None)
    if at is None:
        return None
    found: list[Element] = []
    for name, text in zip(parts[at::2], parts[at + 1 :: 2], strict=True):
        name = (QUALIFIER_WORDS if found else WORDS).get(name, name)
        if re.search("%(?![0-9A-Fa-f]{2}|$)|%00|%[89A-Fa-f]", text) or text.endswith("%"):
            return None
        value = re.sub("%(..)", lambda escape: chr(int(escape[1], 16)), text)
        if name == "01" and len(value) in (8, 12, 13) and re.fullmatch("[0-9]*", value):
            value = value.zfill(14)
        found.append((name, value))
    return found if _qualified(found) else None


def _qualified(found: list[Element]) -> bool:
    """What follows the key qualifies it, in order, each once."""
    (ai, _), *others = found
    for sequence in SEQUENCES.get(ai, ("",)):
        waiting = iter(sequence.split())
        if all(name in waiting for name, _ in others):
            return ai != "415" or bool(others)
    return False


def _check(body: str) -> str:
    return str(-sum((3, 1)[place % 2] * int(digit) for place, digit in enumerate(reversed(body))) % 10)


def _urn(uri: str) -> list[Element] | None:
    """An EPC URN: the company prefix and what follows fill the key; its check digit is computed."""
    form, _, rest = uri.removeprefix("urn:epc:").partition(":")
    scheme, _, tail = rest.partition(":")
    bodies = {
        "sgtin": ("01", 13), "lgtin": ("01", 13), "upui": ("01", 13), "itip": ("8006", 13), "sscc": ("00", 17),
        "sgln": ("414", 12), "pgln": ("417", 12), "gsin": ("402", 16), "gsrn": ("8018", 17), "gsrnp": ("8017", 17),
        "grai": ("8003", 12), "gdti": ("253", 12), "sgcn": ("255", 12),
        "giai": ("8004", 0), "ginc": ("401", 0), "cpi": ("8010", 0),
    }  # fmt: skip
    serials = {"sgtin": "21", "lgtin": "10", "upui": "235", "sgln": "254", "itip": "21", "cpi": "8011"}
    patterns = {"sgtin", "upui", "itip", "cpi", "grai", "gdti", "sgcn"}
    allowed = {"class": {"lgtin"}, "id": bodies.keys() - {"lgtin"}, "idpat": patterns}.get(form, set())
    match = re.fullmatch(r"([0-9]{6,12})\.(.*)", tail, re.DOTALL)
    if scheme not in allowed or not match:
        return None
    ai, length = bodies[scheme]
    prefix, rest = match[1], match[2]
    if not length:
        split = rest.rsplit(".", 1) if scheme == "cpi" and form == "id" else [rest.removesuffix(".*")]
        if form == "idpat" and not rest.endswith(".*"):
            return None
        text = _text(split[0], r"((?:[-0-9A-Z]|%2[3Ff])+)" if scheme == "cpi" else SERIAL)
        return None if text is None else [(ai, prefix + text), *([("8011", split[1])] if len(split) > 1 else [])]
    reference, _, serial = rest.partition(".")
    if len(prefix + reference) != length or not re.fullmatch("[0-9]*", reference):
        return None
    front = 1 if ai in ("00", "01", "8006") else 0
    body = reference[:front] + prefix + reference[front:]
    key = ("0" if ai == "8003" else "") + body
    key += _check(key)
    if scheme == "itip":
        pieces = re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.(.*)", serial, re.DOTALL)
        if not pieces:
            return None
        key, serial = key + pieces[1] + pieces[2], pieces[3]
    has_serial = scheme in serials or scheme in patterns
    if has_serial != ("." in rest):
        return None
    if form == "idpat":
        return [(ai, key)] if serial == "*" else None
    text = _text(serial, SERIAL) if has_serial else ""
    if text is None:
        return None
    if not has_serial or (scheme == "sgln" and text == "0"):
        return [(ai, key)]
    return [(ai, key), (serials[scheme], text)] if scheme in serials else [(ai, key + text)]


def _text(text: str, form: str) -> str | None:
    if not re.fullmatch(form, text):
        return None
    return re.sub("%(..)", lambda escape: chr(int(escape[1], 16)), text)
