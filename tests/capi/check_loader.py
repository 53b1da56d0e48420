"""Imports the module `slow` from several threads at once, and reloads it. Run by the Python under test."""

from __future__ import annotations

import importlib
import sys
import threading

found = []


def work() -> None:
    import slow

    found.append((slow, hasattr(slow, "late")))


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
module = sys.modules["slow"]
assert found == [(module, True)] * 4, found

before = {name: value for name, value in vars(module).items() if name != "__cached__"}
module.added = "kept"
assert importlib.reload(module) is module is sys.modules["slow"]
assert module.added == "kept" and module.late == module.early == 1
assert module.__doc__ == "Takes its time." and module.__file__.endswith("slow.so"), (module.__doc__, module.__file__)
for name, value in before.items():
    if name not in ("__loader__", "__spec__"):
        assert vars(module)[name] == value, name
assert set(vars(module)) - set(before) - {"__cached__", "__builtins__"} == {"added"}, set(vars(module)) - set(before)
assert importlib.reload(module) is module and module.late == 1
print("checked")
