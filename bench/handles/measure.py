"""Times the subjects inside one Python: python measure.py ROUNDS MODULE=PATH [MODULE=PATH]...

MODULE is `native` or `subjects`; `hpy:subjects` loads through HPy's own runtime, `debug:subjects` in Cardan's debug mode. The
modules take turns within each round, so that what else the machine does falls on all. Prints JSON: for each module and
subject the least time of one execution in nanoseconds; in `errors`, by module, why one could not be loaded.
"""

import gc
import importlib.machinery
import importlib.util
import json
import sys
import time

# The name, what is executed once before, and what is timed. `m` is the module, `i` counts up.
SUBJECTS = [
    ("module: noargs", "f = m.noargs", "f()"),
    ("module: onearg(None)", "f = m.onearg", "f(None)"),
    ("module: onearg(int)", "f = m.onearg", "f(i)"),
    ("module: varargs", "f = m.varargs", "f(None, None)"),
    ("module: call with tuple", "f = m.call_with_tuple; g = lambda a, b: a; t = (1, 2)", "f(g, t)"),
    (
        "module: call with tuple and dict",
        "f = m.call_with_tuple_and_dict; g = lambda a, b: a; t = (1,); d = {'b': 2}",
        "f(g, t, d)",
    ),
    ("module: allocate int", "f = m.allocate_int", "f()"),
    ("module: allocate tuple", "f = m.allocate_tuple", "f()"),
]
for kind, name in (("type", "Foo"), ("heap type", "HTFoo")):
    SUBJECTS += [
        (kind + ": allocate, survive", f"C = m.{name}; keep = [None] * n", "keep[i] = C()"),
        (kind + ": allocate, die", f"C = m.{name}", "C()"),
        (kind + ": method lookup", f"o = m.{name}()", "o.noargs"),
        (kind + ": noargs", f"o = m.{name}()", "o.noargs()"),
        (kind + ": onearg(None)", f"o = m.{name}()", "o.onearg(None)"),
        (kind + ": onearg(int)", f"o = m.{name}()", "o.onearg(i)"),
        (kind + ": varargs", f"o = m.{name}()", "o.varargs(None, None)"),
        (kind + ": len", f"o = m.{name}()", "len(o)"),
        (kind + ": getitem", f"o = m.{name}()", "o[0]"),
    ]

TEMPLATE = """
def run(m, n, clock):
    {setup}
    start = clock()
    for i in range(n):
        {statement}
    return clock() - start
"""

# The shortest time that a clock measures well, in nanoseconds.
LEAST = 1_000_000


def load(argument):
    kind, _, path = argument.partition("=")
    how, _, name = kind.rpartition(":")
    spec = importlib.util.spec_from_file_location(
        name, path, loader=importlib.machinery.ExtensionFileLoader(name, path)
    )
    if how == "hpy":
        import hpy.universal

        return kind, hpy.universal.load(name, path, spec)
    if how == "debug":
        import cardan

        return kind, cardan.load(name, path, debug=True)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return kind, module


def main():
    rounds, modules, errors = int(sys.argv[1]), [], {}
    for argument in sys.argv[2:]:
        try:
            modules.append(load(argument))
        except Exception as error:
            errors[argument.partition("=")[0]] = f"{type(error).__name__}: {error}"
    clock = time.perf_counter_ns
    result = {kind: {} for kind, _ in modules}
    timed = []
    for name, setup, statement in SUBJECTS:
        # The same for all: how much memory is in use decides how long an allocation takes.
        count, runs = 64, []
        for kind, module in modules:
            # Each module has code of its own, since interpreters fit code to what they see.
            scope = {}
            exec(TEMPLATE.format(setup=setup, statement=statement), scope)
            run = scope["run"]
            # A first run also gives a compiler at run time what it needs.
            while run(module, count, clock) < LEAST and not kind.startswith("debug:"):
                count *= 2
            runs.append((kind, module, run))
        timed.append((name, runs, count))
    # Where memory is given back by counting, there is nothing to collect; elsewhere it has to be.
    counting = sys.implementation.name == "cpython"
    if counting:
        gc.disable()
    # Each subject has its turns spread over the whole time, so that what else the machine does for a while spoils few.
    for turn in range(rounds):
        gc.collect()
        for name, runs, count in timed:
            for kind, module, run in runs if turn % 2 == 0 else runs[::-1]:
                # The debug mode is so much slower that it need not be measured as exactly.
                if not kind.startswith("debug:") or turn == 0:
                    took = run(module, count, clock) / count
                    result[kind][name] = min(took, result[kind].get(name, took))
    json.dump({"times": result, "errors": errors}, sys.stdout)


if __name__ == "__main__":
    main()
