"""Capsules, context variables, code, imports, `sys`, memory, the collector, globals, the interpreter."""

import contextvars
import gc
import sys
import threading
import types

import pytest


def test_capsules(interpreter, host):
    capsule = interpreter.HPyCapsule_New(0)
    assert interpreter.HPyCapsule_Get(capsule, "cases_interpreter.content") == 42
    assert interpreter.name_of_capsule(capsule) == "cases_interpreter.content"
    assert interpreter.HPyCapsule_IsValid(capsule, "cases_interpreter.content") == 1
    assert interpreter.HPyCapsule_IsValid(capsule, "other") == 0
    assert interpreter.HPyCapsule_IsValid(5, "other") == 0
    with pytest.raises(ValueError):
        interpreter.HPyCapsule_Get(capsule, "other")
    with pytest.raises(ValueError):
        interpreter.HPyCapsule_Get(5, "other")
    unnamed = interpreter.HPyCapsule_New(...)
    assert interpreter.name_of_capsule(unnamed) is None
    assert interpreter.HPyCapsule_Get(unnamed, ...) == 42
    with pytest.raises(ValueError):
        interpreter.HPyCapsule_New_of_null()
    before = interpreter.destroyed_capsules()
    del capsule, unnamed
    host.collect()
    assert interpreter.destroyed_capsules() == before + 2 or host.name == "graalpy"
    changed = interpreter.HPyCapsule_New(0)
    assert interpreter.HPyCapsule_Set(changed) == 1
    assert interpreter.HPyCapsule_Get(changed, "other") == 43
    before = interpreter.destroyed_capsules()
    del changed
    host.collect()
    assert interpreter.destroyed_capsules() == before


def test_capsules_of_modules(interpreter, monkeypatch):
    monkeypatch.setitem(sys.modules, "cases_interpreter", interpreter)
    interpreter.content = interpreter.HPyCapsule_New(0)
    assert interpreter.HPyCapsule_Import("cases_interpreter.content") == 42
    with pytest.raises((AttributeError, ImportError)):
        interpreter.HPyCapsule_Import("cases_interpreter.missing")
    with pytest.raises(ImportError):
        interpreter.HPyCapsule_Import("no_such_module_of_the_suite.content")
    del interpreter.content


def test_context_variables(interpreter):
    variable = interpreter.HPyContextVar_New("variable", "default")
    assert type(variable) is contextvars.ContextVar
    assert interpreter.HPyContextVar_Get(variable, ...) == (0, "default")
    token = interpreter.HPyContextVar_Set(variable, 5)
    assert interpreter.HPyContextVar_Get(variable, ...)[1] == 5
    assert interpreter.HPyContextVar_Reset(variable, token) == 0
    assert interpreter.HPyContextVar_Get(variable, ...)[1] == "default"
    with pytest.raises((RuntimeError, ValueError)):
        interpreter.HPyContextVar_Reset(variable, token)
    bare = interpreter.HPyContextVar_New("bare", ...)
    assert interpreter.HPyContextVar_Get(bare, ...)[1] is ...
    assert interpreter.HPyContextVar_Get(bare, "given")[1] == "given"
    for call in (
        lambda: interpreter.HPyContextVar_Get(5, ...),
        lambda: interpreter.HPyContextVar_Set(5, 5),
        lambda: interpreter.HPyContextVar_Reset(5, token),
    ):
        with pytest.raises((TypeError, AttributeError)):
            call()


def test_code(interpreter):
    code = interpreter.HPy_Compile_s("a + 1", "file.py", 0)
    assert type(code) is types.CodeType
    assert interpreter.HPy_EvalCode(code, {"a": 4}, {}) == 5
    names = {}
    assert interpreter.HPy_EvalCode(interpreter.HPy_Compile_s("b = 7", "file.py", 1), names, names) is None
    assert names["b"] == 7
    assert interpreter.HPy_EvalCode(interpreter.HPy_Compile_s("c = 8", "file.py", 2), names, names) is None
    assert names["c"] == 8
    with pytest.raises(SyntaxError):
        interpreter.HPy_Compile_s("a +", "file.py", 0)
    with pytest.raises(SystemError):
        interpreter.HPy_Compile_s("a", "file.py", 9)
    with pytest.raises(NameError):
        interpreter.HPy_EvalCode(code, {}, {})


def test_imports(interpreter):
    import collections.abc

    assert interpreter.HPyImport_ImportModule("collections.abc") is collections.abc
    assert interpreter.HPyImport_Import("collections.abc") is collections.abc
    for function in (interpreter.HPyImport_ImportModule, interpreter.HPyImport_Import):
        with pytest.raises(ImportError):
            function("no_such_module_of_the_suite")
    assert interpreter.HPySys_GetOptionalAttr("path") == (1, sys.path)
    assert interpreter.HPySys_GetOptionalAttr("no_such_attribute") == (0, ...)


def test_memory(interpreter):
    for size in (0, 1, 7, 1000, 10**6):
        assert interpreter.HPyMem_Malloc(size) == 1
        assert interpreter.HPyMem_RawMalloc(size) == 1


def test_collector(interpreter):
    assert interpreter.HPyGC_Collect() >= 0
    assert interpreter.HPyGC_IsEnabled() == int(gc.isenabled())
    was = interpreter.HPyGC_Disable()
    assert interpreter.HPyGC_IsEnabled() == 0
    assert interpreter.HPyGC_Disable() == 0
    assert interpreter.HPyGC_Enable() == 0
    assert interpreter.HPyGC_IsEnabled() == 1
    assert interpreter.HPyGC_Enable() == 1
    if not was:
        gc.disable()


def test_globals(interpreter, same_count):
    assert interpreter.HPyGlobal_Load() is ...
    thing = same_count(object())
    assert interpreter.HPyGlobal_Store(thing) is None
    assert interpreter.HPyGlobal_Load() is thing
    assert interpreter.HPyGlobal_Store(5) is None
    assert interpreter.HPyGlobal_Load() == 5
    assert interpreter.HPyGlobal_Store(...) is None
    assert interpreter.HPyGlobal_Load() is ...


def test_names_of_types(interpreter):
    class Inner:
        pass

    assert interpreter.HPyType_GetName(int) == "int"
    assert interpreter.HPyType_GetName(Inner) == "Inner"
    renamed = type("".join(["Be", "fore"]), (), {})
    assert interpreter.renamed_type(renamed, "After") == "Before"
    assert interpreter.HPyType_GetName(renamed) == "After"
    assert interpreter.HPyType_GetQualName(Inner) == "test_names_of_types.<locals>.Inner"
    basetype = 1 << 10
    assert interpreter.HPyType_GetFlags(int) & basetype
    assert not interpreter.HPyType_GetFlags(bool) & basetype


def test_where_it_runs(interpreter):
    assert interpreter.HPyInterpreter_GetID() == 0
    assert interpreter.HPy_IsFinalizing() == 0


def test_critical_sections(interpreter, same_count):
    first, second = same_count([0]), same_count([0])
    assert interpreter.HPyCriticalSection_Begin(first, lambda: 5) == 5
    assert interpreter.HPyCriticalSection_Begin2(first, second, lambda: 6) == 6
    assert interpreter.HPyCriticalSection_Begin2(first, first, lambda: 7) == 7
    nested = interpreter.HPyCriticalSection_Begin(
        first, lambda: interpreter.HPyCriticalSection_Begin(second, lambda: 8)
    )
    assert nested == 8
    with pytest.raises(ZeroDivisionError):
        interpreter.HPyCriticalSection_Begin(first, lambda: 1 / 0)
    times = 20_000
    threads = [threading.Thread(target=interpreter.count_under_lock, args=(second, times)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert interpreter.counted_under_lock() == 4 * times
    del threads, thread
