"""What the bot says in the channels of other firms beside its own answers."""

from __future__ import annotations

from bot.answers.gesprek import contact_line
from bot.settings import Contact, retention_days


def privacy(contact: Contact, firm: str) -> str:
    """What happens with what people say in a channel of another firm, such as Slack or Microsoft."""
    return (
        f"Je vraag en mijn antwoord gaan via {firm}. Ze staan ook in {firm}, volgens de afspraken van je organisatie. "
        "De bot zelf draait op de server van je organisatie en geeft niets door aan anderen. "
        "Ik onthoud wat je zegt alleen om in dit gesprek goed te kunnen antwoorden. "
        f"Bij mij is het na {retention_days()} dagen weg. "
        "Noem liever geen namen, nummers of gezondheid. "
        f"Vragen over je gegevens? Die kun je stellen aan {contact_line(contact)}."
    )


def te_druk() -> str:
    """Too many messages wait in this conversation."""
    return "Je stuurt veel berichten achter elkaar. Wacht even op mijn antwoord en stel je vraag dan opnieuw."


def knop_gekozen(title: str) -> str:
    """What stands in the place of buttons after one was pressed."""
    return f"Gekozen: {title}"
