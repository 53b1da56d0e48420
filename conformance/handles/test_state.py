"""Modules: state, what is found from a type, several interpreters, the GIL."""

import gc
import subprocess
import sys
import textwrap

import pytest
from conftest import load


def test_state(folder, host):
    first, second = load(folder, "cases_state"), load(folder, "cases_state")
    assert first is not second
    assert (first.at_import, second.at_import) == (101, 101)
    assert first.HPyModule_GetState() == 101
    assert first.HPyModule_GetState() == 102
    assert second.HPyModule_GetState() == 101
    assert first.__doc__ == "Cases with state."


def test_objects_in_state(folder, same_count):
    module, value = load(folder, "cases_state"), same_count(object())
    assert module.kept() is ...
    module.keep(value)
    assert module.kept() is value
    module.keep(5)


def test_end_of_state(folder, state, host):
    if host.free_threaded and sys.version_info < (3, 14):
        pytest.skip("this Python keeps modules for good once there are threads")
    module = load(folder, "cases_state")
    before = state.states_freed()
    # A cycle through the state, which only the collector can see.
    module.keep([module])
    del module
    for _ in range(host.collections):
        gc.collect()
        if state.states_freed() > before:
            break
    assert state.states_freed() > before or host.name != "cpython"


def test_modules_of_types(folder, state):
    assert state.HPyType_GetModule(state.Member) is state
    assert state.HPyModule_FindByDef(state.Member) is state
    state.HPyModule_GetState()
    count = state.Member().count()
    assert state.HPyType_GetModuleState(state.Member) == count

    class Derived(state.Member):
        pass

    assert Derived().count() == count
    assert state.HPyModule_FindByDef(Derived) is state
    other = load(folder, "cases_state")
    assert other.Member().count() == 100
    assert other.HPyModule_FindByDef(other.Member) is other
    for function in (state.HPyType_GetModule, state.HPyType_GetModuleState, state.HPyModule_FindByDef):
        with pytest.raises(TypeError):
            function(int)


def test_adding_types(state):
    made = state.HPyModule_AddType(state.Member)
    assert state.Added is made
    assert made.__name__ == "Added"
    assert made.__mro__[1] is state.Member
    assert state.HPyType_GetModule(made) is state
    with pytest.raises(TypeError):
        state.HPyModule_AddType(bool)


def test_gil(state, threads, host):
    assert state.HPyModule_SetGIL(1) == 0
    if host.free_threaded:
        assert sys._is_gil_enabled() is False


def test_globals(state, same_count):
    value = same_count(object())
    assert state.load_global() is ...
    state.store_global(value)
    assert state.load_global() is value
    state.store_global(...)
    assert state.load_global() is ...


def interpreters():
    """A function that runs code in a new interpreter, or None where there is none that a program can make."""
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            module = __import__(name)
        except ImportError:
            continue

        def run(code, module=module):
            number = module.create()
            try:
                failure = module.run_string(number, code)
                assert failure is None, failure
            finally:
                module.destroy(number)

        return run
    return None


def test_several_interpreters(folder, state, interpreter):
    run = interpreters()
    if run is None:
        pytest.skip("this Python can make no other interpreter")
    state.store_global("outside")
    counted = state.HPyModule_GetState()
    code = f"""
        import importlib.machinery, importlib.util
        def load(name):
            file = {str(folder)!r} + "/" + name + ".so"
            loader = importlib.machinery.ExtensionFileLoader(name, file)
            module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, file, loader=loader))
            loader.exec_module(module)
            return module
        state = load("cases_state")
        assert state.HPyModule_GetState() == 101
        assert state.Member().count() == 101
        assert state.load_global() is ...
        state.store_global("inside")
        assert state.load_global() == "inside"
        state.store_global(...)
    """
    for _ in range(3):
        run(textwrap.dedent(code))
    assert state.load_global() == "outside"
    assert state.HPyModule_GetState() == counted + 1
    state.store_global(...)


CREATED = """
import importlib.machinery, importlib.util, sys
name, file = "cases_created", sys.argv[1]
loader = importlib.machinery.ExtensionFileLoader(name, file)
made = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, file, loader=loader))
print(type(made).__name__, made.made_for)
"""


def test_created(folder):
    """In a process of its own: Python without a GIL turns it on for what is imported and is no module."""
    command = [sys.executable, "-c", CREATED, f"{folder}/cases_created.so"]
    result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stdout) == (0, "SimpleNamespace cases_created\n"), result.stderr
