"""One interpreter's objects are no other's: several at a time, one after the other, and with threads of C's.

Arguments: a folder with the module `kept`, and what to check. Prints `checked`, or `skipped` with the reason.
"""

import gc
import sys
import textwrap
import threading
import time

FOLDER, WHAT = sys.argv[1:3]
MANY = 100
sys.path.insert(0, FOLDER)


def made_by_this_python():
    """The module that makes interpreters, or None."""
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            return __import__(name)
        except ImportError:
            pass
    return None


native = made_by_this_python()
if native is None:
    print("skipped: this Python can make no other interpreter")
    sys.exit()


def create(isolated):
    """A new interpreter, with a GIL of its own where there is such a thing."""
    try:
        return native.create("isolated" if isolated else "legacy")
    except (TypeError, ValueError):
        return native.create(isolated=isolated)


def run(interpreter, code):
    """Runs code in an interpreter. What it raises is raised here."""
    code = f"import sys\nsys.path.insert(0, {FOLDER!r})\n" + textwrap.dedent(code)
    failure = native.run_string(interpreter, code)
    assert failure is None, failure


INSIDE = """
    import builtins, gc, kept
    assert kept.builtins() is builtins.__dict__
    assert kept.load() is ..., kept.load()
    kept.store("inside")
    assert kept.load() == "inside"
    kept.store([kept.Link()])
    chain = None
    for _ in range(1000):
        chain = kept.Link(chain)
    del chain
"""


def destroy(interpreter):
    """Ends an interpreter. Some refuse as long as a thread of C's is just in."""
    for _ in range(1000):
        try:
            return native.destroy(interpreter)
        except RuntimeError as refusal:
            if "more than one thread" not in str(refusal):
                raise
        time.sleep(0.001)
    raise AssertionError("a thread stays in the interpreter")


def in_one(isolated, code=INSIDE):
    interpreter = create(isolated)
    try:
        run(interpreter, code)
    finally:
        destroy(interpreter)


def check_main_first():
    import builtins

    import kept

    kept.store("outside")
    for number in range(MANY):
        in_one(number % 2 == 0)
        assert kept.builtins() is builtins.__dict__
        assert kept.load() == "outside"
        assert "leak" not in vars(builtins)
    in_one(True, "import kept; kept.builtins()['leak'] = []")
    assert "leak" not in vars(builtins)
    assert kept.load() == "outside"
    # What the globals of those interpreters held went with them.
    gc.collect()
    assert kept.count() == 0, kept.count()


def check_main_last():
    for number in range(MANY):
        in_one(number % 2 == 0)
    filler = [bytes(100) for _ in range(100_000)]
    import builtins

    import kept

    assert kept.builtins() is builtins.__dict__
    assert kept.load() is ...
    kept.store("outside")
    in_one(True)
    assert kept.load() == "outside"
    assert len(filler) == 100_000


def check_several_at_a_time():
    import builtins

    import kept

    kept.store("outside")
    interpreters = [create(number % 2 == 0) for number in range(6)]
    for _ in range(3):
        for number, interpreter in enumerate(interpreters):
            run(
                interpreter,
                f"""
                import builtins, kept
                assert kept.builtins() is builtins.__dict__
                assert kept.load() in (..., {number})
                kept.store({number})
                """,
            )
            assert kept.load() == "outside"
    for interpreter in interpreters[::2]:
        destroy(interpreter)
    for number, interpreter in enumerate(interpreters):
        if number % 2:
            run(interpreter, f"assert kept.load() == {number}\nassert kept.builtins() is builtins.__dict__")
    for interpreter in interpreters[1::2]:
        destroy(interpreter)
    assert kept.load() == "outside"
    assert kept.builtins() is builtins.__dict__


def check_in_threads():
    import builtins

    import kept

    kept.store("outside")
    failures = []

    def work():
        try:
            for _ in range(MANY // 10):
                in_one(True)
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert kept.builtins() is builtins.__dict__
        assert kept.load() == "outside"
        time.sleep(0)
    assert not failures, failures


def check_threads_of_c():
    import kept

    # A thread comes into the interpreter whose function gave it the context, not into the main one.
    seen = []
    kept.store(lambda: seen.append(threading.current_thread()))
    assert kept.call_in_thread() and len(seen) == 1
    for number in range(10):
        in_one(
            number % 2 == 0,
            """
            import builtins, kept
            seen = []
            kept.store(lambda: seen.append(kept.builtins() is builtins.__dict__))
            for _ in range(5):
                assert kept.call_in_thread()
            assert seen == [True] * 5, seen
            """,
        )
        assert kept.call_in_thread() and len(seen) == number + 2
    # One that outlives its interpreter is refused.
    before = kept.refusals()
    for number in range(10):
        in_one(number % 2 == 0, "import kept, time\nkept.visit()\nkept.visit()\ntime.sleep(0.01)")
    for _ in range(1000):
        if kept.refusals() == before + 20:
            break
        time.sleep(0.01)
    assert kept.refusals() == before + 20


def check_debug():
    import kept
    from cardan import debug

    said = []
    debug.on_invalid_handle(lambda: said.append("main"))
    generation = debug.new_generation()
    kept.leak("main")
    own = debug.open_handles(generation)
    assert [handle.obj for handle in own] == ["main"]
    for number in range(20):
        in_one(
            number % 2 == 0,
            f"""
            import kept
            from cardan import debug
            generation = debug.new_generation()
            assert debug.open_handles(0) == []
            try:
                debug.DebugHandle({own[0].id}).obj
            except ValueError:
                pass
            else:
                assert False, "a handle of another interpreter was looked into"
            kept.leak("inside")
            assert [handle.obj for handle in debug.open_handles(generation)] == ["inside"]
            said = []
            debug.on_invalid_handle(lambda: said.append("inside"))
            kept.close_twice("twice")
            assert said == ["inside"]
            """,
        )
        assert [handle.obj for handle in debug.open_handles(generation)] == ["main"]
    assert said == []
    kept.close_twice("twice")
    assert said == ["main"]


def check_trace():
    import kept
    from cardan import trace

    entered = []
    trace.set_functions(on_enter=entered.append)
    for number in range(20):
        in_one(
            number % 2 == 0,
            """
            import builtins, kept
            from cardan import trace
            entered = []
            trace.set_functions(on_enter=entered.append)
            assert kept.builtins() is builtins.__dict__
            assert entered == ["ctx_Dup"], entered
            """,
        )
    kept.load()
    assert set(entered) <= {"ctx_Dup", "ctx_Global_Load"}, entered
    trace.set_functions()


globals()[f"check_{WHAT}"]()
print("checked")
