"""A pytest plugin: a test fails if it leaves handles open in a module that runs in debug mode.

pytest finds it by itself where this package is installed. It does nothing until a module is loaded in debug mode, as with
`CARDAN=debug python -m pytest`. `--cardan-stack N` says how many frames are recorded for each handle; the marker
`cardan_leaks` excuses a test.
"""

from __future__ import annotations

import gc
import sys

import pytest

_FRAMES = 16


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    group = parser.getgroup("cardan")
    group.addoption(
        "--cardan-stack",
        type=int,
        default=_FRAMES,
        metavar="N",
        help=f"for handles that a test leaks in debug mode: how many frames are recorded of where each was made "
        f"(default: {_FRAMES}; 0 is faster)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Adds the marker."""
    config.addinivalue_line("markers", "cardan_leaks: this test may leave handles open in debug mode")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """Runs a test, and fails it if handles are left."""
    before = _active()
    generation = 0
    if before:
        from . import debug

        debug.set_stack_limit(item.config.getoption("cardan_stack"))
        generation = debug.new_generation()
    outcome = yield
    if outcome.excinfo is not None or not _active() or item.get_closest_marker("cardan_leaks"):
        return
    from . import debug

    # What only a collection frees is not leaked.
    gc.collect()
    if leaks := debug.open_handles(generation):
        try:
            pytest.fail(f"{item.name} leaked handles: {debug.LeakError(leaks)}", pytrace=False)
        except pytest.fail.Exception as failure:
            outcome.force_exception(failure)


def _active() -> bool:
    """Whether a module was loaded in debug mode."""
    runtime = sys.modules.get("cardan._runtime")
    return runtime is not None and runtime.debug_is_active()
