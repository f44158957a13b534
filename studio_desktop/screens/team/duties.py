"""The table of what each access may do."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from studio_core.people.duties import Duty, duties
from studio_core.people.models import ACCESS_LEVELS
from studio_desktop.labels import access_label
from studio_desktop.models.columns import Badge, CellKind, Column, Quiet
from studio_desktop.models.rows import RowModel

translate = QCoreApplication.translate


def duties_model() -> RowModel[Duty]:
    columns = [Column[Duty](translate("Duties", "What"), _name, CellKind.STRONG, stretch=3)]
    columns += [
        Column[Duty](access_label(access), _extent_of(access), CellKind.BADGES, width=132)
        for access in ACCESS_LEVELS
    ]
    model = RowModel(columns, _code)
    model.set_rows(duties())
    return model


def duty_label(code: str) -> str:
    labels = {
        "see_clients": translate("Duties", "See clients"),
        "change_clients": translate("Duties", "Add and change clients"),
        "see_health": translate("Duties", "See health answers"),
        "see_agenda": translate("Duties", "See the agenda"),
        "change_agenda": translate("Duties", "Book and move sessions"),
        "overrule_agenda": translate("Duties", "Book over another session"),
        "see_payments": translate("Duties", "See payments"),
        "take_payments": translate("Duties", "Take payments, give refunds"),
        "void_payments": translate("Duties", "Void payments"),
        "enter_expenses": translate("Duties", "Enter expenses"),
        "see_commissions": translate("Duties", "See commissions"),
        "see_extratos": translate("Duties", "See extratos and reports"),
        "close_months": translate("Duties", "Close and reopen months"),
        "change_team": translate("Duties", "Change the team"),
        "change_settings": translate("Duties", "Change the studio's settings"),
        "see_audit": translate("Duties", "Search the audit"),
    }
    return labels[code]


def _code(duty: Duty) -> str:
    return duty.code


def _name(duty: Duty) -> str:
    return duty_label(duty.code)


def _extent_of(access: str) -> Callable[[Duty], Badge | Quiet]:
    def extent(duty: Duty) -> Badge | Quiet:
        found = duty.extents[access]
        if found == "all":
            return Badge(translate("Duties", "Yes"), "success")
        if found == "own":
            return Badge(translate("Duties", "Own only"), "accent")
        return Quiet("–")

    return extent
