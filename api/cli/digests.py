"""A leaf hash or key id on the command line: base64url of 32 bytes, of which one in 64 begins with a minus sign.

It is no option, however it begins: what has its form stands behind the options, after `--`, before the line is read.

@command.command(name="approve", cls=TakesDigest)
"""

import re

import click

_DIGEST = re.compile(r"-[A-Za-z0-9_-]{42}")


class TakesDigest(click.Command):
    """A command whose one argument may be a digest."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the line, with a digest that begins like an option taken for what it is."""
        return super().parse_args(ctx, args if "--" in args else self._digests_last(args))

    def _digests_last(self, args: list[str]) -> list[str]:
        valued = {name for option in self.params if _takes_value(option) for name in option.opts}
        before = ["", *args]
        last = [text for at, text in enumerate(args) if _DIGEST.fullmatch(text) and before[at] not in valued]
        return [*(text for text in args if text not in last), "--", *last] if last else args


def _takes_value(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.is_flag and not parameter.count
