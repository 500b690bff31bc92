"""A QR Code on a terminal: two modules a character, dark on light whatever the terminal's colours are.

click.echo(terminal_qr("https://192.168.1.10:8443/campo/fiducia"))
"""

from exporters.labels.symbols import qr

_QUIET = 2
# What stands for the upper and the lower of two modules, dark being "1".
_BLOCKS = {"00": "█", "01": "▀", "10": "▄", "11": " "}


def terminal_qr(text: str) -> str:
    """The lines of the code, with a quiet zone; light modules are drawn, since most terminals are dark."""
    rows = [f"{'0' * _QUIET}{row}{'0' * _QUIET}" for row in qr(text).rows]
    blank = ["0" * len(rows[0])] * _QUIET
    whole = [*blank, *rows, *blank, *(["0" * len(rows[0])] * (len(rows) % 2))]
    pairs = zip(whole[::2], whole[1::2], strict=True)
    return "\n".join("".join(_BLOCKS[upper + lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs)
