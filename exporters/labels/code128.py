"""The shortest way to write an element string in Code 128, as the characters that a printer's program asks for.

- Code set B has a character for each of ours; code set C one for two digits. FNC1 is in both. To change sets costs one.
- The shortest is found, not guessed: what is drawn here and what the printer makes have the same width.

    plan("00395210010000000018")  ->  (("C", "\\x1d"), ("C", "00"), ("C", "39"), …)

ISO/IEC 15417 (section 4.3.4 and annex E); GS1 General Specifications, section 5.4.
"""

from itertools import pairwise
from typing import Literal

from schemas.gs1.check_digit import is_digits
from schemas.gs1.element_string import SEPARATOR

CodeSet = Literal["B", "C"]
Character = tuple[CodeSet, str]
"""One symbol character: its code set, and what it says; FNC1 as the separator."""
Plan = tuple[Character, ...]


def plan(content: str) -> Plan:
    """The symbol characters between the start and the check character, FNC1 first."""
    text = SEPARATOR + content
    # Of every beginning of the text, the shortest way to write it that ends in each set. Any start costs the same.
    ways: list[list[Plan]] = [[()], *([] for _ in text)]
    for at in range(len(text)):
        for said in dict.fromkeys((text[at], text[at : at + 2])):
            for code in _sets(said):
                longer = [(*way, (code, said)) for way in ways[at]]
                ways[at + len(said)] = _shortest([*ways[at + len(said)], *longer])
    return min(ways[-1], key=_rank)


def cost(planned: Plan) -> int:
    """How many characters it takes, changes of set counted; start and check character are beside these."""
    return len(planned) + sum(one[0] != next[0] for one, next in pairwise(planned))


def _sets(said: str) -> tuple[CodeSet, ...]:
    if said == SEPARATOR:
        return ("C", "B")
    if len(said) == 2:
        return ("C",) if is_digits(said) else ()
    return ("B",)


def _shortest(ways: list[Plan]) -> list[Plan]:
    """One way for each set that they end in."""
    best: dict[CodeSet, Plan] = {}
    for way in sorted(ways, key=_rank):
        best.setdefault(way[-1][0], way)
    return list(best.values())


def _rank(planned: Plan) -> tuple[int, int]:
    """The shortest first; of two that are equal the one that changes sets less often."""
    return cost(planned), -len(planned)
