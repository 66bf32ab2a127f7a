"""Messages that no model should have to recognise: signs of crisis, and other languages.

The model learns both too; these plain signs are a net below it.
"""

from __future__ import annotations

import re

from bot.nlu.languages import DUTCH, counts

_CRISIS = re.compile(
    r"\b(?:zelfmoord\w*|zelfdoding\w*|su[iï]cid\w*)\b"
    # Not "dood op" or "dood van verveling": only wanting to be dead.
    r"|\b(?:wil|wou|wilde|was|liever) (?:\w+ ){0,2}(?:dood|niet meer leven)\b(?! ?(?:op|moe|ziek|van|gewoon))"
    r"|\b(?:dood|niet meer leven|niet verder leven) (?:wil|wilde|wou|willen)\b|\buit het leven stappen\b"
    r"|\beinde? (?:er)?aan (?:mijn leven |het leven |alles )?(?:te )?maken\b|\beinde maken aan (?:mijn|het) leven\b"
    r"|\b(?:ik|als) (?:\w+ ){0,2}er (?:maar |gewoon )?niet meer (?:was|ben|zou zijn|hoef te zijn)\b|\bwil er niet meer zijn\b"
    r"|\b(?:snij|sneed|verwond|pijnig) (?:ik )?(?:me|mij|mezelf|mijzelf)\b|\bmezelf (?:iets aan|wat aan|pijn|snijden|verwonden)"
    r"|\b(?:van (?:het|een) (?:dak|gebouw|brug|flat) (?:af ?)?|voor de trein )(?:te |gaat |ga |wil |zou )?(?:spring|stap|goo)\w*"
    r"|\b(?:ga|zal|wil) (?:hem|haar|ze|jullie|iedereen|mijn \w+) (?:vermoorden|neersteken|neerschieten|wat aandoen|iets aandoen|kapotmaken)\b"
    r"|\b(?:slaat|sloeg|mishandelt|bedreigt) (?:me|mij|ons)\b|\bzie het (?:echt |gewoon |allemaal )*niet meer zitten\b"
)


def in_crisis(text: str) -> bool:
    """Whether a message bears an unmistakable sign of suicide, self-harm, threat or violence."""
    return bool(_CRISIS.search(text.lower()))


def is_foreign(text: str) -> bool:
    """Whether a message is in one of the languages that the bot answers with a line: hardly a Dutch word in it."""
    found = counts(text)
    dutch, most = found.pop(DUTCH), max(found.values())
    # "Wie" is a word of two languages.
    return most >= ENOUGH and dutch * 4 <= most


ENOUGH = 4
"""Little words of another language that a message has at least."""
