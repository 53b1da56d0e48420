"""Each entry of the context and each slot has a case. Needs spec/handles, which lies beside this folder in the repository."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SPEC = HERE.parents[1] / "spec" / "handles"


def names(file, table):
    """The names of a table: `[function.HPy_Add]`."""
    return re.findall(rf"^\[{table}\.(\w+)\]", (SPEC / file).read_text(), re.MULTILINE)


def sources():
    """The text of all modules."""
    return "\n".join(file.read_text() for file in sorted((HERE / "modules").glob("*.[ch]")))


def text_of_tests():
    """The text of all tests."""
    return "\n".join(file.read_text() for file in sorted(HERE.glob("test_*.py")))


# The trampolines of the modules call it.
BY_ITSELF = {"_HPy_CallRealFunctionFromTrampoline"}


@pytest.fixture(autouse=True)
def spec():
    if not SPEC.is_dir():
        pytest.skip("the specification is not here")


@pytest.mark.parametrize(
    ("file", "table", "fewest"),
    [
        ("context.toml", "function", 357),
        ("context.toml", "handle", 84),
        ("context.toml", "field", 4),
        ("slots.toml", "slot", 74),
    ],
)
def test_everything_has_a_case(file, table, fewest):
    found = names(file, table)
    assert len(found) >= fewest
    text = sources()
    words = set(re.findall(r"\w+", text))
    missing = []
    for name in found:
        spellings = {name}
        if table == "slot":
            spellings.add(name.removeprefix("HPy_") if hasattr(str, "removeprefix") else name[4:])
            spellings.add({"HPy_mod_gil": "HPyDef_MOD_GIL"}.get(name, name))
            spellings.add({"HPy_mod_multiple_interpreters": "HPyDef_MOD_MULTIPLE_INTERPRETERS"}.get(name, name))
        if table == "field":
            spellings |= {"traits": {"direct", "count_width"}, "data_offset": {"data_offset"}}.get(name, set())
        builder = re.fullmatch(r"HPy(List|Tuple)(Builder_\w+)", name)
        if builder:
            spellings.add(f"HPy##KIND##{builder[2]}")
        if name not in BY_ITSELF and not any(spelling in words or f"{spelling}(" in text for spelling in spellings):
            missing.append(name)
    assert not missing, f"no case for {', '.join(missing)}"


def test_every_case_is_used():
    """A function of a module that no test calls shows nothing."""
    text = text_of_tests()
    defined = set(re.findall(r"X\((?:OWN|[HNRVT][0-9TNH]*), (\w+)\)", sources()))
    assert len(defined) > 300
    unused = sorted(name for name in defined if not re.search(rf"\b{name}\b", text))
    assert not unused, f"no test calls {', '.join(unused)}"
