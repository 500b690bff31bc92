"""Read the bars of GS1-128 and EAN-13 from a line of pixels by the widths in their standards, without any library.

    read_128(runs(line, dots=4))  ->  "00395210010000000018"

ISO/IEC 15417 table 1; ISO/IEC 15420 table 1.
"""

from collections.abc import Sequence
from itertools import groupby

_WIDTHS = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
]
_VALUES = {widths: value for value, widths in enumerate(_WIDTHS)}
_STOP = "2331112"
_TO_C, _TO_B, _FNC1, _START_B, _START_C = 99, 100, 102, 104, 105
_LEFT = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"]
_FIRST = ["000000", "001011", "001101", "001110", "010011", "011001", "011100", "010101", "010110", "011010"]


def runs(line: Sequence[int], dots: int) -> str:
    """The widths of bars and spaces in modules, from the first bar to the last; every one is a whole number of them."""
    found = [(ink, len(list(run))) for ink, run in groupby(pixel < 128 for pixel in line)]
    inked = [at for at, (ink, _) in enumerate(found) if ink]
    lengths = [length for _, length in found[inked[0] : inked[-1] + 1]]
    assert all(length % dots == 0 for length in lengths)
    return "".join(str(length // dots) for length in lengths)


def read_128(widths: str) -> str:
    """What the bars say, FNC1 in front left out and as ASCII 29 elsewhere; start, stop and check character hold."""
    assert widths.endswith(_STOP)
    body = widths[: -len(_STOP)]
    values = [_VALUES[body[at : at + 6]] for at in range(0, len(body), 6)]
    start, *said, check = values
    assert check == (start + sum(place * value for place, value in enumerate(said, 1))) % 103
    assert said[0] == _FNC1
    return _said(start == _START_C, said[1:])


def _said(pairs: bool, values: list[int]) -> str:
    text = ""
    for value in values:
        if value == _FNC1:
            text += "\x1d"
        elif value == (_TO_B if pairs else _TO_C):
            pairs = not pairs
        else:
            text += f"{value:02d}" if pairs else chr(value + 32)
    return text


def read_13(widths: str) -> str:
    """The thirteen digits: twelve by their bars, the first by how the left six are turned."""
    assert (widths[:3], widths[27:32], widths[-3:]) == ("111", "11111", "111")
    left, right = ([part[at : at + 4] for at in range(0, 24, 4)] for part in (widths[3:27], widths[32:56]))
    turned = "".join("0" if digit in _LEFT else "1" for digit in left)
    digits = [_LEFT.index(digit if digit in _LEFT else digit[::-1]) for digit in left]
    return "".join(map(str, [_FIRST.index(turned), *digits, *map(_LEFT.index, right)]))
