"""Where in the window a piece of work was asked for, as the slow-query alerts name it."""

_OURS = "studio_desktop."


def route_of(asker: object) -> str:
    """The screen's folder for an asker of a screen, like "clients"; else the part of the program.

    Shared forms and controllers belong to whichever screen made a class of its own from them.
    """
    parts = type(asker).__module__.removeprefix(_OURS).split(".")
    return parts[1] if parts[0] == "screens" and len(parts) > 1 else parts[0]
