"""What several screens call things, in the language in force: methods, categories, access, stages.

A code nobody knows, such as one imported from another system, stands as it is.
"""

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def method_label(code: str) -> str:
    labels = {
        "cash": translate("Labels", "Cash"),
        "pix": translate("Labels", "Pix"),
        "debit": translate("Labels", "Debit"),
        "credit": translate("Labels", "Credit"),
        "transfer": translate("Labels", "Transfer"),
        "other": translate("Labels", "Other"),
    }
    return labels.get(code, code)


def category_label(code: str) -> str:
    labels = {
        "rent": translate("Labels", "Rent"),
        "utilities": translate("Labels", "Utilities"),
        "materials": translate("Labels", "Materials"),
        "equipment": translate("Labels", "Equipment"),
        "marketing": translate("Labels", "Marketing"),
        "services": translate("Labels", "Services"),
        "taxes": translate("Labels", "Taxes"),
        "fees": translate("Labels", "Fees"),
        "cleaning": translate("Labels", "Cleaning"),
        "food": translate("Labels", "Food"),
        "other": translate("Labels", "Other"),
    }
    return labels.get(code, code)


def kind_label(code: str) -> str:
    labels = {
        "sale": translate("Labels", "Sale"),
        "deposit": translate("Labels", "Deposit"),
        "refund": translate("Labels", "Refund"),
    }
    return labels.get(code, code)


def void_reason_label(reason: str) -> str:
    """What a person wrote, or the program's own word for a row that was booked anew."""
    if reason == "corrected":
        return translate("Labels", "Corrected")
    return reason


def access_label(code: str | None) -> str:
    labels = {
        "owner": translate("Labels", "Owner"),
        "manager": translate("Labels", "Manager"),
        "reception": translate("Labels", "Reception"),
        "artist": translate("Labels", "Artist"),
    }
    return translate("Labels", "Never signs in") if code is None else labels.get(code, code)


def closing_stage_label(code: str) -> str:
    """See studio_core.extrato.runs.Progress; "writing" comes before a run, of its backup."""
    labels = {
        "writing": translate("Labels", "Writing the backup"),
        "begin": translate("Labels", "Locking the month"),
        "backup": translate("Labels", "Checking the backup"),
        "payments": translate("Labels", "Archiving payments"),
        "commissions": translate("Labels", "Archiving commissions"),
        "expenses": translate("Labels", "Archiving expenses"),
        "sessions": translate("Labels", "Archiving sessions"),
        "totals": translate("Labels", "Adding up and checking"),
        "done": translate("Labels", "Done"),
    }
    return labels.get(code, code)


def walk_in_label() -> str:
    return translate("Labels", "Walk-in")
