"""Which value of a criterion a street gives, where the roll does not say: the assembly's rules, `streets` of a value.

A rule is a street (`Strandlinien`), some of its house numbers (`Strandlinien 1-99`, `Strandlinien 12`), or `*` for
every other street. The narrowest rule that fits decides, whichever value it stands under.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from registration.domain.people import normalised

REST = "*"
_NUMBERED = re.compile(r"(?P<street>.*?\S)\s+(?P<first>[1-9]\d{0,2})(\s*-\s*(?P<last>[1-9]\d{0,2}))?", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Rule:
    """House numbers from `first` to `last`, both inclusive and with any letter; a whole street has 1 to 999."""

    first: int
    last: int
    value: str


class Streets:
    """The rules of one criterion: `{value id: its rules}`. Of equally narrow rules that fit, the first decides."""

    def __init__(self, rules: Mapping[str, tuple[str, ...]]) -> None:
        self._rest: str | None = None
        self._by_street: dict[str, list[_Rule]] = {}
        for value, texts in rules.items():
            for text in texts:
                if text.strip() == REST:
                    self._rest = self._rest or value
                    continue
                numbered = _NUMBERED.fullmatch(text.strip())
                street, first, last = text, 1, 999
                if numbered:
                    street, first = numbered["street"], int(numbered["first"])
                    last = int(numbered["last"] or first)
                self._by_street.setdefault(normalised(street), []).append(_Rule(first, last, value))
        for found in self._by_street.values():
            found.sort(key=lambda rule: rule.last - rule.first)

    def value_of(self, street: str, house_number: str) -> str | None:
        """Return the value of an address (`12B` lies where 12 does), or None when no rule fits."""
        number = _NUMBER.match(house_number)
        if number:
            for rule in self._by_street.get(normalised(street), ()):
                if rule.first <= int(number[0]) <= rule.last:
                    return rule.value
        return self._rest
