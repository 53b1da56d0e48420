"""Threads that Python did not start, and leaving Python."""

import subprocess
import sys
import threading
import time

import pytest


def test_foreign_threads(threads):
    seen = []

    def note():
        seen.append(threading.get_ident())

    for count, times in ((1, 1), (1, 20), (4, 50)):
        seen.clear()
        assert threads.HPyThread_Attach(note, count, times) is None
        assert len(seen) == count * times
        assert threading.get_ident() not in seen
    entered, refused = threads.counts()
    assert (entered >= 221, refused) == (True, 0)


def test_attached_already(threads):
    assert threads.HPyThread_Detach() == 7
    results = []
    thread = threading.Thread(target=lambda: results.append(threads.HPyThread_Detach()))
    thread.start()
    thread.join()
    assert results == [7]


def test_exceptions_stay_inside(threads, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda report: seen.append(report.exc_type))

    def fail():
        raise ZeroDivisionError

    assert threads.HPyThread_Attach(fail, 1, 1) is None
    assert seen == [ZeroDivisionError] or sys.implementation.name != "cpython"


def test_leaving(threads):
    reached = threading.Event()
    thread = threading.Thread(target=reached.set)
    thread.start()
    for _ in range(200):
        if reached.is_set():
            break
        threads.HPy_LeavePythonExecution(5)
    assert reached.is_set()
    thread.join()


END = """
import importlib.machinery, importlib.util, sys, time
name, file = "cases_threads", sys.argv[1]
loader = importlib.machinery.ExtensionFileLoader(name, file)
module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, file, loader=loader))
loader.exec_module(module)
module.call_until_the_end(lambda: sum(range(100)))
time.sleep({seconds})
print("main is done", flush=True)
"""


@pytest.mark.parametrize("seconds", [0, 0.001, 0.2])
def test_the_end(folder, host, seconds):
    """A thread that goes on entering is refused at the end: it is not stopped, and nothing hangs."""
    if host.name == "graalpy":
        pytest.skip("GraalPy ends with a Java exception while a thread that Python did not start is inside")
    command = [sys.executable, "-c", END.format(seconds=seconds), f"{folder}/cases_threads.so"]
    for _ in range(5 if host.name == "cpython" else 1):
        started = time.monotonic()
        result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.splitlines() == ["main is done", "refused at the end"]
        assert time.monotonic() - started < 60
