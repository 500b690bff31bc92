"""One event judged: schema, vocabulary and the rules beyond them, each place named once.

The same judgement refuses an unsigned document and gives a signed entry its findings (ARCHITECTURE.md 3.4): what is
wrong with an event does not depend on who signed it, nor on when it is asked. One that came as XML is judged as such
again on the read side, by its `record.source`. What is only odd is said by `schemas.epcis.warnings`.

    judge(event)  ->  [Problem(code="unknown-word", event=None, member="/bizStep", …)]
"""

from schemas.epcis import containment, own_terms, rules, validate, vocabulary
from schemas.epcis.binding import Binding
from schemas.epcis.event import EventDict, Problem


def judge(event: EventDict, *, disclosed: bool = False, binding: Binding = "json") -> list[Problem]:
    """Everything wrong with one event that carries its own `@context`; empty where it may enter the read side.

    Problems name members inside the event; `event` is None, for the position is the caller's to know. `disclosed`: it
    is the content of an entry that was read, so it uses no reserved name. `binding`: what it was read from.
    """
    found = validate.event_problems(event, binding=binding)
    further = vocabulary.problems(event) + containment.problems(event) + rules.problems(event, disclosed=disclosed)
    further += own_terms.problems(event)
    named = {problem.member for problem in found} if further else ()
    for problem in further:
        if problem.member not in named:
            found.append(problem)
    return found
