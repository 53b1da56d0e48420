"""Calls one hook of a build back end (PEP 517).

Reads the call as JSON from the file named first, writes the hook's result as JSON to the file named second. The
current folder is the source tree.
"""

import importlib
import json
import os
import sys


def _backend(name: str, folders: list[str]) -> object:
    # A folder on this path takes precedence over everything installed, as the standard asks.
    sys.path[:0] = [os.path.abspath(folder) for folder in folders]
    module, _, attributes = name.partition(":")
    backend = importlib.import_module(module)
    for attribute in filter(None, attributes.split(".")):
        backend = getattr(backend, attribute)
    return backend


def main(call_file: str, result_file: str) -> None:
    with open(call_file, encoding="utf-8") as file:
        call = json.load(file)
    backend = _backend(call["backend"], call["backend_path"])
    hook = getattr(backend, call["hook"], None)
    if hook is None and "default" in call:
        result = call["default"]
    elif hook is None:
        sys.exit(f"the build back end {call['backend']} has no hook {call['hook']}")
    else:
        result = hook(*call["arguments"])
    with open(result_file, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    # The script's own folder has nothing that a back end should find.
    del sys.path[0]
    main(*sys.argv[1:])
