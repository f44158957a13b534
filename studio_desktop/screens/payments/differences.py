"""What somebody else changed of a payment, in words."""

from PySide6.QtCore import QCoreApplication

from studio_core.ledger.queries import PaymentRow
from studio_desktop import formats
from studio_desktop.labels import method_label, walk_in_label


def differences(before: PaymentRow, now: PaymentRow) -> str:
    """ "client Ana Lima, notes “touch-up”"; empty when nothing that one sees changed."""
    translate = QCoreApplication.translate
    parts = []
    if now.amount != before.amount:
        parts.append(translate("Differences", "amount") + f" {formats.money(now.amount)}")
    if now.tip_amount != before.tip_amount:
        parts.append(translate("Differences", "tip") + f" {formats.money(now.tip_amount)}")
    if now.method != before.method:
        parts.append(translate("Differences", "method") + f" {method_label(now.method)}")
    if now.client_id != before.client_id:
        parts.append(translate("Differences", "client") + f" {now.client_name or walk_in_label()}")
    if now.artist_id != before.artist_id:
        parts.append(translate("Differences", "artist") + f" {now.artist_name}")
    if now.paid_on != before.paid_on:
        parts.append(translate("Differences", "date") + f" {formats.day(now.paid_on)}")
    if (now.notes or "") != (before.notes or ""):
        parts.append(translate("Differences", "notes") + f" “{now.notes or ''}”")
    return ", ".join(parts)
