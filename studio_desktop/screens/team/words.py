"""What the team's screen calls things, in the language in force."""

from PySide6.QtCore import QCoreApplication

from studio_core.people.queries import PersonRow
from studio_desktop.labels import access_label
from studio_desktop.models.columns import Badge, Tone

translate = QCoreApplication.translate


def access_explanation(access: str | None) -> str:
    """One sentence on what somebody with it is there for."""
    explained = {
        "owner": translate("TeamWords", "Everything, the team and the closing of months included."),
        "manager": translate("TeamWords", "The desk, the reports and the extratos."),
        "reception": translate("TeamWords", "Clients, agenda, payments and expenses of the day."),
        "artist": translate("TeamWords", "Only their own agenda, clients and commissions."),
    }
    without = translate("TeamWords", "An artist whose sessions others enter needs no more.")
    return explained.get(access or "", without)


def access_badge(access: str | None) -> Badge | None:
    """None for somebody who never signs in: most of a list should not be badges."""
    tones: dict[str, Tone] = {"owner": "accent", "manager": "accent"}
    return Badge(access_label(access), tones.get(access, "neutral")) if access else None


def state_badge(row: PersonRow) -> Badge | None:
    if not row.active:
        return Badge(translate("TeamWords", "Left"), "warning")
    return None


def field_label(name: str) -> str:
    labels = {
        "name": translate("TeamWords", "Name"),
        "email": translate("TeamWords", "E-mail"),
        "access": translate("TeamWords", "Access"),
        "is_artist": translate("TeamWords", "Artist"),
        "commission_percent": translate("TeamWords", "Commission"),
        "colour": translate("TeamWords", "Colour"),
    }
    return labels[name]


def colour_label(place: int) -> str:
    """The set of eight that everyone can tell apart."""
    labels = (
        translate("TeamWords", "Blue"),
        translate("TeamWords", "Orange"),
        translate("TeamWords", "Green"),
        translate("TeamWords", "Violet"),
        translate("TeamWords", "Raspberry"),
        translate("TeamWords", "Ochre"),
        translate("TeamWords", "Teal"),
        translate("TeamWords", "Grey"),
    )
    return labels[place]
