"""Where in the window a piece of work was asked for, as the slow-query alerts name it."""

from PySide6.QtCore import QObject

_OURS, _SCREENS = "studio_desktop.", "studio_desktop.screens."


def route_of(asker: QObject) -> str:
    """The screen's folder, like "clients"; outside of any screen the part of the program.

    A list or a form that all screens share belongs to the screen that made it.
    """
    one: QObject | None = asker
    while one is not None:
        module = type(one).__module__
        if module.startswith(_SCREENS):
            return module.removeprefix(_SCREENS).split(".")[0]
        one = one.parent()
    return type(asker).__module__.removeprefix(_OURS).split(".")[0]
