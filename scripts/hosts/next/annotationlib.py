"""As much of the module `annotationlib` of Python 3.14 as pytest needs, for a library that is older."""

import enum
import inspect
from typing import ForwardRef

__all__ = ["ForwardRef", "Format", "get_annotations"]


class Format(enum.IntEnum):
    """How annotations are given back. Here they are what they are, in each of these ways."""

    VALUE = 1
    VALUE_WITH_FAKE_GLOBALS = 2
    FORWARDREF = 3
    STRING = 4


def get_annotations(obj, *, globals=None, locals=None, eval_str=False, format=Format.VALUE):
    """The annotations of a function, class or module."""
    return inspect.get_annotations(obj, globals=globals, locals=locals, eval_str=eval_str)
