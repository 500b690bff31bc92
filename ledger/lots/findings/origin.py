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
from dataclasses import replace

from ledger.lots.findings.certificate import certificates
from ledger.lots.findings.found import Case, Found, causes
from ledger.lots.findings.quantity import told, transformations
from ledger.lots.master import Version
from ledger.lots.step import Flow, Step
from ledger.lots.yielded import shown, yielded

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
    inputs = _certified(case, steps, scheme)
    if inputs is None:
        return
    goods = case.goods(steps[0].member)
    of_scheme = shown(_only(steps, [*inputs, *made]), goods)
    judged = yielded(of_scheme, goods)
    out_of_nothing = not inputs and any(flow.role == "made" for step in of_scheme for flow in step.flows)
    if judged.verdict != "over" and not out_of_nothing:
        return
    births = [birth for _, flow in inputs for birth in case.births(flow.uri)]
    context = {"lot": made[0][1].uri, "scheme": scheme, **told(judged, of_scheme)}
    yield Found("certified-above-inputs", case.subject, steps[-1].index, causes(*steps, *births), context)


def _only(steps: Sequence[Step], flows: _Flows) -> list[Step]:
    """The process with these flows alone; what was lost may have been of any of its inputs."""
    kept: dict[int, list[Flow]] = {}
    for step, flow in flows:
        kept.setdefault(step.index, []).append(flow)
    return [replace(step, flows=tuple(kept.get(step.index, ())), wasted=None) for step in steps]


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
