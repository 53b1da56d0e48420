"""Loads the compiled modules for the tests: `python -m pytest conformance/handles --modules FOLDER`.

A fixture with a module's name gives the module. What a case cannot show on a host is skipped with the reason.
"""

import gc
import importlib.machinery
import importlib.util
import json
import os
import sys
import sysconfig
from pathlib import Path

import pytest


def pytest_addoption(parser):
    parser.addoption("--modules", help="the folder of the compiled modules: cases_*.so")
    parser.addoption("--report", help="a folder for a file with the counts, named after this Python")


def pytest_terminal_summary(terminalreporter, config):
    """Writes the counts, if they are wanted."""
    folder = config.getoption("--report")
    if folder:
        counts = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "skipped", "failed", "error")}
        counts["failed"] += counts.pop("error")
        version = "{}.{}".format(*sys.version_info)
        kind = "t" if Host.free_threaded else ""
        release = getattr(sys, "pypy_version_info", None)
        own = "-{}.{}.{}".format(*release) if release else ""
        os.makedirs(folder, exist_ok=True)
        Path(folder, f"{Host.name}-{version}{kind}{own}.json").write_text(json.dumps(counts))


def load(folder, name):
    """A new module of a file: each call runs it again."""
    file = str(Path(folder) / f"{name}.so")
    loader = importlib.machinery.ExtensionFileLoader(name, file)
    spec = importlib.util.spec_from_file_location(name, file, loader=loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def folder(request):
    """The folder of the compiled modules."""
    folder = request.config.getoption("--modules")
    if not folder:
        raise pytest.UsageError(
            "--modules FOLDER is missing: the folder of the compiled modules, see conformance/README.md"
        )
    return folder


def _fixture(name):
    @pytest.fixture(scope="session", name=name)
    def module(folder):
        return load(folder, f"cases_{name}")

    return module


for _source in sorted((Path(__file__).parent / "modules").glob("*.c")):
    globals()[_source.stem] = _fixture(_source.stem)


class Host:
    """What a test may have to know of the interpreter."""

    name = sys.implementation.name
    # Where there is no GIL.
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    counts = sys.implementation.name == "cpython"
    # How often it makes sense to run the collector; GraalPy's is Java's, and slow.
    collections = 2 if sys.implementation.name == "graalpy" else 6
    # PyPy 7.3.11 and others for Python before 3.11.
    old_pypy = sys.implementation.name == "pypy" and sys.version_info < (3, 11)
    # PyPy before 8 makes objects of a class with several bases as those of the first, whatever C the others are: it cannot call
    # one whose first base is written in Python and the second in C, nor see that the second has a longer struct.
    mixes_bases = getattr(sys, "pypy_version_info", (8,)) >= (8,)
    checks = os.environ.get("CARDAN", "").startswith("debug")

    @staticmethod
    def collect():
        """Runs the collector until nothing more goes."""
        for _ in range(Host.collections):
            gc.collect()


@pytest.fixture
def host():
    return Host


@pytest.fixture
def same_count():
    """Checks that an object has as many references after a test as one that no case has seen, where a host counts them."""
    checked = []

    def check(obj):
        if Host.counts:
            checked.append((obj, object()))
        return obj

    yield check
    for obj, unseen in checked:
        difference = sys.getrefcount(obj) - sys.getrefcount(unseen)
        assert difference == 0, f"{obj!r}: {difference:+} references"
