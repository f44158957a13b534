"""What the books call things, in the language in force: methods, categories, kinds.

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


def walk_in_label() -> str:
    return translate("Labels", "Walk-in")
