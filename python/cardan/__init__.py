"""Cardan: one extension binary per platform, for every Python.

This package carries the `cardan` command, and a build back end (PEP 517) that makes universal wheels: `cardan.backend`.
`cardan.load` loads a module of the handle API by its path, also in debug or trace mode; `cardan.debug` finds handles that
were not closed, and `cardan.trace` says which functions of the API were called and how long they took.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

__all__ = ["__version__", "load"]

__version__ = "0.1.0"


def load(
    name: str,
    path: str | os.PathLike[str] | None = None,
    *,
    debug: bool | None = None,
    trace: bool | None = None,
    spec: ModuleSpec | None = None,
) -> ModuleType:
    """Loads a module that was compiled for the handle API, with Cardan's headers or with HPy's own.

    `name` is the module's full name; the file has a function `HPyInit_` with its last part. `path` is the file, a shared
    library; without it the module is looked for as an import would. `debug` gives the module the context that finds
    misuse (see `cardan.debug`), `trace` the one that counts calls (see `cardan.trace`). Where neither is said, the
    environment variable CARDAN decides. `spec` becomes the module's `__spec__`; without it one is made.

    Each call makes a new module, which is not put into `sys.modules`. The file stays loaded until the process ends, and
    its functions use the mode of the last call.

    Raises ImportError if the file is not there, is no module for the handle API, or needs a newer runtime; ValueError if
    both modes are asked for; and whatever the module's own initialisation raises.
    """
    # The back end and the command do not need the native module.
    from ._loading import load_module

    return load_module(name, path, debug, trace, spec)
