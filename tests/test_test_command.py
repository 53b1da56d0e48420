"""`cardan test`: each kind of result, and each kind of bad input word for word."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from conftest import write_wheel
from test_pythons import described

MODULE = {"trivial.py": "ANSWER = 42\n"}
MACHINE = os.uname().machine


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return write_wheel(tmp_path, MODULE)


@pytest.fixture
def rows(run):
    """Runs the command for the Python that runs the tests; the report's rows and the exit code."""

    def rows(*arguments: object, **environment: str) -> tuple[list[dict], int]:
        result = run("test", "--json", "--on", sys.executable, *arguments, **environment)
        assert result.stdout, result.stderr
        report = json.loads(result.stdout)
        assert report["passed"] == (result.returncode == 0)
        return report["rows"], result.returncode

    return rows


def python(code: str) -> list[str]:
    return ["--", "python", "-c", code]


def test_the_wheel_is_installed_for_every_python_and_the_command_runs_there(run, wheel: Path):
    code = "import sys, trivial; assert trivial.ANSWER == 42; print('version', sys.version_info.minor)"
    result = run("test", wheel, *python(code))
    assert result.returncode == 0, result.stdout + result.stderr
    *table, summary = result.stdout.splitlines()
    passed = [line for line in table if " passed " in line]
    assert passed
    assert summary == f"{wheel.name}: {len(passed)} passed"
    assert all("version" in line for line in passed)


def test_each_run_installs_anew(rows, tmp_path: Path, wheel: Path):
    assert rows(wheel, *python("import trivial; assert trivial.ANSWER == 42"))[1] == 0
    write_wheel(tmp_path, {"trivial.py": "ANSWER = 43\n"})
    assert rows(wheel, *python("import trivial; assert trivial.ANSWER == 43"))[1] == 0


def test_requirements_and_their_commands_are_there(rows, tmp_path: Path):
    wheel = write_wheel(tmp_path, MODULE, "Requires-Dist: iniconfig\n")
    (tmp_path / "test_it.py").write_text("import iniconfig, trivial\ndef test_it(): assert trivial.ANSWER == 42\n")
    ((row,), code) = rows(wheel, "--with", "pytest", "--cwd", tmp_path, "--", "pytest", "-q")
    assert code == 0, row
    assert row["detail"].startswith("1 passed in ")


def test_the_environment_is_the_commands_own(rows, wheel: Path):
    check = "import os; assert 'PYTHONPATH' not in os.environ and os.environ['CARDAN_HOST'] == 'generic'"
    ((row,), code) = rows(wheel, *python(check), PYTHONPATH="/nowhere", CARDAN_HOST="generic")
    assert code == 0, row


def test_the_command_runs_in_the_folder_that_was_named(rows, wheel: Path, tmp_path: Path):
    ((row,), _) = rows(wheel, "--cwd", tmp_path, *python("import os; print(os.getcwd())"))
    assert row["detail"] == str(tmp_path)


def test_a_failure_has_the_exit_code_and_the_output(rows, wheel: Path):
    ((row,), code) = rows(wheel, *python("import sys; print('not so'); sys.exit(3)"))
    assert code == 1
    assert (row["result"], row["detail"], row["exit_code"]) == ("failed", "exit code 3: not so", 3)
    assert row["output"] == "not so\n"


def test_a_python_that_dies_is_a_row_with_the_signal(rows, wheel: Path):
    ((row,), code) = rows(wheel, *python("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"))
    assert code == 1
    assert (row["result"], row["detail"], row["signal"]) == ("failed", "died by SIGSEGV", "SIGSEGV")


@pytest.fixture
def compiled(tmp_path: Path):
    """A shared object made of one line of C."""

    def compiled(source: str) -> bytes:
        path = tmp_path / "compiled.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", path, "-"], input=source.encode(), check=True)
        return path.read_bytes()

    return compiled


def test_a_module_that_cannot_be_imported_is_a_failure_even_if_the_command_passes(rows, tmp_path: Path, compiled):
    module = compiled("void abort(void); void *PyInit_speedups(void) { abort(); }")
    wheel = write_wheel(tmp_path, {"trivial/__init__.py": "", "trivial/speedups.so": module})
    ((row,), code) = rows(wheel, *python("print('fell back')"))
    assert code == 1
    assert (row["result"], row["detail"], row["exit_code"]) == ("failed", "fell back", 0)
    assert row["import_errors"] == {"trivial.speedups": "the import died by SIGABRT"}
    ((row,), code) = rows(wheel, "--allow-import-errors", *python("pass"))
    assert (row["result"], code) == ("passed", 0)


def test_a_command_that_takes_too_long_is_ended(rows, wheel: Path):
    ((row,), code) = rows(wheel, "--timeout", 1, *python("import time; print('begun', flush=True); time.sleep(60)"))
    assert code == 1
    assert (row["detail"], row["timed_out"]) == ("timed out after 1 s: begun", True)
    assert row["seconds"] < 30


def test_the_longest_time_is_none(rows, wheel: Path):
    ((row,), code) = rows(wheel, "--timeout", 2**64 - 1, *python("pass"))
    assert (row["result"], code) == ("passed", 0)


def test_a_command_that_is_not_there_is_said_so(rows, wheel: Path):
    ((row,), code) = rows(wheel, "--", "no-such-command")
    assert code == 1
    assert row["detail"] == "no-such-command could not be started: No such file or directory (os error 2)"


def test_a_python_that_the_package_excludes_is_no_failure_but_not_enough(run, tmp_path: Path):
    wheel = write_wheel(tmp_path, MODULE, "Requires-Python: <3\n")
    result = run("test", "--on", sys.executable, wheel, *python("pass"))
    assert result.returncode == 1
    assert "the package requires Python <3" in result.stdout
    assert result.stdout.splitlines()[-1] == f"{wheel.name}: 1 excluded"


def test_a_python_without_extension_modules_is_refused(rows, tmp_path: Path, wheel: Path):
    odd = described(tmp_path / "odd", implementation="oddpython", extension_suffixes=[])
    ((*_, row), code) = rows("--on", odd, wheel, *python("pass"))
    assert code == 1
    assert row["result"] == "refused"
    assert row["detail"] == "imports no extension modules: importlib.machinery.EXTENSION_SUFFIXES is empty"


def test_a_requirement_that_cannot_be_had_is_a_row_with_pips_words(rows, wheel: Path):
    offline = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "1", "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": ""}
    ((row,), code) = rows(wheel, "--with", "no-such-thing==1.0", *python("pass"), **offline)
    assert code == 1
    assert row["result"] == "cannot-install"
    assert row["detail"] == "No matching distribution found for no-such-thing==1.0"
    assert "Connection refused" in row["output"]


def test_a_wheel_that_does_not_match_its_python_is_a_row_with_pips_words(rows, tmp_path: Path):
    wheel = write_wheel(tmp_path, MODULE, tag=f"cp38-cp38-manylinux_2_17_{MACHINE}")
    ((row,), code) = rows(wheel, *python("pass"))
    assert code == 1
    assert row["detail"] == f"{wheel.name} is not a supported wheel on this platform."


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index with an sdist `slowly-1.0` alone, whose build waits for the file that is returned."""
    index, root, go = (tmp_path / name for name in ("index", "slowly-1.0", "go"))
    index.mkdir()
    root.mkdir()
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "back"\nbackend-path = ["."]\n'
    )
    (root / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: slowly\nVersion: 1.0\n")
    (root / "back.py").write_text(
        "import os, time, zipfile\n"
        "def build_wheel(folder, settings=None, metadata=None):\n"
        "    deadline = time.monotonic() + 60\n"
        f"    while not os.path.exists({str(go)!r}) and time.monotonic() < deadline: time.sleep(0.05)\n"
        "    name = 'slowly-1.0-py3-none-any.whl'\n"
        "    with zipfile.ZipFile(os.path.join(folder, name), 'w') as archive:\n"
        "        archive.writestr('slowly.py', '')\n"
        "        archive.writestr('slowly-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: slowly\\nVersion: 1.0\\n')\n"
        "        archive.writestr('slowly-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nTag: py3-none-any\\n')\n"
        "        archive.writestr('slowly-1.0.dist-info/RECORD', '')\n"
        "    return name\n"
    )
    with tarfile.open(index / "slowly-1.0.tar.gz", "w:gz") as archive:
        archive.add(root, "slowly-1.0")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    # Nothing is remembered from another run, but for pip itself.
    tools = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cardan" / "tools"
    (tmp_path / "cache" / "cardan").mkdir(parents=True)
    (tmp_path / "cache" / "cardan" / "tools").symlink_to(tools)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return go


def test_a_requirement_that_is_built_from_source_is_said_while_it_is_built(cardan: Path, tmp_path: Path, slow: Path):
    wheel = write_wheel(tmp_path, MODULE, "Requires-Dist: slowly\n")
    arguments = [cardan, "test", "--on", sys.executable, wheel, *python("import slowly, trivial")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        first = process.stderr.readline()
        assert first.endswith(
            ": building slowly-1.0 from source, since there is no wheel of it for this Python; that may take minutes, and "
            "--only-binary refuses it\n"
        )
        assert process.poll() is None
        slow.write_text("")
        rest = process.stderr.read()
    assert (process.returncode, rest.count("\n")) == (0, 1), rest


def test_only_wheels_are_installed_if_that_is_asked_for(rows, tmp_path: Path, slow: Path):
    wheel = write_wheel(tmp_path, MODULE, "Requires-Dist: slowly\n")
    ((row,), code) = rows("--only-binary", wheel, *python("pass"))
    assert (row["result"], code) == ("cannot-install", 1)
    assert row["detail"] == "No matching distribution found for slowly"


def test_nothing_that_the_wheel_requires_is_installed_if_that_is_asked_for(rows, tmp_path: Path, slow: Path):
    wheel = write_wheel(tmp_path, MODULE, "Requires-Dist: slowly\n")
    check = "import trivial, importlib.util as u; assert u.find_spec('slowly') is None"
    ((row,), code) = rows("--no-deps", wheel, *python(check))
    assert (row["result"], code) == ("passed", 0), row


@pytest.mark.parametrize("route", ["venv", "folder"])
@pytest.mark.parametrize("place", ["scripts", "data/bin"])
def test_a_script_takes_the_place_of_nothing(run, tmp_path: Path, route: str, place: str):
    # On the folder route the environment has a link to the interpreter, which is one of our own here.
    interpreter = described(tmp_path / "interpreter", java=True) if route == "folder" else Path(sys.executable)
    before = interpreter.read_bytes()
    script = f"trivial-1.0.data/{place}/python3"
    wheel = write_wheel(tmp_path, {**MODULE, script: "#!python\nprint('not the interpreter')\n"})
    result = run("test", "--json", "--on", interpreter, wheel, *python("pass"))
    (row,) = (row for row in json.loads(result.stdout)["rows"] if row["result"] != "passed")
    assert (row["result"], result.returncode) == ("cannot-install", 1)
    assert row["detail"] == "the script python3 cannot be installed: the environment has a command python3 already"
    assert interpreter.read_bytes() == before


def test_commands_of_a_wheel_run_on_every_python(run, tmp_path: Path):
    module = "import sys\ndef say(): print('said by', sys.implementation.name)\n"
    command = "[console_scripts]\nsay = trivial:say\n"
    wheel = write_wheel(tmp_path, {"trivial.py": module, "trivial-1.0.dist-info/entry_points.txt": command})
    result = run("test", "--json", wheel, "--", "say")
    rows = [row for row in json.loads(result.stdout)["rows"] if row["result"] not in ("excluded", "refused")]
    assert [row["detail"] for row in rows] == [f"said by {row['name'].split('-')[0]}" for row in rows]


def expect_error(result, text: str) -> None:
    assert (result.returncode, result.stdout, result.stderr) == (1, "", text)


def test_no_command(run, wheel: Path):
    expect_error(
        run("test", wheel),
        "error: no command to run: it is expected after `--`\n"
        "  help: for example: cardan test NAME.whl --with pytest -- python -m pytest tests\n",
    )


def test_no_file(run, tmp_path: Path):
    path = tmp_path / "trivial-1.0-py3-none-any.whl"
    expect_error(
        run("test", path, *python("pass")), f"error: cannot read {path}: No such file or directory (os error 2)\n"
    )


def test_not_a_wheel(run, tmp_path: Path):
    path = tmp_path / "trivial.txt"
    path.write_text("text")
    expect_error(
        run("test", path, *python("pass")),
        "error: trivial.txt is not a wheel: expected a name like NAME-VERSION-PYTHON-ABI-PLATFORM.whl\n",
    )


def test_a_wheel_that_is_no_archive(run, tmp_path: Path):
    path = tmp_path / "trivial-1.0-py3-none-any.whl"
    path.write_text("text")
    expect_error(
        run("test", path, *python("pass")),
        "error: trivial-1.0-py3-none-any.whl is not a wheel: expected a zip archive, found none"
        " (invalid Zip archive: Could not find EOCD)\n",
    )


PATH = (
    "URL requirement must be preceded by a package name. Add the name of the package before the URL (e.g., `package_name @ "
    "/path/to/file`)"
)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("--target=there", "expected package name starting with an alphanumeric character, found `-`"),
        ("-r requirements.txt", "expected package name starting with an alphanumeric character, found `-`"),
        ("--target=/there", PATH),
        ("./trivial.whl", PATH),
        ("a b", "expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `b`"),
    ],
)
def test_a_line_that_is_no_requirement(run, tmp_path: Path, line: str, reason: str):
    wheel = write_wheel(tmp_path, MODULE, f"Requires-Dist: {line}\n")
    expect_error(
        run("test", "--on", sys.executable, wheel, *python("pass")),
        f'error: {wheel.name}: Requires-Dist "{line}" is not a requirement: {reason}\n'
        "  help: mend it in the project, and build the wheel again\n",
    )


def test_what_is_installed_besides_is_never_an_option_of_pip(rows, tmp_path: Path, wheel: Path):
    ((row,), code) = rows(wheel, f"--with=--target={tmp_path / 'target'}", *python("pass"))
    assert (row["result"], code) == ("cannot-install", 1)
    assert row["detail"].startswith(f"Invalid requirement: '--target={tmp_path / 'target'}'")
    assert not (tmp_path / "target").exists()


@pytest.fixture
def shared_object() -> bytes:
    """A shared object of this machine: the C library that this Python runs with."""
    with open("/proc/self/maps") as maps:
        path = next(line.split()[-1] for line in maps if "/libc.so" in line or "/libc-" in line)
    return Path(path).read_bytes()


def test_a_module_that_was_cut_off(run, tmp_path: Path, shared_object: bytes):
    wheel = write_wheel(tmp_path, {"trivial.so": shared_object[:1000]})
    expect_error(
        run("test", wheel, *python("pass")),
        f"error: {wheel.name}: trivial.so is truncated:"
        f" its headers describe {len(shared_object)} bytes, the file has 1000\n"
        "  help: build the wheel again\n",
    )


def test_a_module_for_another_processor_than_the_wheel_says(run, tmp_path: Path, shared_object: bytes):
    wheel = write_wheel(tmp_path, {"trivial.so": shared_object}, tag="py3-none-manylinux_2_17_s390x")
    expect_error(
        run("test", wheel, *python("pass")),
        f"error: {wheel.name}: trivial.so is for {MACHINE}, but the wheel's name says manylinux_2_17_s390x\n"
        "  help: build the wheel again\n",
    )


def test_a_wheel_for_another_processor(run, tmp_path: Path):
    wheel = write_wheel(tmp_path, MODULE, tag="py3-none-manylinux_2_17_s390x")
    expect_error(
        run("test", "--on", sys.executable, wheel, *python("pass")),
        f"error: {wheel.name} is for manylinux_2_17_s390x, which none of these Pythons runs on (linux-{MACHINE})\n"
        "  help: build it for this platform, or test it on one that it is for\n",
    )


def test_a_python_that_is_not_there(run, wheel: Path):
    result = run("test", "--on", "3.2", wheel, *python("pass"))
    first, second = result.stderr.splitlines()
    names = [python["name"] for python in json.loads(run("pythons", "--json").stdout)["pythons"]]
    assert first == "error: --on 3.2: no such Python was found on this machine; found: " + ", ".join(names)
    assert second == (
        "  help: `cardan pythons` says more; a path, or CARDAN_PYTHONS (a path list of executables), adds one"
    )
    assert (result.returncode, result.stdout) == (1, "")


def test_a_path_that_is_no_python(run, wheel: Path):
    expect_error(
        run("test", "--on", "/no/python", wheel, *python("pass")),
        "error: /no/python could not be started: No such file or directory (os error 2)\n",
    )


def test_a_folder_that_is_not_there(run, wheel: Path):
    expect_error(
        run("test", "--cwd", "/no/folder", wheel, *python("pass")),
        "error: --cwd /no/folder: No such file or directory (os error 2)\n",
    )


def test_pip_that_cannot_be_fetched(run, wheel: Path, tmp_path: Path):
    offline = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "1", "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": ""}
    result = run("test", wheel, *python("pass"), XDG_CACHE_HOME=str(tmp_path / "cache"), **offline)
    expect_error(
        result,
        "error: cannot fetch pip 26.0.1, which installs the wheel: No matching distribution found for pip==26.0.1\n"
        "  help: pip's own settings (index, proxy) apply: `pip config list` shows them\n",
    )
    assert not list((tmp_path / "cache" / "cardan" / "tools").glob("pip-*"))
