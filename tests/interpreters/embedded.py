# Run by `embed.c` in each interpreter; the folder with the module is in PYTHONPATH.
import builtins

import kept

assert kept.builtins() is builtins.__dict__
assert kept.load() is ..., kept.load()
value = [kept.Link()]
kept.store(value)
chain = None
for _ in range(1000):
    chain = kept.Link(chain)
del chain
seen = []


def check_again():
    """Whether what this interpreter has is what it had."""
    assert kept.builtins() is builtins.__dict__
    assert kept.load() is value
    called = []
    kept.store(lambda: called.append(kept.builtins() is builtins.__dict__))
    assert kept.call_in_thread()
    assert called == [True]
    kept.store(value)


check_again()
kept.visit()
