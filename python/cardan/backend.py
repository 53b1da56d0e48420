"""A build back end (PEP 517) whose wheels are for every Python.

A project names it in its `pyproject.toml`, and its own back end as Cardan's:

    [build-system]
    requires = ["cardan", "setuptools"]
    build-backend = "cardan.backend"

    [tool.cardan]
    build-backend = "setuptools.build_meta"  # the default
    backend-path = ["."]                     # only for a back end inside of the project

Wheels are built by the command `cardan build`; an sdist is made by the project's own back end. There is no hook for
metadata alone: front ends then read it from the wheel, which has it as it was really built.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys

from .command import find

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["build_sdist", "build_wheel", "get_requires_for_build_sdist", "get_requires_for_build_wheel"]

_DEFAULT = "setuptools.build_meta"


def get_requires_for_build_wheel(config_settings: dict | None = None) -> list[str]:
    """Nothing: `cardan build` asks the project's own back end, and installs what it wants in an environment of its own."""
    return []


def build_wheel(
    wheel_directory: str, config_settings: dict | None = None, metadata_directory: str | None = None
) -> str:
    """Builds the project in the current folder into one wheel for every Python; returns the wheel's file name.

    What the command says goes to stderr. If it fails this process ends with its exit code, so that the command's words
    are the last ones.
    """
    command = [_command(), "build", os.getcwd(), "-o", os.path.abspath(wheel_directory)]
    for key, value in (config_settings or {}).items():
        for item in value if isinstance(value, list) else [value]:
            command.append(f"--config-setting={key}={item}")
    result = subprocess.run(command, check=False, env=_environment(), stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(result.returncode)
    return os.path.basename(result.stdout.splitlines()[-1])


def get_requires_for_build_sdist(config_settings: dict | None = None) -> list[str]:
    """What the project's own back end wants for an sdist."""
    hook = getattr(_own_backend(), "get_requires_for_build_sdist", None)
    return hook(config_settings) if hook else []


def build_sdist(sdist_directory: str, config_settings: dict | None = None) -> str:
    """Has the project's own back end make the sdist; returns its file name."""
    return _own_backend().build_sdist(sdist_directory, config_settings)


def _command() -> str:
    try:
        return find()
    except FileNotFoundError as error:
        sys.exit(f"error: {error}")


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    # A front end's own import path is not meant for the Pythons that the command looks at.
    environment.pop("PYTHONPATH", None)
    # The Python of the front end may be on no path; where its environment has no pip, the one below it may.
    pythons = [environment.get("CARDAN_PYTHONS"), sys.executable, getattr(sys, "_base_executable", None)]
    environment["CARDAN_PYTHONS"] = os.pathsep.join(python for python in pythons if python)
    return environment


def _own_backend():
    with open("pyproject.toml", "rb") as file:
        table = tomllib.load(file).get("tool", {}).get("cardan", {})
    name = table.get("build-backend", _DEFAULT)
    module, _, attributes = name.partition(":")
    if module == __name__:
        sys.exit(
            f"error: the pyproject.toml of {os.getcwd()} has the build-backend {__name__!r} under [tool.cardan] too: "
            f"expected the project's own back end, such as {_DEFAULT!r}"
        )
    sys.path[:0] = [os.path.abspath(folder) for folder in table.get("backend-path", [])]
    try:
        backend = importlib.import_module(module)
    except ModuleNotFoundError as error:
        sys.exit(
            f"error: cannot import the build back end {name} of {os.getcwd()}: {error}\n"
            "  help: add what it comes from to requires of [build-system], or name another one: build-backend under "
            "[tool.cardan]"
        )
    for attribute in filter(None, attributes.split(".")):
        backend = getattr(backend, attribute)
    return backend
