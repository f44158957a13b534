"""What flags, fields and the states of a session are called, in the language in force."""

from datetime import date

from PySide6.QtCore import QCoreApplication

from studio_core.clients.queries import Flag
from studio_desktop.labels import method_label
from studio_desktop.models.columns import Tone

translate = QCoreApplication.translate

TONES: dict[str, Tone] = {"danger": "danger", "warning": "warning", "info": "neutral"}


def flag_kind_label(code: str) -> str:
    labels = {
        "allergy": translate("ClientWords", "Allergy"),
        "behaviour": translate("ClientWords", "Behaviour"),
        "other": translate("ClientWords", "Note"),
    }
    return labels.get(code, code)


def severity_label(code: str) -> str:
    labels = {
        "info": translate("ClientWords", "Good to know"),
        "warning": translate("ClientWords", "Careful"),
        "danger": translate("ClientWords", "Danger"),
    }
    return labels.get(code, code)


def field_label(name: str) -> str:
    labels = {
        "name": translate("ClientWords", "Name"),
        "social_name": translate("ClientWords", "Social name"),
        "phone": translate("ClientWords", "Phone"),
        "cpf": translate("ClientWords", "CPF"),
        "email": translate("ClientWords", "E-mail"),
        "birth_date": translate("ClientWords", "Birth date"),
        "instagram": translate("ClientWords", "Instagram"),
        "address": translate("ClientWords", "Address"),
        "notes": translate("ClientWords", "Notes"),
        "whatsapp_opt_in": translate("ClientWords", "WhatsApp"),
    }
    return labels.get(name, name)


def status_label(kind: str, code: str) -> str:
    """kind "session": its state; "payment": its method."""
    if kind == "payment":
        return method_label(code)
    labels = {
        "requested": translate("ClientWords", "requested"),
        "scheduled": translate("ClientWords", "booked"),
        "confirmed": translate("ClientWords", "confirmed"),
        "arrived": translate("ClientWords", "waiting"),
        "in_progress": translate("ClientWords", "in progress"),
        "to_pay": translate("ClientWords", "to pay"),
        "paid": translate("ClientWords", "done"),
        "cancelled": translate("ClientWords", "cancelled"),
        "no_show": translate("ClientWords", "did not come"),
    }
    return labels.get(code, code)


def type_label(code: str | None, project: str | None) -> str:
    """A session's type; empty where the project says enough."""
    labels = {
        "tattoo": translate("ClientWords", "Tattoo"),
        "touch_up": translate("ClientWords", "Touch-up"),
        "consultation": translate("ClientWords", "Consultation"),
        "piercing": translate("ClientWords", "Piercing"),
    }
    if project and code in labels:
        return ""
    return labels.get(code or "", code or "")


def reason_label(code: str) -> str:
    """Why somebody may be the same person."""
    labels = {
        "cpf": translate("ClientWords", "same CPF"),
        "phone": translate("ClientWords", "same phone"),
        "name": translate("ClientWords", "similar name"),
    }
    return labels.get(code, code)


def flag_words(flag: Flag) -> str:
    return f"{flag_kind_label(flag.kind)}: {flag.note}"


def session_count(number: int) -> str:
    if number == 1:
        return translate("ClientWords", "1 session")
    return translate("ClientWords", "{count} sessions").replace("{count}", str(number))


def age_words(born: date, today: date) -> str:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years == 1:
        return translate("ClientWords", "1 year")
    return translate("ClientWords", "{count} years").replace("{count}", str(years))
