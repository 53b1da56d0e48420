"""Checks on the Python that runs this what the debug mode says of each mistake: `check_mistakes.py FOLDER`.

FOLDER has the compiled module. Each mistake is made in a process of its own, which it ends. GraalPy takes seconds to start one,
so only some mistakes are made there.
"""

import contextlib
import gc
import os
import re
import signal
import subprocess
import sys

import cardan
import cardan.debug

PATH = os.path.join(sys.argv[1], "mistakes.so")
# What differs from run to run: addresses, and offsets into a file.
ADDRESS = r"0x[0-9a-f]+"
# Frames: at least one is the module's.
FRAMES = r"(?:.+\n)*.*mistakes\.so.*\n(?:.+\n)*"
NO_STACK = "(set a stack limit to see where: cardan.debug.set_stack_limit(16))"
# Where the mistakes are made, in Python.
HERE = 'It was made here:\n  File "<string>", line 2, in <module>\n'
FUNCTION = "the function at mistakes.so+ADDRESS"
CLOSED = "HPy debug mode: Invalid usage of already closed handle in "
BUILDER = "HPy debug mode: Invalid usage of already closed builder in "
WRONG = "Error: Wrong HPy Context!\n"
# What memory is filled with that was never set.
SPOILED = "0x5555555555555555"
SPOILED_FIELD = (
    f" that holds {SPOILED}; expected HPyField_NULL or what HPyField_Store put there and did not let go since. HPy_New gives "
    "structs of zeros; other memory has to be set to zero before its fields are used"
)
SPOILED_GLOBAL = (
    f" was given a global that holds {SPOILED}; expected zero or what HPyGlobal_Store put there. A global is a static variable; "
    "one that may be stored to before its module is loaded in debug mode has to be listed in HPyModuleDef.globals"
)
OF_THING = " was given a field of <mistakes.Thing object at ADDRESS>"

# What is called, and what is said of it.
MISTAKES = {
    "use after close": (
        "m.use_after_close('text')",
        f"{CLOSED}HPy_Repr: the handle ADDRESS was made by HPy_Dup and closed by HPy_Close\n{NO_STACK}\n",
    ),
    "use after close, with the stack": (
        "cardan.debug.set_stack_limit(16); m.use_after_close('text')",
        f"{CLOSED}HPy_Repr: the handle ADDRESS was made by HPy_Dup and closed by HPy_Close\n{HERE}FRAMES",
    ),
    "closing twice": (
        "m.close_twice('text')",
        f"{CLOSED}HPy_Close: the handle ADDRESS was made by HPy_Dup and closed by HPy_Close\n{NO_STACK}\n",
    ),
    "closing an argument": (
        "m.close_argument('text')",
        f"{CLOSED}HPy_Close: the handle ADDRESS for 'text' was an argument, which the caller closes\n{NO_STACK}\n",
    ),
    "returning an argument": (
        "m.return_argument('text')",
        f"{CLOSED}{FUNCTION}: the handle ADDRESS for 'text' was an argument, which the caller closes\n{NO_STACK}\n",
    ),
    "returning a constant": (
        "m.return_constant()",
        f"{CLOSED}{FUNCTION}: the handle ADDRESS for None belongs to the context, which keeps it; HPy_Dup makes one that may "
        "be closed or returned\n",
    ),
    "what is no handle": (
        "m.no_handle()",
        "HPy debug mode: HPy_Repr was given ADDRESS, which is no handle of this context: it is another context's, or was "
        "never made\n",
    ),
    "a context kept": (
        "m.keep_context(); m.use_kept_context()",
        f"{WRONG}HPyLong_FromInt64_t was called with a context that belongs to another call; a context is valid only in the "
        "function that it was passed to\nFRAMES",
    ),
    "a context kept by a caller": (
        "m.keep_context_and_call(m.use_kept_context)",
        f"{WRONG}HPyLong_FromInt64_t was called with a context that belongs to another call; a context is valid only in the "
        "function that it was passed to\nFRAMES",
    ),
    "a context while away": (
        "m.use_context_away()",
        f"{WRONG}HPyLong_FromInt64_t was called between HPy_LeavePythonExecution and HPy_ReenterPythonExecution\nFRAMES",
    ),
    "a context in another thread": (
        "m.context_in_thread()",
        f"{WRONG}HPyErr_Occurred was called with the context of another thread; a thread gets one by HPyThread_Attach\nFRAMES",
    ),
    "a handle in another thread": (
        "m.handle_in_thread('text')",
        "HPy debug mode: HPy_Repr was given the handle ADDRESS for 'text', which belongs to another thread: it was made by the "
        "call of the function that it is an argument of there; objects are passed between threads by HPyGlobal or HPyField\n"
        f"{NO_STACK}\n",
    ),
    "a builder built twice": (
        "m.build_twice('text')",
        f"{BUILDER}HPyTupleBuilder_Build: the HPyTupleBuilder was made by HPyTupleBuilder_New and closed by "
        f"HPyTupleBuilder_Build\n{NO_STACK}\n",
    ),
    "a builder used after it was cancelled": (
        "m.set_after_cancel('text')",
        f"{BUILDER}HPyListBuilder_Set: the HPyListBuilder was made by HPyListBuilder_New and closed by HPyListBuilder_Cancel\n"
        f"{NO_STACK}\n",
    ),
    "a call with an exception pending": (
        "m.call_with_exception(list)",
        "HPy debug mode: HPy_CallTupleDict was called while an exception is pending: KeyError('overlooked')\n",
    ),
    "an object and an exception": (
        "m.return_with_exception()",
        f"HPy debug mode: {FUNCTION} returned an object while an exception is pending: KeyError('overlooked')\n",
    ),
    "no object and no exception": (
        "m.return_null()",
        f"HPy debug mode: {FUNCTION} returned HPy_NULL, which stands for an error, without an exception\n",
    ),
    "what is no type": (
        "m.wrong_type_check('text')",
        "HPy debug mode: HPy_TypeCheck arg 2 must be a type\n",
    ),
    "the wrong struct": (
        "m.wrong_struct(m.Thing())",
        "HPy debug mode: Invalid usage of _HPy_AsStruct_Float. Expected shape HPyType_BuiltinShape_Float but got "
        "HPyType_BuiltinShape_Object\n",
    ),
    "a field that holds nothing": (
        "m.Thing().load()",
        "HPy debug mode: HPyField_Load was given a field that holds nothing; HPyField_IsNull tells\n",
    ),
    "a global that was never stored": (
        "m.load_undeclared_global()",
        "HPy debug mode: HPyGlobal_Load was given a global that nothing was stored in\n",
    ),
    "a field that was never set, loaded": (
        "thing = m.Thing(); thing.spoil(); thing.load()",
        f"HPy debug mode: HPyField_Load{OF_THING}{SPOILED_FIELD}\n",
    ),
    "a field that was never set, stored to": (
        "thing = m.Thing(); thing.spoil(); thing.store('text')",
        f"HPy debug mode: HPyField_Store{OF_THING}{SPOILED_FIELD}\n",
    ),
    "a field that was never set, cleared": (
        "thing = m.Thing(); thing.spoil(); thing.clear()",
        f"HPy debug mode: HPyField_Clear{OF_THING}{SPOILED_FIELD}\n",
    ),
    "a field that was never set, in an object of a derived class": (
        "thing = type('Derived', (m.Thing,), {'__repr__': lambda self: self.load()})(); thing.spoil(); repr(thing)",
        f"HPy debug mode: HPyField_Load was given a field of <__main__.Derived object at ADDRESS>{SPOILED_FIELD}\n",
    ),
    "a field that was never set, in an object that goes": (
        "thing = m.Thing(); thing.spoil(); del thing; import gc; gc.collect(); gc.collect()",
        f"HPy debug mode: an object of <class 'mistakes.Thing'> went with a field{SPOILED_FIELD}\n",
    ),
    "a field of a module that was never set": (
        "m.load_spoiled_state()",
        f"HPy debug mode: HPyField_Load was given a field of <module 'mistakes' from PATH>{SPOILED_FIELD}\n",
    ),
    "a field whose object was let go": (
        "thing = m.Thing(); thing.store(['one']); thing.load_late('two')",
        f"HPy debug mode: HPyField_Load{OF_THING}{SPOILED_FIELD.replace(SPOILED, 'ADDRESS')}\n",
    ),
    "a global that was never set, loaded": (
        "m.load_spoiled_global()",
        f"HPy debug mode: HPyGlobal_Load{SPOILED_GLOBAL}\n",
    ),
    "a global that was never set, stored to": (
        "m.store_spoiled_global('text')",
        f"HPy debug mode: HPyGlobal_Store{SPOILED_GLOBAL}\n",
    ),
}

# What the operating system ends: the memory cannot be read, or written to.
CRASHES = {
    "data read after its handle was closed": (
        "m.read_after_close('text')",
        "HPy debug mode: Invalid usage of data of the handle ADDRESS, which is closed: it was made by HPy_Str and closed by "
        f"HPy_Close\n{NO_STACK}\n",
    ),
    "data read after its handle was closed, with the stack": (
        "cardan.debug.set_stack_limit(16); m.read_after_close('text')",
        "HPy debug mode: Invalid usage of data of the handle ADDRESS, which is closed: it was made by HPy_Str and closed by "
        f"HPy_Close\n{HERE}FRAMES",
    ),
    "data written to": (
        "m.write_borrowed('text')",
        "HPy debug mode: Invalid usage of data of the handle ADDRESS, which must not be written to: the handle was made by the "
        f"call of the function that it is an argument of\n{NO_STACK}\n",
    ),
    "data read after its handle was closed, and a handler that was there": (
        "import faulthandler; faulthandler.enable(); m.read_after_close('text')",
        "HPy debug mode: Invalid usage of data of the handle ADDRESS, which is closed: it was made by HPy_Str and closed by "
        f"HPy_Close\n{NO_STACK}\nFatal Python error: Segmentation fault\n",
    ),
    "a signal that was sent": (
        "m.read_name(str); import signal; signal.raise_signal(signal.SIGSEGV)",
        "",
    ),
    "data read after its handle was closed, unexplained": (
        "cardan.debug.explain_faults(False); m.read_after_close('text')",
        "",
    ),
}

# Those that are made where a process takes seconds to start: one of each way in which one is ended.
FEW = [
    "use after close, with the stack",
    "a context kept",
    "the wrong struct",
    "a field that was never set, loaded",
    "a global that was never set, stored to",
]

START = "import sys, cardan, cardan.debug; m = cardan.load('mistakes', sys.argv[1], debug=True)\n"


def run(code, **environment):
    """Runs the code with the module as `m`."""
    environment = {**os.environ, **environment}
    # What would add its own words.
    environment.pop("PYTHONFAULTHANDLER", None)
    return subprocess.run(
        [sys.executable, "-c", START + code, PATH],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )


def check(name, code, expected, *signals):
    """Makes a mistake in a process, and looks at what that said: what is wrong with it."""
    result = run(code)
    found = result.stderr.decode()
    pattern = re.escape(expected).replace("ADDRESS", ADDRESS).replace("FRAMES", FRAMES)
    pattern = pattern.replace("PATH", re.escape(repr(PATH)))
    # The interpreter may add its own words after the process was told to end.
    if (
        (re.match(pattern, found) if expected else not found)
        and result.returncode != 0
        and (not signals or -result.returncode in signals)
    ):
        return ""
    return f"{name} (exit status {result.returncode}):\nexpected {expected!r}\nfound    {found!r}\n"


IS_SLOW = sys.implementation.name == "graalpy"
names = FEW if IS_SLOW else list(MISTAKES)
wrong = "".join(check(name, *MISTAKES[name]) for name in names)
if not IS_SLOW:
    wrong += "".join(check(name, *CRASHES[name], signal.SIGSEGV, signal.SIGBUS) for name in CRASHES)
assert not wrong, "\n" + wrong

# What is found and does not end the process.
m = cardan.load("mistakes", PATH, debug=True)
with cardan.debug.LeakDetector():
    thing = m.Thing()
    assert thing.hold("one") is None
    assert thing.hold("two") == "one" and thing.load() == "two" and thing.move() == "two"
    assert thing.clear() and not thing.clear() and thing.hold("one") is None
    del thing
    # Objects that only a collection frees, and what is stored elsewhere.
    one, two = m.Thing(), m.Thing()
    one.store(two)
    two.store(one)
    one.shown = [one]
    assert one.show(two) == [one] and one.shown is two and one.show(two) is two
    one.shown = two.shown = one
    assert one.load() is two and two.load() is one and two.show(None) is one
    two.shown = [two]
    del one, two
    gc.collect()
    assert m.swap_global("one") is None and m.swap_global("two") == "one" and m.keep("text") == "text"
# The same file in both modes: what one of them stored, the other loads.
thing = m.Thing()
thing.store("debug")
usual = cardan.load("mistakes", PATH)
usual_thing = usual.Thing()
usual_thing.store("usual")
assert "Universal" in usual.context() and usual.swap_global("usual") == "two" and usual.keep("usual") == "usual"
assert thing.load() == "debug"
m = cardan.load("mistakes", PATH, debug=True)
assert "Debug" in m.context() and usual_thing.hold("text") == "usual" and thing.load() == "debug"
assert m.swap_global("three") == "usual" and usual.keep("text") == "text"
del thing, usual, usual_thing
gc.collect()
detector = cardan.debug.LeakDetector()
detector.start()
m.leak("text")
m.forget_builder()
try:
    detector.stop()
except cardan.debug.LeakError as error:
    leaks, said = error.leaks, str(error)
else:
    raise AssertionError("no leak was found")
hint = "; cardan.debug.set_stack_limit(16) makes handles remember where"
expected = "3 unclosed handles:\n" + "\n".join(
    f"    <DebugHandle ADDRESS for {what}>\nmade by {maker}{hint}"
    for what, maker in [
        ("'text'", "HPy_Dup"),
        ("'forgotten'", "HPyUnicode_FromString"),
        ("an unfinished HPyTupleBuilder", "HPyTupleBuilder_New"),
    ]
)
assert re.fullmatch(re.escape(expected).replace("ADDRESS", ADDRESS), said), f"\nexpected {expected}\nfound    {said}"
for leak in leaks:
    leak.close()


# Where handles are made: the innermost frames of Python, with names that are no ASCII, and what is pending stays pending.
def löst_es(fail):
    if fail:
        m.leak_with_exception("text")
    m.leak("text")


class Outer:
    def inner(self, fail):
        löst_es(fail)


def outermost(fail):
    Outer().inner(fail)


def first_line(function):
    return function.__code__.co_firstlineno


path = löst_es.__code__.co_filename
for fail in False, True:
    for limit in 1, 2, 16:
        cardan.debug.set_stack_limit(limit)
        generation = cardan.debug.new_generation()
        try:
            outermost(fail)
        except KeyError as error:
            assert fail and error.args == ("overlooked",), error
            assert error.__traceback__.tb_next.tb_next.tb_next.tb_frame.f_code is löst_es.__code__
        else:
            assert not fail
        leaks = cardan.debug.open_handles(generation)
        assert len(leaks) == 2
        wanted = [
            f'  File "{path}", line {first_line(löst_es) + (2 if fail else 3)}, in löst_es',
            f'  File "{path}", line {first_line(Outer.inner) + 1}, in inner',
            f'  File "{path}", line {first_line(outermost) + 1}, in outermost',
        ]
        # PyPy tells of the innermost alone.
        wanted = wanted[: 1 if sys.implementation.name == "pypy" else limit]
        for leak in leaks:
            lines = leak.stack.split("\n")
            assert [line for line in lines if line.startswith("  File")] == lines[: len(wanted)] == wanted, leak.stack
            assert f"made by {leak.maker}:\n{wanted[0]}\n" in repr(leak), repr(leak)
            leak.close()
cardan.debug.set_stack_limit(0)

# Functions are called instead of ending the process; what is pending stays pending.
reports = []
cardan.debug.on_misuse(reports.append)
cardan.debug.on_invalid_handle(lambda: reports.append("handle"))
cardan.debug.on_invalid_builder(lambda: reports.append("builder"))
text = "some text that is kept"
assert m.use_after_close(text) == repr(text)
assert m.close_twice(text) is None and m.close_argument(text) is None and m.return_constant() is None
assert m.return_argument(text) == text
assert m.set_after_cancel(text) is None
thing = m.Thing()
thing.spoil()
gc.collect()  # What was never stored is not followed.
for function, *arguments in [
    (m.build_twice, text),
    (m.call_with_exception, list),
    (m.return_null,),
    (m.Thing().load,),
    (thing.load,),
    (thing.store, text),
    (m.load_spoiled_global,),
]:
    with contextlib.suppress(MemoryError, KeyError, SystemError):
        function(*arguments)
expected = (
    ["handle"] * 5
    + ["builder"] * 2
    + [
        "HPy_CallTupleDict was called while an exception is pending: KeyError('overlooked')",
        f"{FUNCTION} returned an object while an exception is pending: KeyError('overlooked')",
        f"{FUNCTION} returned HPy_NULL, which stands for an error, without an exception",
        "HPyField_Load was given a field that holds nothing; HPyField_IsNull tells",
        f"{FUNCTION} returned HPy_NULL, which stands for an error, without an exception",
        f"HPyField_Load{OF_THING}{SPOILED_FIELD}",
        f"{FUNCTION} returned HPy_NULL, which stands for an error, without an exception",
        f"HPyField_Store{OF_THING}{SPOILED_FIELD}",
        f"HPyGlobal_Load{SPOILED_GLOBAL}",
        f"{FUNCTION} returned HPy_NULL, which stands for an error, without an exception",
        f"HPyGlobal_Store{SPOILED_GLOBAL}",
    ]
)
assert thing.load() == text and m.store_spoiled_global(text) == text
print(*reports, sep="\n")
assert len(reports) == len(expected), reports
for found, pattern in zip(reports, expected):
    assert re.fullmatch(re.escape(pattern).replace("ADDRESS", ADDRESS), found), (found, pattern)
for setter in cardan.debug.on_misuse, cardan.debug.on_invalid_handle, cardan.debug.on_invalid_builder:
    setter(None)

print("checked", len(names), "mistakes")
