"""Takes out of a text what identifies a person: e-mail addresses, IBANs, telephone numbers and BSNs.

A word in brackets comes in its place, so that the question around it stays readable. What only looks like one (a scale, a
year, an amount, a number that fails its own check) stays as it is. Names and addresses of houses can't be told from other
words this way; they stay too.

BSN: nine digits that pass the 11-check (9a + 8b + ... + 2h - i is a multiple of 11). IBAN: ISO 13616, with a length by
country, and mod 97-10 (ISO 7064). Telephone: nine digits after the 0 or +31, as the Dutch numbering plan has them, or a
number with another country's code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

LEFT_OUT = "[weggelaten]"
"""Stands where something was. One word for all: a word such as telefoonnummer makes another question of it."""

_SUSPECT = re.compile(r"[@\uff20\d]|[(\[]at[)\]]", re.IGNORECASE)
"""Without one of these there is nothing to find."""
_SPACES = " \u00a0\u2007\u2009\u202f"
_DASHES = r".\-\u2010\u2011\u2012\u2013"

# The lookbehind keeps a long word from being tried anew at each of its letters.
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+(?:[@\uff20]|[ ]?[(\[]at[)\]][ ]?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_IBAN = re.compile(
    rf"(?<![^\W_])[a-z]{{2}}[{_SPACES}{_DASHES}]?\d\d(?:[{_SPACES}{_DASHES}]?[a-z0-9]){{11,30}}", re.IGNORECASE
)
_GAP = rf"[{_SPACES}{_DASHES}/()]{{0,3}}"
_PHONE = re.compile(
    rf"(?<![\w+])(?:(?:\+|00){_GAP}3{_GAP}1{_GAP}(?:\({_GAP}0{_GAP}\))?|\(?0){_GAP}[1-9](?:{_GAP}\d){{8}}(?!\d)"
)
_ABROAD = re.compile(rf"(?<![\w+])(?:\+|00)[1-9](?:{_GAP}\d){{8,13}}(?!\d)")
_BSN = re.compile(rf"(?<!\d)\d(?:[{_SPACES}{_DASHES}]?\d){{8}}(?!\d)")
_DATE = re.compile(r"\(?\d\d([-./])\d\d\1(?:19|20)\d\d(?!\d)")
_NOT_DIGITS = re.compile(r"\D+")

_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE LT LU XK", 21: "CH HR LI LV",
        22: "BG DE GB GE IE ME RS", 23: "AE GI IL", 24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "PT", 26: "IS TR",
        27: "FR GR IT MC SM", 28: "AL AZ CY HU LB PL", 31: "MT",
    }.items()
    for country in countries.split()
}  # fmt: skip


def scrub(text: str, keep: Collection[str] = ()) -> str:
    """The text with a word in the place of what identifies somebody; doing it again changes nothing more.

    keep: e-mail addresses that may stay, such as that of the organisation's own adviser.
    """
    if not _SUSPECT.search(text):
        return text
    kept = {address.casefold() for address in keep}
    text = _EMAIL.sub(lambda found: found.group() if found.group().casefold() in kept else LEFT_OUT, text)
    for pattern, replaced in _NUMBERS:
        text = pattern.sub(replaced, text)
    return text


def scrub_all(value: Any, keep: Collection[str] = ()) -> Any:
    """JSON with all its texts scrubbed; the names of fields stay."""
    if isinstance(value, str):
        return scrub(value, keep)
    if isinstance(value, dict):
        return {name: scrub_all(part, keep) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [scrub_all(part, keep) for part in value]
    return value


def _iban(found: re.Match[str]) -> str:
    """The word for an IBAN, followed by what was matched behind it."""
    said = found.group()
    length = _IBAN_LENGTHS.get(said[:2].upper())
    places = [place for place, sign in enumerate(said) if sign.isalnum()]
    if length is None or len(places) < length:
        return said
    end = places[length - 1] + 1
    number = "".join(said[place] for place in places[:length]).upper()
    # In words ("HR21-functie is de senior ...") the check digits can be right by chance.
    whole = (end == len(said) or not said[end].isalnum()) and sum(map(str.isdigit, number)) >= 10
    # Letters count as 10 to 35.
    is_one = whole and int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1
    return LEFT_OUT + said[end:] if is_one else said


def _phone(found: re.Match[str]) -> str:
    said = found.group()
    if said.startswith(("+", "00")):
        return LEFT_OUT
    # "01 02 2018 10" is none: an area code has three or four digits, and only 06 has two.
    first = _NOT_DIGITS.split(said.lstrip("("))[0]
    return said if _DATE.match(said) or (len(first) < 3 and first not in ("0", "06")) else LEFT_OUT


def _bsn(found: re.Match[str]) -> str:
    said = found.group()
    digits = [int(sign) for sign in said if sign.isdigit()]
    groups = _NOT_DIGITS.split(said)
    # Short numbers in a row (scales, years) are a list, unless it is one digit at a time.
    in_one = len(set(_NOT_DIGITS.findall(said))) <= 1 and (
        (max(map(len, groups)) >= 3 and len(groups) <= 4) or len(groups) == len(digits)
    )
    weighed = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return LEFT_OUT if in_one and any(digits) and weighed % 11 == 0 else said


_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_IBAN, _iban),
    (_PHONE, _phone),
    (_ABROAD, lambda found: LEFT_OUT),
    (_BSN, _bsn),
)
"""In this order: a part of an IBAN or telephone number could pass for a BSN."""
