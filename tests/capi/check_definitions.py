"""Holds what comes back from the interpreter to what the author of a module handed over: definitions, functions, pointers.

Run by the Python under test, with the modules `definitions` and `another_definition` importable.
"""

from __future__ import annotations

import os
import sys
import types

from expect import GRAALPY, PYPY, load, main, true

load("definitions", "another_definition")

import another_definition  # noqa: E402 - after the harness has found it
import definitions  # noqa: E402


def equal(found: object, expected: object, what: str) -> None:
    true(found == expected, f"{what}: expected {expected!r}, found {found!r}")


def modules() -> None:
    true(definitions.created(), "the create slot does not get the author's definition")
    true(definitions.is_own_definition(definitions), "the definition of the module is not the author's")
    equal(definitions.definition_of(definitions), ("definitions", "A module with a create slot.", 9), "own definition")
    equal(definitions.found_by_definition(definitions), None, "a module with slots is not registered")
    true(definitions.state_is_kept(), "the state of the module is another one")
    made, is_found, is_found_by_object = definitions.make_in_one_phase()
    # GraalPy's own PyState_FindModule finds only what was imported.
    true(is_found or GRAALPY, "a module that was registered for a definition is not found")
    true(is_found_by_object, "the object that PyModuleDef_Init gives finds another module")
    true(definitions.is_own_definition(made), "the definition of a module made in one phase is not the author's")
    equal(definitions.definition_of(made), ("in_one_phase", "A module without slots.", 0), "definition in one phase")


def modules_of_others() -> None:
    true(not definitions.is_own_definition(another_definition), "the definition of another file's module is this one's")
    told = definitions.definition_of(another_definition)
    equal(told, ("another_definition", "Of another file.", 2), "definition of another file")
    equal(definitions.definition_of(types.ModuleType("plain")), None, "a module without a definition")
    for name in ["_struct", "math", "time", "_io", "builtins"]:
        module = __import__(name)
        told = definitions.definition_of(module)
        true(told is None or told[0].strip("_") == name.strip("_"), f"the definition of {name} says {told}")
        found = definitions.found_by_definition(module)
        true(found is None or found is module, f"{found} is registered for the definition of {name}")


def slots() -> None:
    for number, same in definitions.slots_are_own(definitions.Thing).items():
        true(same, f"PyType_GetSlot({number}) does not give what the author put there")

    class Derived(definitions.Thing):
        pass

    # PyPy's and GraalPy's own types hold other functions; CPython 3.9 has an answer for types of C only where it can be read.
    asks_for_object = not (PYPY or GRAALPY or os.environ.get("CARDAN_HOST") == "generic" and sys.version_info < (3, 10))
    for kind in [Derived, definitions.Thing, *[object] * asks_for_object]:
        equal(definitions.inherits(kind), (1, 1, 1), f"functions of the C API in the slots of {kind}")


def functions() -> None:
    # GraalPy's own PyCFunction_GetFunction gives the first function of the array.
    equal(definitions.functions_are_own(definitions.Thing), (int(not GRAALPY), 1), "a function, the parts of a capsule")
    equal(definitions.Thing().property, "closure", "the closure of a property")
    equal(definitions.Thing[int].__args__, (int,), "a function of the C API as a method")
    equal((repr(definitions.Thing()), str(definitions.Thing())), ("<own>", "<own>"), "functions in slots")


GROUPS = [modules, modules_of_others, slots, functions]

if __name__ == "__main__":
    main(GROUPS)
