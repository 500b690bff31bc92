"""Certified origin: of a scheme no more comes out of a process than its certified inputs can give.

- A lot is of a scheme where it stands under a certificate of it (`certificate.certificates`): by what the event that
  made it says, or by the scope of what that member keeps. An input is of it, too, where who processes it keeps a
  certificate that names its GTIN, as a list of suppliers does.
- `ORIGIN` are the schemes that say where or how something grew; those of a quality system say nothing of kilograms.
- Organic and conventional lots may go into one process; what comes out organic is held against the organic part alone,
  times the most that the process may yield. What is not weighed, and an input that nobody here made and no certificate
  names, is not shown, and so is no finding. Whether a certificate held on the day is `certificate.not_valid`.

    certified-above-inputs

FORMATS 5.1 (mass balance) and section 7, no. 3.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ledger.lots.findings.certificate import certificates
from ledger.lots.findings.found import Case, Found, causes
from ledger.lots.findings.measure import Sum
from ledger.lots.findings.quantity import transformations
from ledger.lots.master import Version
from ledger.lots.step import Flow, Step
from schemas.units import EXACT

ORIGIN = frozenset(("organic", "dop", "igp", "doc", "docg", "igt"))
_GTIN_END = len("https://id.gs1.org/01/") + 14
_Flows = list[tuple[Step, Flow]]


def above_inputs(case: Case) -> Iterator[Found]:
    """More of a scheme came out of a transformation than certified inputs can give."""
    for steps in transformations(case):
        made = _flows(steps, "made")
        schemes = {scheme for step, flow in made for scheme in _schemes(case, step, flow.uri)}
        for scheme in sorted(schemes & ORIGIN):
            yield from _held(
                case, steps, scheme, [each for each in made if scheme in _schemes(case, each[0], each[1].uri)]
            )


def _held(case: Case, steps: list[Step], scheme: str, made: _Flows) -> Iterator[Found]:
    out = _weight(case, [each for each in made if _kilograms(case, *each) is not None])
    inputs = _certified(case, steps, scheme)
    went = None if inputs is None else _weight(case, inputs)
    bands = [band for step in steps if (band := case.bands.most(step)) is not None]
    if out is None or went is None or len(bands) < len(steps) or out <= EXACT.multiply(went, max(bands)):
        return
    births = [birth for _, flow in inputs or () for birth in case.births(flow.uri)]
    said = {"in": went, "out": out, "most": EXACT.multiply(went, max(bands))}
    context = {name: Sum("mass", value, "KGM").text for name, value in said.items()}
    context |= {"lot": made[0][1].uri, "scheme": scheme}
    yield Found("certified-above-inputs", case.subject, steps[-1].index, causes(*steps, *births), context)


def _certified(case: Case, steps: Sequence[Step], scheme: str) -> _Flows | None:
    """The inputs of a scheme; None where that cannot be said of one."""
    found = []
    for step, flow in _flows(steps, "used"):
        births = case.births(flow.uri)
        named = _is_of(case, case.masters.of(step.member, "certificate", flow.uri[:_GTIN_END]), scheme)
        if named or any(scheme in _schemes(case, birth, flow.uri) for birth in births):
            found.append((step, flow))
        elif not births:
            return None
    return found


def _flows(steps: Sequence[Step], role: str) -> _Flows:
    return [(step, flow) for step in steps for flow in step.flows if flow.role == role]


def _schemes(case: Case, step: Step, uri: str) -> set[str]:
    """The schemes that a lot stands under where a step made it."""
    listed = [version for _, versions in certificates(case, step, uri) for version in versions]
    return {scope.scheme for version in listed if (scope := case.masters.scopes.get(version.index)) is not None}


def _is_of(case: Case, versions: Sequence[Version], scheme: str) -> bool:
    scopes = (case.masters.scopes.get(version.index) for version in versions)
    return any(scope is not None and scope.scheme == scheme for scope in scopes)


def _weight(case: Case, flows: _Flows) -> Decimal | None:
    total = Decimal(0)
    for step, flow in flows:
        weight = _kilograms(case, step, flow)
        if weight is None:
            return None
        total = EXACT.add(total, weight)
    return total


def _kilograms(case: Case, step: Step, flow: Flow) -> Decimal | None:
    return None if flow.amount is None else case.bands.kilograms(flow.amount, flow.uri, step.at)
