"""Checks the trace mode on the Python that runs this: `check_trace.py FOLDER`, where FOLDER has the compiled module."""

import json
import os
import sys
import threading
import time

import cardan
import cardan.trace

m = cardan.load("traced", os.path.join(sys.argv[1], "traced.so"), trace=True)


def expect(found, expected):
    """Compares two values, and shows them."""
    assert found == expected, f"\nexpected {expected!r}\nfound    {found!r}"


class Counts:
    """What was counted since it was made."""

    def __init__(self):
        self.before = {entry.name: entry for entry in cardan.trace.entries()}

    def calls(self):
        """The entries that were called, and how often."""
        found = {entry.name: entry.calls - self.before[entry.name].calls for entry in cardan.trace.entries()}
        return {name: count for name, count in found.items() if count}

    def nanoseconds(self):
        """The entries that took time, and how much."""
        found = {
            entry.name: entry.nanoseconds - self.before[entry.name].nanoseconds for entry in cardan.trace.entries()
        }
        return {name: count for name, count in found.items() if count}


# Calls of the module's own are counted, not those that the runtime makes for them.
counts = Counts()
expect(m.add(1, 2), 3)
expect(counts.calls(), {"ctx_Add": 1})
expect(m.add("a", "b"), "ab")
expect(counts.calls(), {"ctx_Add": 2})
for arguments in [(1, 2, 3), (1, "b")]:
    try:
        m.add(*arguments)
    except TypeError:
        pass
    else:
        raise AssertionError("what cannot be added was added")
expect(counts.calls(), {"ctx_Add": 3, "ctx_Err_SetString": 1})

# A call's time contains that of the Python code that it runs.
counts = Counts()
expect(m.call(lambda: time.sleep(0.2)), None)
expect(counts.calls(), {"ctx_CallTupleDict": 1})
assert 0.2e9 <= counts.nanoseconds()["ctx_CallTupleDict"] < 20e9, counts.nanoseconds()
counts = Counts()
m.call(lambda: m.add(1, 2))
expect(counts.calls(), {"ctx_CallTupleDict": 1, "ctx_Add": 1})

# Functions are told of each call; what is pending stays pending.
told = []
cardan.trace.set_functions(lambda name: told.append("+" + name), lambda name: told.append("-" + name))
try:
    m.fail()
except KeyError as error:
    expect(error.args, ("expected",))
expect(told, ["+ctx_Err_SetString", "-ctx_Err_SetString", "+ctx_Err_ExceptionMatches", "-ctx_Err_ExceptionMatches"])
told.clear()
m.call(lambda: m.add(1, 2))
expect(told, ["+ctx_CallTupleDict", "+ctx_Add", "-ctx_Add", "-ctx_CallTupleDict"])

# Not while the thread is not attached.
told.clear()
counts = Counts()
expect(m.threads(), None)
expect(
    told,
    [
        "+ctx_LeavePythonExecution",
        "+ctx_Float_FromDouble",
        "-ctx_Float_FromDouble",
        "+ctx_Close",
        "-ctx_Close",
        "+ctx_Thread_Detach",
        "-ctx_ReenterPythonExecution",
        "+ctx_Dup",
        "-ctx_Dup",
    ],
)
expect(
    counts.calls(),
    {
        name: 1
        for name in [
            "ctx_LeavePythonExecution",
            "ctx_Mem_RawMalloc",
            "ctx_Thread_Attach",
            "ctx_Float_FromDouble",
            "ctx_Close",
            "ctx_Thread_Detach",
            "ctx_Mem_RawFree",
            "ctx_ReenterPythonExecution",
            "ctx_Dup",
        ]
    },
)

# A function may put another in its own place, and an error of its own disturbs nothing.
told.clear()


def once(name):
    """Is told of one call."""
    told.append(name)
    cardan.trace.set_functions(on_enter=None, on_exit=None)
    del globals()["once"]


cardan.trace.set_functions(on_enter=once, on_exit=None)
expect((m.add(1, 2), m.add(3, 4)), (3, 7))
expect(told, ["ctx_Add"])

unraisable = []
if hasattr(sys, "unraisablehook") and sys.implementation.name == "cpython":
    sys.unraisablehook = lambda found: unraisable.append(found.exc_value)
    cardan.trace.set_functions(on_enter=lambda name: 1 / 0)
    expect(m.add(1, 2), 3)
    cardan.trace.set_functions(on_enter=None)
    sys.unraisablehook = sys.__unraisablehook__
    expect([type(error) for error in unraisable], [ZeroDivisionError])

# Threads of Python's: nothing is lost.
counts = Counts()
threads = [threading.Thread(target=lambda: [m.add(1, 2) for _ in range(1000)]) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
expect(counts.calls(), {"ctx_Add": 4000})

# The data, as text and as JSON, has every function that was called, and no other.
called = {entry.name for entry in cardan.trace.entries() if entry.calls}
expect({line.split()[0] for line in cardan.trace.table().splitlines()[1:]}, called)
expect({entry["name"] for entry in json.loads(cardan.trace.json())}, called)
assert "ctx_Multiply" not in called and "ctx_Multiply" in {entry.name for entry in cardan.trace.entries()}
assert "ctx_CallRealFunctionFromTrampoline" not in {entry.name for entry in cardan.trace.entries()}
print("checked")
