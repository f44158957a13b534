"""What the books call things, in the language in force: methods, categories, kinds.

A code nobody knows, such as one imported from another system, stands as it is.
"""

from PySide6.QtCore import QCoreApplication


def method_label(code: str) -> str:
    tr = QCoreApplication.translate
    labels = {
        "cash": tr("Labels", "Cash"),
        "pix": tr("Labels", "Pix"),
        "debit": tr("Labels", "Debit"),
        "credit": tr("Labels", "Credit"),
        "transfer": tr("Labels", "Transfer"),
        "other": tr("Labels", "Other"),
    }
    return labels.get(code, code)


def category_label(code: str) -> str:
    tr = QCoreApplication.translate
    labels = {
        "rent": tr("Labels", "Rent"),
        "utilities": tr("Labels", "Utilities"),
        "materials": tr("Labels", "Materials"),
        "equipment": tr("Labels", "Equipment"),
        "marketing": tr("Labels", "Marketing"),
        "services": tr("Labels", "Services"),
        "taxes": tr("Labels", "Taxes"),
        "fees": tr("Labels", "Fees"),
        "cleaning": tr("Labels", "Cleaning"),
        "food": tr("Labels", "Food"),
        "other": tr("Labels", "Other"),
    }
    return labels.get(code, code)


def kind_label(code: str) -> str:
    tr = QCoreApplication.translate
    labels = {
        "sale": tr("Labels", "Sale"),
        "deposit": tr("Labels", "Deposit"),
        "refund": tr("Labels", "Refund"),
    }
    return labels.get(code, code)


def void_reason_label(reason: str) -> str:
    """What a person wrote, or the program's own word for a row that was booked anew."""
    if reason == "corrected":
        return QCoreApplication.translate("Labels", "Corrected")
    return reason


def walk_in_label() -> str:
    return QCoreApplication.translate("Labels", "Walk-in")
