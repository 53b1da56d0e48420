"""Measures growth inside one Python: python growth.py PATH [NATIVE]. Prints JSON.

`handles`: nanoseconds for each handle when so many are open at once. `modules`: milliseconds for a module when so many are
loaded in one process, and in `native` the same for a module in C. `threads`: how much more work two threads get done
than one in the same time, and how much more processor time a piece of it takes them; `python` the same for code in Python.
"""

import gc
import importlib.machinery
import importlib.util
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time

HANDLES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
MODULES = [1, 10, 100]


def load(path, name="growth"):
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def handles(module):
    result = {}
    target = object()
    for count in HANDLES:
        repeats = max(3, 200_000 // count)
        best = None
        for _ in range(5):
            start = time.perf_counter_ns()
            for _ in range(repeats):
                module.hold(target, count)
            took = (time.perf_counter_ns() - start) / (repeats * count)
            best = took if best is None else min(best, took)
        result[count] = best
    return result


def modules(path, name="growth"):
    """The median of so many modules. Each is a file of its own, so a library of its own to the system."""
    result, loaded = {}, []
    gc.disable()
    with tempfile.TemporaryDirectory(prefix="cardan-growth-") as folder:
        for count in MODULES:
            fresh = [os.path.join(folder, f"{name}_{count}_{index}.so") for index in range(max(count, 10))]
            for file in fresh:
                shutil.copyfile(path, file)
            times = []
            for file in fresh:
                start = time.perf_counter_ns()
                loaded.append(load(file, name))
                times.append((time.perf_counter_ns() - start) / 1e6)
            result[count] = min(times) if count == 1 else statistics.median(times)
            # All of them work, the first as well as the last.
            for module in loaded:
                module.work(1) if name == "growth" else module.noargs()
    gc.enable()
    return result


def in_python(count):
    """What `work` of the module does, in Python: what two threads can get done at all on this machine."""
    for index in range(count):
        (1000 + index,)


def threads(work, count):
    def once(number):
        workers = [threading.Thread(target=work, args=(count,)) for _ in range(number)]
        wall, processor = time.perf_counter_ns(), time.process_time_ns()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        wall, processor = time.perf_counter_ns() - wall, time.process_time_ns() - processor
        return number * count / wall, processor / (number * count)

    one, two = [once(1) for _ in range(12)], [once(2) for _ in range(12)]
    most = [max(speed for speed, _ in turns) for turns in (one, two)]
    least = [min(cost for _, cost in turns) for turns in (one, two)]
    return {"work": most[1] / most[0], "processor": least[1] / least[0]}


def main():
    module = load(sys.argv[1])
    result = {"handles": handles(module), "threads": threads(module.work, 300_000), "modules": modules(sys.argv[1])}
    result["python"] = threads(in_python, 300_000)
    result["native"] = modules(sys.argv[2], "native") if len(sys.argv) > 2 else {}
    result["gil"] = getattr(sys, "_is_gil_enabled", lambda: True)()
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
