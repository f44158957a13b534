"""The words for what the books keep as codes: how it was paid, what it was spent on."""

from PySide6.QtCore import QCoreApplication


def method_label(code: str) -> str:
    """A code that the old system brought along is shown as it stands."""
    words = {
        "cash": QCoreApplication.translate("Labels", "Cash"),
        "pix": QCoreApplication.translate("Labels", "Pix"),
        "debit": QCoreApplication.translate("Labels", "Debit card"),
        "credit": QCoreApplication.translate("Labels", "Credit card"),
        "transfer": QCoreApplication.translate("Labels", "Bank transfer"),
        "other": QCoreApplication.translate("Labels", "Other"),
    }
    return words.get(code, code)


def category_label(code: str) -> str:
    """What an expense was for; an unknown text stands as it is."""
    words = {
        "rent": QCoreApplication.translate("Labels", "Rent"),
        "utilities": QCoreApplication.translate("Labels", "Water, power, internet"),
        "materials": QCoreApplication.translate("Labels", "Materials"),
        "equipment": QCoreApplication.translate("Labels", "Equipment"),
        "marketing": QCoreApplication.translate("Labels", "Marketing"),
        "services": QCoreApplication.translate("Labels", "Services"),
        "taxes": QCoreApplication.translate("Labels", "Taxes"),
        "fees": QCoreApplication.translate("Labels", "Bank and card fees"),
        "cleaning": QCoreApplication.translate("Labels", "Cleaning"),
        "food": QCoreApplication.translate("Labels", "Food and drink"),
        "other": QCoreApplication.translate("Labels", "Other"),
    }
    return words.get(code, code)
