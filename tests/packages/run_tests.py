"""Runs a package's tests with pytest, after making sure that its extension modules are what is tested.

    python run_tests.py [--extension MODULE]... [--in-use EXPRESSION]... [--gil-off]
                        [--known HOSTS TEST REASON]... [--unsteady HOSTS TEST REASON]... ARGUMENTS

ARGUMENTS are pytest's. A known failure is expected on hosts whose name begins with one of HOSTS (separated by commas): it is
reported as xfailed there, and as failed if it passes. An unsteady test may pass, fail or never end there: it is reported as
xfailed without being run.
"""

import argparse
import importlib
import sys
import sysconfig

import pytest


def host_name():
    """This Python, in the way of `cardan pythons`."""
    version = ".".join(map(str, sys.version_info[:2]))
    name = sys.implementation.name
    if name == "cpython":
        return f"cpython-{version}{'t' if sysconfig.get_config_var('Py_GIL_DISABLED') else ''}"
    if name == "pypy":
        implementation = sys.pypy_version_info[:3]
    elif hasattr(sys, "graalpy_version_info"):
        implementation = sys.graalpy_version_info[:3]
    else:
        implementation = sys.implementation.version[:3]
    return f"{name}-{version}-{'.'.join(map(str, implementation))}"


class KnownFailures:
    """Marks the tests that are known to fail on this host."""

    def __init__(self, known, unsteady):
        host = host_name()
        self.known = [
            (test, reason, run)
            for run, entries in [(True, known), (False, unsteady)]
            for hosts, test, reason in entries
            if any(host == name or host.startswith(f"{name}.") for name in hosts.split(","))
        ]

    def pytest_collection_modifyitems(self, items):
        for item in items:
            for test, reason, run in self.known:
                if item.nodeid.endswith(test) or item.nodeid.split("[")[0].endswith(test):
                    item.add_marker(pytest.mark.xfail(reason=reason, strict=True, run=run))


def main():
    """Checks, then tests; pytest's exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--extension", action="append", default=[])
    parser.add_argument("--in-use", action="append", default=[])
    parser.add_argument("--gil-off", action="store_true")
    parser.add_argument("--known", action="append", default=[], nargs=3)
    parser.add_argument("--unsteady", action="append", default=[], nargs=3)
    arguments, rest = parser.parse_known_args()
    modules = {}
    for name in arguments.extension:
        module = importlib.import_module(name)
        if not module.__file__.endswith((".so", ".pyd")):
            sys.exit(f"{name} is not an extension module here: it comes from {module.__file__}")
        top = name.partition(".")[0]
        modules[top] = importlib.import_module(top)
    for expression in arguments.in_use:
        if eval(expression, modules) is not True:
            sys.exit(f"the extension is not in use: {expression} is not true")
    if arguments.gil_off and sysconfig.get_config_var("Py_GIL_DISABLED") and sys._is_gil_enabled():
        sys.exit("the import of the extension turned the GIL on")
    return pytest.main(rest, plugins=[KnownFailures(arguments.known, arguments.unsteady)])


if __name__ == "__main__":
    sys.exit(main())
