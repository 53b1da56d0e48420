"""Children of a process that was copied while threads were in the middle of something: a lock that was held is open there, and
destructors that other threads were in are not waited for.

The argument is a folder with the module `kept`.
"""

import gc
import os
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])

if not hasattr(os, "fork") or sys.implementation.name == "graalpy":
    print("skipped: this Python cannot copy its process")
    sys.exit()

import kept  # noqa: E402

# Where objects go at once. Elsewhere they go when the collector has looked at all there are, which takes its time.
COUNTS = sys.implementation.name == "cpython"
kept.store("outside")
over = threading.Event()


class Slow:
    """An object whose destructor lets other threads run, in the middle of that of what holds it."""

    def __del__(self):
        time.sleep(0.001)


def chain(length, last=None):
    link = kept.Link(last)
    for _ in range(length):
        link = kept.Link(link)
    return link


def work(number):
    # Each in an own thread: a global is stored and loaded, chains of objects go.
    while not over.is_set():
        kept.store(number)
        kept.load()
        chain(300, Slow())
        if not COUNTS:
            time.sleep(0.05)


def child():
    """What a child checks: 0 if all is well."""
    before = kept.count()
    for _ in range(20 if COUNTS else 1):
        chain(2000)
        gc.collect()
    kept.store("inside")
    is_well = kept.load() == "inside" and (not COUNTS or kept.count() <= before)
    return 0 if is_well else 1


threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
try:
    for _ in range(30 if COUNTS else 5):
        process = os.fork()
        if process == 0:
            os._exit(child())
        deadline = time.monotonic() + 60
        while True:
            found, status = os.waitpid(process, os.WNOHANG)
            if found:
                break
            if time.monotonic() > deadline:
                os.kill(process, 9)
                os.waitpid(process, 0)
                raise AssertionError("a child hangs")
            time.sleep(0.001)
        assert status == 0, status
finally:
    over.set()
    for thread in threads:
        thread.join()
kept.store("outside")
assert kept.load() == "outside"
gc.collect()
print("checked")
