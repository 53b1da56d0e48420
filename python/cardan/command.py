"""Where the `cardan` command of this installation is."""

from __future__ import annotations

import os
import shutil
import sysconfig
from importlib.metadata import PackageNotFoundError, files

_NAME = "cardan.exe" if os.name == "nt" else "cardan"


def find() -> str:
    """The path of the command that was installed with this package.

    Raises FileNotFoundError if it is nowhere: the package is a copy of its sources, or was installed in parts.
    """
    try:
        # The installer's own record is right for every kind of installation, temporary environments included.
        recorded = [str(file.locate()) for file in files("cardan") or () if file.name == _NAME]
    except PackageNotFoundError:
        recorded = []
    for path in [*recorded, os.path.join(sysconfig.get_path("scripts"), _NAME)]:
        if os.path.isfile(path):
            return os.path.normpath(path)
    if found := shutil.which(_NAME):
        return found
    raise FileNotFoundError(
        f"the command {_NAME} is not installed beside the package cardan: expected it in "
        f"{sysconfig.get_path('scripts')} or on PATH; install the wheel of cardan again"
    )
