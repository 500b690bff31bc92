"""Verdicts, their reasons, and the exit status. From docs/spec/bundle.md, section 4."""

from dataclasses import dataclass, field

VERDICTS = ("authentic", "included", "keys_valid", "unbroken", "witnessed", "complete", "balanced", "timed")
Reason = tuple[str, str, int | None]


@dataclass
class Account:
    """What was found: reasons of `no` and of `not_shown`, in any order."""

    formed: set[str] = field(default_factory=set)
    wrong: list[Reason] = field(default_factory=list)
    lacking: list[Reason] = field(default_factory=list)
    demanded: set[str] = field(default_factory=set)

    def no(self, verdict: str, code: str, index: int | None = None) -> None:
        self.wrong.append((verdict, code, index))

    def lacks(self, verdict: str, code: str, index: int | None = None) -> None:
        self.lacking.append((verdict, code, index))

    @property
    def verdicts(self) -> dict[str, str]:
        no, lacks = ({reason[0] for reason in reasons} for reasons in (self.wrong, self.lacking))
        return {
            name: "no" if name in no else "not_shown" if name in lacks or name not in self.formed else "yes"
            for name in VERDICTS
        }

    @property
    def exit_code(self) -> int:
        verdicts = self.verdicts
        denied = {name for name, answer in verdicts.items() if answer == "no"}
        if denied - {"balanced"} or "balanced" in denied & self.demanded:
            return 1
        needed = {"authentic", "included", "keys_valid", *self.demanded}
        return 2 if any(verdicts[name] == "not_shown" for name in needed) else 0
