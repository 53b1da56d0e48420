"""The files that `cargo xtask demo` built of real packages: whole in themselves, as `cardan check` says too."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from test_packages import CATALOGUE, DEMO, demonstrate

LIBC = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-x86-64.so.2"}
CPP = {"libstdc++.so.6", "libgcc_s.so.1"}
PACKAGES = list(CATALOGUE["packages"])


@pytest.fixture(scope="session")
def wheel(cardan):
    """The wheel of a package, built if test_packages.py did not build it before."""

    def wheel(package: str) -> Path:
        found = list((DEMO / "wheels" / package).glob("*.whl"))
        if not found:
            demonstrate((package,), "known-layouts")
            found = list((DEMO / "wheels" / package).glob("*.whl"))
        assert len(found) == 1, found
        return found[0]

    return wheel


def symbols(module: Path, *options: str) -> list[str]:
    """The dynamic symbols of a module, as nm sees them: a tool that shares no code with this project."""
    command = ["nm", "--dynamic", "--format=just-symbols", *options, module]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def needed(module: Path) -> list[str]:
    command = ["readelf", "--dynamic", "--wide", module]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.partition("[")[2].rstrip("]") for line in lines if "(NEEDED)" in line]


def expected_exports(path: Path, name: str) -> list[str]:
    """What a module shows: its entry point, and if it is one for handles what loads it with another context."""
    if f"HPyInit_{name}" not in symbols(path, "--defined-only"):
        return [f"PyInit_{name}"]
    required = [f"get_required_hpy_{what}_{name}" for what in ("context_size", "major_version", "minor_version")]
    return sorted([f"HPyInitGlobalContext_{name}", f"HPyInit_{name}", f"PyInit_{name}", *required])


@pytest.mark.parametrize("package", PACKAGES)
def test_a_module_file_is_whole_in_itself(package: str, wheel, tmp_path: Path):
    with zipfile.ZipFile(wheel(package)) as archive:
        modules = [name for name in archive.namelist() if name.endswith(".so")]
        assert sorted(modules) == sorted(f"{name.replace('.', '/')}.so" for name in extensions(package))
        archive.extractall(tmp_path)
    for module in modules:
        path = tmp_path / module
        name = Path(module).stem
        assert [s for s in symbols(path, "--undefined-only") if s.lstrip("_").startswith(("Py", "PyPy"))] == []
        assert sorted(symbols(path, "--defined-only")) == expected_exports(path, name)
        allowed = LIBC | (CPP if CATALOGUE["packages"][package].get("cpp") else set())
        assert set(needed(path)) <= allowed
        assert path.with_suffix(".py").exists(), "beside the module lies the file that loads it where .so is not found"


def test_a_module_for_handles_is_small(compile_module, tmp_path: Path):
    hello = compile_module(tmp_path / "hello.so", ROOT / "bench" / "handles" / "hello.c", "-s")
    assert hello.stat().st_size <= 120_000, "the whole runtime is in it"


@pytest.mark.parametrize("package", PACKAGES)
def test_check_says_that_it_is_universal(package: str, wheel, cardan: Path):
    run = subprocess.run([cardan, "check", wheel(package), "--json"], check=False, capture_output=True, text=True)
    report = json.loads(run.stdout)
    assert (report["problems"], report["universal"], run.returncode) == ([], True, 0)
    assert sorted(module["path"] for module in report["modules"]) == sorted(
        f"{name.replace('.', '/')}.so" for name in extensions(package)
    )
    for module in report["modules"]:
        assert module["undefined"] == [] or not any("Py" in symbol for symbol in module["undefined"])
        name = Path(module["path"]).stem
        assert module["other_exports"] == []
        if package.startswith("handles-"):
            # What it asks for goes through the context, so it needs no name of the C API.
            assert module["entry_points"] == [f"HPyInit_{name}", f"PyInit_{name}"]
            assert module["needs"] == []
        else:
            assert module["entry_points"] == [f"PyInit_{name}"]
            assert module["needs"], "what it needs from a host is listed"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_metadata_is_the_packages_own(package: str, wheel):
    with zipfile.ZipFile(wheel(package)) as archive:
        names = archive.namelist()
        [metadata] = [name for name in names if name.endswith(".dist-info/WHEEL")]
        tags = [line for line in archive.read(metadata).decode().splitlines() if line.startswith("Tag: ")]
        assert tags and all(tag.startswith("Tag: py3-none-") for tag in tags)
        [record] = [name for name in names if name.endswith(".dist-info/RECORD")]
        listed = [line.rpartition(",")[0].rpartition(",")[0] for line in archive.read(record).decode().splitlines()]
        assert sorted(listed) == sorted(name for name in names if not name.endswith("/"))


def extensions(package: str) -> list[str]:
    return CATALOGUE["packages"][package]["extensions"]
