"""Checks cardan.debug and cardan.trace on the Python that runs this: `check_modes.py FOLDER` has the compiled modules."""

import json
import os
import sys

import cardan
import cardan.debug
import cardan.trace

path = os.path.join(sys.argv[1], "shapes.so")


def expect(found, expected):
    """Compares two values, and shows them."""
    assert found == expected, f"\nexpected {expected!r}\nfound    {found!r}"


# Which context a module gets.
os.environ.pop("CARDAN", None)
expect(cardan.load("shapes", path).context()[:17], "HPy Universal ABI")
for value, mode in [("debug", "Debug Mode"), ("trace", "Trace Mode"), ("debug:other", "Universal"), ("", "Universal")]:
    os.environ["CARDAN"] = value
    expect(cardan.load("drawing.shapes", path).context().split(" ABI")[0], f"HPy {mode}")
os.environ["CARDAN"] = "debug:other,drawing.shapes"
expect(cardan.load("drawing.shapes", path).context().split(" ABI")[0], "HPy Debug Mode")
expect(cardan.load("drawing.shapes", path, debug=False).context()[:17], "HPy Universal ABI")
os.environ["CARDAN"] = "debugging"
try:
    cardan.load("shapes", path)
except ImportError as error:
    expect(
        str(error),
        'cannot load shapes: CARDAN=debugging is not understood; expected "debug" or "trace", or one of them with names of '
        'modules, as in "debug:geometry"',
    )
else:
    raise AssertionError("a module was loaded")
del os.environ["CARDAN"]

# Leaks.
module = cardan.load("shapes", path, debug=True)
before = cardan.debug.new_generation()
expect(module.area(6, 7), 42)
expect(cardan.debug.open_handles(before), [])
detector = cardan.debug.LeakDetector()
detector.start()
try:
    detector.start()
except ValueError as error:
    expect(str(error), "LeakDetector already started")
module.leak("one")
module.leak("two")
try:
    detector.stop()
except cardan.debug.LeakError as error:
    leaks, said = error.leaks, str(error)
expect([handle.obj for handle in leaks], ["one", "two"])
first, second = leaks
hint = "; cardan.debug.set_stack_limit(16) makes handles remember where"
expect(
    said,
    f"2 unclosed handles:\n    <DebugHandle {first.id:#x} for 'one'>\nmade by HPy_Dup{hint}\n"
    f"    <DebugHandle {second.id:#x} for 'two'>\nmade by HPy_Dup{hint}",
)
try:
    detector.stop()
except ValueError as error:
    expect(str(error), "LeakDetector not started yet")
assert first == cardan.debug.open_handles(before)[0] and first != second and first != first.id
expect((first.is_closed, first.stack, first.raw_data_size, first.maker), (False, None, -1, "HPy_Dup"))
first.close()
expect(first.is_closed, True)
expect(repr(first), f"<DebugHandle {first.id:#x} CLOSED>\nmade by HPy_Dup{hint}")
try:
    first.obj  # noqa: B018 (raises)
except ValueError as error:
    expect(str(error), "the handle is closed")
assert first in cardan.debug.closed_handles(before)
second.close()
with cardan.debug.LeakDetector():
    module.area(1, 2)

# Limits.
for get, set_, usual in [
    (cardan.debug.closed_limit, cardan.debug.set_closed_limit, 1024),
    (cardan.debug.raw_data_limit, cardan.debug.set_raw_data_limit, 10 * 1024 * 1024),
    (cardan.debug.stack_limit, cardan.debug.set_stack_limit, 0),
]:
    expect(get(), usual)
    set_(7)
    expect(get(), 7)
    set_(usual)
try:
    cardan.debug.set_stack_limit(-1)
except ValueError as error:
    expect(str(error), "a limit must not be negative")
cardan.debug.set_stack_limit(16)
generation = cardan.debug.new_generation()
next_line = sys._getframe().f_lineno + 1
module.leak("where")
[leak] = cardan.debug.open_handles(generation)
cardan.debug.set_stack_limit(None)
line, *frames = leak.stack.splitlines()
expect(line, f'  File "{expect.__code__.co_filename}", line {next_line}, in <module>')
assert any("shapes.so" in frame for frame in frames) and 0 < len(frames) <= 16, leak.stack
assert repr(leak).startswith(f"<DebugHandle {leak.id:#x} for 'where'>\nmade by HPy_Dup:\n"), repr(leak)
leak.close()

# Misuse, without ending the process.
for setter in cardan.debug.on_invalid_handle, cardan.debug.on_invalid_builder:
    try:
        setter("no function")
    except TypeError as error:
        expect(str(error), "Expected a callable object")
reports = []
cardan.debug.on_invalid_handle(lambda: reports.append(1))
module.close_twice("text")
cardan.debug.on_invalid_handle(None)
expect(reports, [1])

# Traces.
module = cardan.load("shapes", path, trace=True)
counts = {entry.name: entry.calls for entry in cardan.trace.entries()}
names = []
cardan.trace.set_functions(on_enter=names.append)
expect(module.context()[:14], "HPy Trace Mode")
cardan.trace.set_functions(on_enter=None)
module.context()
expect(names, ["ctx_Unicode_FromString"])
called = {entry.name: entry.calls - counts[entry.name] for entry in cardan.trace.entries()}
expect({name: count for name, count in called.items() if count}, {"ctx_Unicode_FromString": 2})
table = cardan.trace.table().splitlines()
expect(table[0].split(), ["function", "calls", "total", "ms", "each", "ns"])
[line] = [line.split() for line in table if line.startswith("ctx_Unicode_FromString ")]
[entry] = [entry for entry in json.loads(cardan.trace.json()) if entry["name"] == "ctx_Unicode_FromString"]
expect(int(line[1]), entry["calls"])
assert entry["nanoseconds"] > 0 and cardan.trace.resolution() > 0
try:
    cardan.trace.set_functions(1)
except TypeError as error:
    expect(str(error), "Expected a callable object or None")
print("checked")
