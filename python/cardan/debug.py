"""The debug mode of the handle API, seen from Python: which handles are open, and where they were made.

A module runs in debug mode if it was loaded with `cardan.load(…, debug=True)`, or if the environment says `CARDAN=debug`.
Its handles are then counted; those of modules in another mode are not.

    with cardan.debug.LeakDetector():
        module.function()

raises LeakError if the function leaves handles open. `set_stack_limit` makes each of them remember where it was made. The
pytest plugin of this package does the same for each test.

Reports of misuse (a handle that is used after it was closed, a context that was kept) end the process, with a message,
unless a function is set that is called instead: `on_invalid_handle`, `on_invalid_builder`, `on_misuse`.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Callable

from . import _runtime

__all__ = [
    "DebugError",
    "DebugHandle",
    "LeakDetector",
    "LeakError",
    "closed_handles",
    "closed_limit",
    "explain_faults",
    "new_generation",
    "on_invalid_builder",
    "on_invalid_handle",
    "on_misuse",
    "open_handles",
    "raw_data_limit",
    "set_closed_limit",
    "set_raw_data_limit",
    "set_stack_limit",
    "stack_limit",
]

_CLOSED_LIMIT, _RAW_DATA_LIMIT, _STACK_LIMIT = 0, 1, 2
_INVALID_HANDLE, _INVALID_BUILDER, _MISUSE = 0, 1, 2


class DebugError(Exception):
    """Something that the debug mode found."""


class LeakError(DebugError):
    """Handles were left open."""

    def __init__(self, leaks: list[DebugHandle]) -> None:
        super().__init__(leaks)
        self.leaks = leaks
        """The handles, oldest first."""

    def __str__(self) -> str:
        count = len(self.leaks)
        lines = [f"{count} unclosed handle{'' if count == 1 else 's'}:"]
        lines += [f"    {handle!r}" for handle in self.leaks]
        return "\n".join(lines)


class DebugHandle:
    """A handle of a module in debug mode.

    It stands for the handle itself and keeps nothing alive: the runtime uses the memory of closed handles again, after a
    while. Two are equal if they stand for the same handle.
    """

    __slots__ = ("id",)

    def __init__(self, id: int) -> None:
        self.id = id
        """A number that tells this handle from all others that exist."""

    @property
    def obj(self) -> Any:
        """The object that the handle is for. Raises ValueError if the handle is closed, or is a builder, tracker or writer."""
        return _runtime.debug_object(self.id)

    @property
    def unfinished(self) -> str | None:
        """What it is called, as `HPyTupleBuilder`, if it is no handle but a builder, tracker or writer; else None."""
        return _runtime.debug_unfinished(self.id)

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        return _runtime.debug_is_closed(self.id)

    @property
    def raw_data_size(self) -> int:
        """The size in bytes of the data that was handed out through the handle and is kept, unreadable; -1 if there is
        none."""
        return _runtime.debug_raw_data_size(self.id)

    @property
    def stack(self) -> str | None:
        """Where it was made, or None if that was not recorded: the innermost frames of Python as in a traceback, then those of C,
        one a line, each with the last call first."""
        return _runtime.debug_stack(self.id)

    def close(self) -> None:
        """Closes the handle in the module's place. For tests."""
        _runtime.debug_close(self.id)

    def __eq__(self, other: object) -> bool:
        return self.id == other.id if isinstance(other, DebugHandle) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def maker(self) -> str:
        """The function of the API that made it, such as `HPy_Dup`."""
        return _runtime.debug_maker(self.id)

    def __repr__(self) -> str:
        name = self.unfinished
        what = "CLOSED" if self.is_closed else f"for {self.obj!r}" if name is None else f"for an unfinished {name}"
        stack = self.stack
        where = (
            ":\n" + stack if stack is not None else "; cardan.debug.set_stack_limit(16) makes handles remember where"
        )
        return f"<DebugHandle {self.id:#x} {what}>\nmade by {self.maker}{where}"


class LeakDetector:
    """Finds the handles that were made since it was started and are still open. A context manager."""

    def __init__(self) -> None:
        self._generation: int | None = None

    def start(self) -> None:
        """Begins. Raises ValueError if it has begun already."""
        if self._generation is not None:
            raise ValueError("LeakDetector already started")
        self._generation = new_generation()

    def stop(self) -> None:
        """Ends. Raises LeakError if there are such handles, ValueError if it was not started."""
        if self._generation is None:
            raise ValueError("LeakDetector not started yet")
        generation, self._generation = self._generation, None
        if leaks := open_handles(generation):
            raise LeakError(leaks)

    def __enter__(self) -> LeakDetector:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def new_generation() -> int:
    """Begins a new generation of handles, and returns its number."""
    return _runtime.debug_new_generation()


def open_handles(generation: int = 0) -> list[DebugHandle]:
    """The open handles of this generation and later ones, oldest first."""
    return [DebugHandle(handle) for handle in _runtime.debug_handles(generation, False)]


def closed_handles(generation: int = 0) -> list[DebugHandle]:
    """The closed handles of this generation and later ones that are still remembered, in the order of their closing."""
    return [DebugHandle(handle) for handle in _runtime.debug_handles(generation, True)]


def closed_limit() -> int:
    """How many closed handles are remembered. A use of one that is forgotten is not found."""
    return _runtime.debug_limit(_CLOSED_LIMIT)


def set_closed_limit(limit: int) -> None:
    """Changes `closed_limit()`."""
    _runtime.debug_set_limit(_CLOSED_LIMIT, limit)


def raw_data_limit() -> int:
    """How many bytes of data that was handed out through handles are kept, unreadable, after these were closed."""
    return _runtime.debug_limit(_RAW_DATA_LIMIT)


def set_raw_data_limit(limit: int) -> None:
    """Changes `raw_data_limit()`."""
    _runtime.debug_set_limit(_RAW_DATA_LIMIT, limit)


def stack_limit() -> int:
    """How many frames each handle remembers of the stack on which it was made, of C and, up to three, of Python; 0 means none."""
    return _runtime.debug_limit(_STACK_LIMIT)


def set_stack_limit(limit: int | None) -> None:
    """Changes `stack_limit()`, for handles that are made from now on. None means 0."""
    _runtime.debug_set_limit(_STACK_LIMIT, limit or 0)


def explain_faults(explain: bool) -> None:
    """Sets whether it is said, before the process ends, whose data a module read after its handle was closed, or wrote to.

    It is, unless this is unset. What else handles the signal, as `faulthandler` does, comes afterwards.
    """
    _runtime.debug_set_explains(explain)


def on_invalid_handle(function: Callable[[], object] | None) -> None:
    """Sets the function that is called when a closed handle is used, instead of ending the process. None unsets it."""
    _runtime.debug_set_callback(_INVALID_HANDLE, _checked(function))


def on_invalid_builder(function: Callable[[], object] | None) -> None:
    """As `on_invalid_handle`, for a builder, tracker or writer that is used after it was built, closed or cancelled."""
    _runtime.debug_set_callback(_INVALID_BUILDER, _checked(function))


def on_misuse(function: Callable[[str], object] | None) -> None:
    """Sets the function that is called with a report, instead of ending the process, when something else is wrong that the
    module can go on after: an exception that is pending where none may be, a result that contradicts it, a field or global
    that holds nothing. None unsets it.
    """
    _runtime.debug_set_callback(_MISUSE, _checked(function))


def _checked(function: Callable[..., object] | None) -> Callable[..., object] | None:
    if function is not None and not callable(function):
        raise TypeError("Expected a callable object")
    return function
