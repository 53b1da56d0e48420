"""Random calls against a model: python model.py MODULE CALLS [--debug]. Prints what was done, or what was wrong."""

import gc
import sys
import time

import cardan

# Where nothing is counted, an object with a destructor goes in the second collection.
ROUNDS = 4

# How many blocks the interpreter may keep for later, in its free lists: as many after a thousand times as many calls.
KEPT = 3000

# How often everything is let go and counted. A collection takes seconds on GraalPy.
PARTS = 3 if sys.implementation.name == "graalpy" else 20

# PyPy's collector does not look into objects of C types, so a cycle through one stays for good.
CYCLES = sys.implementation.name != "pypy"


def settle(model):
    """Lets everything go that nobody holds: how many objects of the module's type there still are."""
    for attempt in range(40):
        gc.collect()
        # A collector in a thread of its own needs a while.
        if attempt >= ROUNDS and model.live():
            time.sleep(0.1)
        elif attempt >= ROUNDS:
            break
    return model.live()


def blocks():
    """How many blocks of memory the interpreter has given out, 0 where it does not count."""
    count = getattr(sys, "getallocatedblocks", lambda: 0)
    return count() if sys.implementation.name == "cpython" else 0


def main():
    """Makes the calls in parts, each with a seed of its own, and compares what there is afterwards with before."""
    path, wanted, debug = sys.argv[1], int(sys.argv[2]), "--debug" in sys.argv
    model = cardan.load("model", path, debug=debug)
    part = max(wanted // PARTS, 1000)
    # What the interpreter keeps for later is there after the first parts.
    done = model.run(1, part, CYCLES) + model.run(2, part, CYCLES)
    settle(model)
    before, started, seed, most = blocks(), time.time(), 2, 0
    while done < wanted:
        seed += 1
        if debug:
            from cardan.debug import LeakDetector

            with LeakDetector():
                done += model.run(seed, part, CYCLES)
                settle(model)
        else:
            done += model.run(seed, part, CYCLES)
        most = max(most, settle(model))
    after = blocks()
    leaks = after - before
    if most:
        sys.exit(f"{most} objects of the module's type were left over")
    if leaks > KEPT:
        sys.exit(f"{leaks} blocks of memory more than before {done} calls")
    print(f"{done} calls, {seed} seeds, {leaks:+d} blocks, {time.time() - started:.1f} s")


main()
