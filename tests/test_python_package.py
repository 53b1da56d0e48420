"""The distribution `cardan`: its wheel is installed, and builds projects for pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import textwrap
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from test_build import project, source  # noqa: F401 (fixtures)


@pytest.fixture(scope="session")
def wheel(cardan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The distribution with the command that the tests are about."""
    folder = tmp_path_factory.mktemp("distribution")
    # A debug build is mostly symbols, and packing those takes long.
    binary = tmp_path_factory.mktemp("command") / "cardan"
    subprocess.run(["strip", "-o", binary, cardan], check=True)
    command = ["cargo", "xtask", "wheel", "--binary", binary, "-o", folder]
    result = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    [built] = folder.iterdir()
    assert result.stdout == f"{built}\n"
    return built


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the distribution and nothing else but pip."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-I", "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    install = ["-I", "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel]
    subprocess.run([python, *install], check=True)
    return python


@pytest.fixture
def pip_wheel(python: Path, tmp_path: Path):
    """`pip wheel` of a project into tmp_path/out, in pip's own build environment."""

    def pip_wheel(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [python, "-I", "-m", "pip", "wheel", "--no-deps", "--disable-pip-version-check", *arguments]
        environment = {**os.environ, "PIP_NO_COLOR": "1", "COLUMNS": "200"}
        return subprocess.run(
            [*command, "-w", tmp_path / "out", root], check=False, capture_output=True, text=True, env=environment
        )

    return pip_wheel


def declare(root: Path, wheel: Path, requires: str = "", table: str = "") -> None:
    """The project's declaration: our back end, from this wheel."""
    requirements = f'"cardan @ {wheel.as_uri()}"{requires}'
    (root / "pyproject.toml").write_text(
        f'[build-system]\nrequires = [{requirements}]\nbuild-backend = "cardan.backend"\n{table}'
    )


SMALL = '[tool.cardan]\nbuild-backend = "small_backend"\nbackend-path = ["back"]\n'


def test_the_wheel_is_one_that_installers_take(wheel: Path):
    version = wheel.name.split("-")[1]
    assert wheel.name.startswith(f"cardan-{version}-py3-none-manylinux_2_")
    assert wheel.name.endswith(f"_{os.uname().machine}.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        command = archive.getinfo(f"cardan-{version}.data/scripts/cardan")
        metadata = archive.read(f"cardan-{version}.dist-info/METADATA").decode()
    assert command.external_attr >> 16 & 0o777 == 0o755
    assert {"cardan/__init__.py", "cardan/__main__.py", "cardan/backend.py"} <= set(names)
    for line in (
        "License-Expression: MIT OR Apache-2.0",
        "Requires-Python: >=3.9",
        "Description-Content-Type: text/markdown",
    ):
        assert f"\n{line}\n" in metadata


def test_the_command_and_the_module_are_the_same(python: Path, cardan: Path):
    expected = subprocess.run([cardan, "--version"], check=True, capture_output=True, text=True).stdout
    for command in ([python.parent / "cardan"], [python, "-m", "cardan"]):
        said = subprocess.run([*command, "--version"], check=True, capture_output=True, text=True).stdout
        assert said == expected
    version = subprocess.run([python, "-c", "import cardan; print(cardan.__version__)"], capture_output=True, text=True)
    assert expected == f"cardan {version.stdout}"
    refused = subprocess.run([python, "-m", "cardan", "check", "none.whl"], check=False, capture_output=True)
    assert refused.returncode == 1


def test_pip_builds_one_wheel_for_every_python(project: Path, pip_wheel, wheel: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    declare(project, wheel, table=SMALL)
    result = pip_wheel(project, "--no-index", "-C", "key=a=b")
    assert result.returncode == 0, result.stdout + result.stderr
    [built] = (tmp_path / "out").iterdir()
    assert built.name.startswith("thing-1.0-py3-none-manylinux_")
    with zipfile.ZipFile(built) as archive:
        assert {"thing.so", "thing.py"} <= set(archive.namelist())
        assert archive.read("settings.txt") == b"{'key': 'a=b'}"


def test_the_compilers_words_come_through(project: Path, pip_wheel, wheel: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text("int broken(void) { return 1 }\n")
    declare(project, wheel, table=SMALL)
    result = pip_wheel(project, "--no-index")
    assert result.returncode == 1
    compiler = subprocess.run(
        ["cc", "-c", "thing.c"],
        cwd=project,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
        capture_output=True,
        text=True,
    )
    words = "error: cannot build project: the compiler failed on thing.c\n" + compiler.stderr
    said = result.stdout + result.stderr
    # pip shows what the back end says between two lines of its own, with a margin of six.
    assert "lines of output]\n" + textwrap.indent(words, " " * 6) + "      [end of output]\n" in said
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_our_back_end_twice_is_refused(project: Path, pip_wheel, wheel: Path):  # noqa: F811
    declare(project, wheel, table='[tool.cardan]\nbuild-backend = "cardan.backend"\n')
    result = pip_wheel(project, "--no-index")
    assert result.returncode == 1
    lines = [line.strip() for line in (result.stdout + result.stderr).splitlines()]
    expected = (
        f'error: the pyproject.toml of {project} has the build-backend "cardan.backend" under [tool.cardan] too: '
        'expected the project\'s own back end, such as "setuptools.build_meta"'
    )
    assert expected in lines


def sdist(python: Path, project: Path, folder: Path) -> subprocess.CompletedProcess[str]:  # noqa: F811
    """Calls the hook as a front end does, which installs the own back end's requirements first."""
    code = "import sys; from cardan import backend; print(backend.build_sdist(sys.argv[1]))"
    command = [python, "-I", "-c", code, folder]
    return subprocess.run(command, cwd=project, check=False, capture_output=True, text=True)


def test_an_sdist_is_the_own_back_ends(project: Path, python: Path, wheel: Path, tmp_path: Path):  # noqa: F811
    declare(project, wheel, table='[tool.cardan]\nbuild-backend = "packer:hooks"\nbackend-path = ["back"]\n')
    (project / "back" / "packer.py").write_text(
        "import tarfile, types\n"
        "def build_sdist(folder, settings=None):\n"
        "    with tarfile.open(f'{folder}/thing-1.0.tar.gz', 'w:gz') as file:\n"
        "        file.add('pyproject.toml', 'thing-1.0/pyproject.toml')\n"
        "    return 'thing-1.0.tar.gz'\n"
        "hooks = types.SimpleNamespace(build_sdist=build_sdist)\n"
    )
    result = sdist(python, project, tmp_path)
    assert (result.returncode, result.stdout) == (0, "thing-1.0.tar.gz\n"), result.stderr
    with tarfile.open(tmp_path / "thing-1.0.tar.gz") as file:
        assert file.getnames() == ["thing-1.0/pyproject.toml"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            '[tool.cardan]\nbuild-backend = "cardan.backend"\n',
            "error: the pyproject.toml of {project} has the build-backend 'cardan.backend' under [tool.cardan] too: "
            "expected the project's own back end, such as 'setuptools.build_meta'\n",
        ),
        (
            '[tool.cardan]\nbuild-backend = "nowhere.at_all"\n',
            "error: cannot import the build back end nowhere.at_all of {project}: No module named 'nowhere'\n"
            "  help: add what it comes from to requires of [build-system], or name another one: build-backend under "
            "[tool.cardan]\n",
        ),
    ],
)
def test_an_sdist_without_an_own_back_end(project, python, wheel, tmp_path, table, expected):  # noqa: F811
    declare(project, wheel, table=table)
    result = sdist(python, project, tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == expected.format(project=project)


def test_a_command_that_is_missing_is_said(project: Path, tmp_path: Path):  # noqa: F811
    package = tmp_path / "package"
    shutil.copytree(ROOT / "python" / "cardan", package / "cardan")
    empty = tmp_path / "empty"
    empty.mkdir()
    code = (
        "import sys, sysconfig; sys.path.insert(0, sys.argv[1]); sysconfig.get_path = lambda name: sys.argv[2]; "
        "from cardan import backend; backend.build_wheel('out')"
    )
    command = [sys.executable, "-I", "-c", code, package, empty]
    result = subprocess.run(
        command, cwd=project, check=False, capture_output=True, text=True, env={**os.environ, "PATH": str(empty)}
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: the command cardan is not installed beside the package cardan: expected it in {empty} or on PATH; "
        "install the wheel of cardan again\n"
    )


def test_setuptools_is_the_default(project: Path, pip_wheel, wheel: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    table = (
        '[project]\nname = "thing"\nversion = "1.0"\n'
        '[tool.setuptools]\npy-modules = []\next-modules = [{name = "thing", sources = ["thing.c"]}]\n'
    )
    declare(project, wheel, requires=', "setuptools >= 74.1"', table=table)
    result = pip_wheel(project)
    said = result.stdout + result.stderr
    if result.returncode and (
        "Temporary failure in name resolution" in said or "No matching distribution found" in said
    ):
        pytest.skip("no network: setuptools cannot be had from a package index")
    assert result.returncode == 0, said
    [built] = (tmp_path / "out").iterdir()
    assert built.name.startswith("thing-1.0-py3-none-manylinux_")
