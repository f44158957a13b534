"""Keeps None, True and False alive on Python 3.11, where PySide6 gives them away.

WORKAROUND PySide6 6.12.0: its wheel is compiled against headers of Python 3.12 or newer, for which
these objects are immortal, so a call of Qt that returns one of them drops a reference that it never
took. On 3.11, where they are counted, the interpreter ends after some thousands of calls with
"none_dealloc: deallocating None". Remove it when the minimum is Python 3.12, or when
tests/desktop/test_immortals.py says that the wheel behaves.
"""

import ctypes
import sys

# More calls than a window makes in centuries, and far from the end of the counter.
_SPARE = 1 << 48
IMMORTALS: tuple[object, ...] = (None, True, False, Ellipsis, NotImplemented)


def keep_immortals() -> None:
    """Give each so many references that a lost one does not count. May be called again."""
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12):
        return
    for one in IMMORTALS:
        # The counter is the first word of every object in a release build, its address the id.
        counter = ctypes.c_ssize_t.from_address(id(one))
        if counter.value < _SPARE // 2:
            counter.value += _SPARE
