"""Handles themselves, and the objects that the context has."""

import builtins
import re
import subprocess
import sys
import types

import pytest


def test_constants(handles):
    found = handles.constants()
    expected = {f"h_{name}": value for name, value in vars(builtins).items() if f"h_{name}" in found}
    kinds = {
        "BaseObjectType": object, "TypeType": type, "BoolType": bool, "LongType": int, "FloatType": float,
        "UnicodeType": str, "TupleType": tuple, "ListType": list, "ComplexType": complex, "BytesType": bytes,
        "MemoryViewType": memoryview, "SliceType": slice, "DictType": dict, "SetType": set, "FrozenSetType": frozenset,
        "ByteArrayType": bytearray, "RangeType": range, "ModuleType": types.ModuleType,
    }  # fmt: skip
    expected.update({f"h_{name}": kind for name, kind in kinds.items()})
    capsule = found.pop("h_CapsuleType")
    assert capsule.__name__ == "PyCapsule"
    assert found.pop("h_Builtins")["len"] is len
    assert found.keys() == expected.keys()
    different = [name for name, value in found.items() if value is not expected[name]]
    assert not different


def test_handles_count(handles, same_count):
    thing = same_count(object())
    assert handles.HPy_Dup(thing) is thing
    assert handles.HPy_Close(thing) is thing
    for count in (0, 1, 100_000):
        assert handles.many_handles(thing, count) is (thing if count else None)


def test_null_handles(handles):
    assert handles.null_handles() == 1


@pytest.mark.parametrize("value", [None, True, 0, 1, "", "a", (), b"", int, 10**40], ids=repr)
def test_handles_of_what_lives_for_ever(handles, host, value):
    before = handles.HPy_Dup(value)
    for _ in range(50):
        after = handles.HPy_Close(before)
        # What Python hands to C as a str is another object there when it comes back, whatever the C code does.
        if host.name == "graalpy" and type(value) is str:
            assert (type(after), after) == (str, value)
        else:
            assert after is value


def test_identity_and_type(handles):
    thing = [1]
    assert handles.HPy_Is(thing, thing) == 1
    assert handles.HPy_Is(thing, [1]) == 0
    assert handles.HPy_Type(thing) is list
    assert handles.HPy_Type(True) is bool
    assert handles.HPy_TypeCheck(True, int) == 1
    assert handles.HPy_TypeCheck(1, bool) == 0

    class Liar:
        __class__ = int

    assert handles.HPy_TypeCheck(Liar(), int) == 0


def test_fields_of_the_context(handles, host):
    name, version, size = handles.context_fields()
    assert "debug" in name.lower() or not host.checks
    assert version in (0, 1)
    assert size >= handles.size_of_context()


def test_shortcuts_agree(handles, types_module):
    assert handles.traits(types_module.Countdown(3), ("first", 2, 3)) == 1


@pytest.fixture
def types_module(request):
    return request.getfixturevalue("types")


def test_dump(handles, capfd):
    handles._HPy_Dump("something to see")
    sys.stderr.flush()
    assert "something to see" in capfd.readouterr().err


def test_fatal_error(folder):
    program = (
        "import sys, importlib.machinery as m, importlib.util as u; name = 'cases_handles'; file = sys.argv[1];"
        "loader = m.ExtensionFileLoader(name, file);"
        "module = u.module_from_spec(u.spec_from_file_location(name, file, loader=loader));"
        "loader.exec_module(module); module.HPy_FatalError('the end of it')"
    )
    command = [sys.executable, "-c", program, f"{folder}/cases_handles.so"]
    result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert result.returncode != 0
    assert re.search("the end of it", result.stderr), result.stderr
