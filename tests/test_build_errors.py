"""`cardan build`: each kind of bad input, word for word, and nothing half-written after it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_build import build, contents, project, source, wheel_of  # noqa: F401 (fixtures)

NOT_IN_THE_API = "not in the C API that every Python has or Cardan makes up for; call a documented function of the limited API instead"


@pytest.fixture
def refused(build, tmp_path: Path):  # noqa: F811
    """Builds, expects a failure that leaves nothing behind, and returns what was said."""

    def refused(*arguments: object, **environment: str) -> str:
        result = build(*arguments, **environment)
        assert result.returncode == 1
        assert result.stdout == ""
        out = tmp_path / "out"
        assert not out.is_dir() or list(out.iterdir()) == []
        return result.stderr

    return refused


def test_a_source_that_is_not_there(refused, tmp_path: Path):
    assert refused(tmp_path / "none.tar.gz") == (
        f"error: {tmp_path}/none.tar.gz does not exist: expected a project folder or an sdist\n"
    )


def test_a_file_that_is_no_source(refused, tmp_path: Path):
    text = tmp_path / "thing.txt"
    text.write_text("thing")
    assert refused(text) == f"error: {text} is not a source: expected a project folder, a .tar.gz or a .zip\n"


def test_an_archive_that_is_no_sdist(refused, tmp_path: Path):
    (tmp_path / "many" / "a").mkdir(parents=True)
    (tmp_path / "many" / "b").mkdir()
    archive = shutil.make_archive(str(tmp_path / "many"), "gztar", tmp_path / "many")
    assert refused(archive) == (
        f"error: {archive} is not an sdist: expected one folder at its top\n"
        "  help: an sdist is what `python -m build --sdist` makes\n"
    )


def test_a_tree_without_a_build_system(refused, tmp_path: Path):
    root = tmp_path / "tree"
    root.mkdir()
    (root / "thing.c").write_text(source())
    assert refused(root) == (
        f"error: {root} has no build system: expected a pyproject.toml with [build-system] or a setup.py, found neither\n"
        "  help: give `cardan build` the folder of a Python project, or an sdist\n"
    )


def test_an_output_folder_that_cannot_be_written(run, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text("this is never compiled")
    (tmp_path / "file").write_text("")
    result = run("build", project, "-o", tmp_path / "file" / "out")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: cannot write to the output folder {tmp_path}/file/out: Not a directory (os error 20)\n"
        "  help: choose another one with --output\n"
    )


def test_a_compile_error_is_shown_in_the_compilers_own_words(refused, project: Path):  # noqa: F811
    (project / "thing.c").write_text("#warning unrelated\nint broken(void) { return 1 }\n")
    said = refused(project)
    head, *words = said.splitlines()
    assert head == "error: cannot build project: the compiler failed on thing.c"
    compiler = subprocess.run(
        ["cc", "-c", "thing.c"],
        cwd=project,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
        text=True,
    )
    error = compiler.stderr[compiler.stderr.index("thing.c: In function") :]
    assert words == error.splitlines()


def test_a_function_that_no_host_has(refused, project: Path):  # noqa: F811
    (project / "thing.c").write_text(source(body="PyFoo_Bar(self);"))
    said = refused(project).splitlines()
    assert said[0] == "error: cannot build project: the compiler failed on thing.c"
    assert re.search(r"thing\.c:4:\d+: error: .*PyFoo_Bar", "\n".join(said))
    assert said[-1] == f"  help: PyFoo_Bar: {NOT_IN_THE_API}"


def test_a_function_that_no_host_has_and_the_package_declares_itself(refused, project: Path):  # noqa: F811
    extra = "extern int PyFoo_Bar(PyObject *);\nextern int _PyFoo_Private;"
    (project / "thing.c").write_text(source(extra=extra, body="PyFoo_Bar(self); if (_PyFoo_Private) return NULL;"))
    expected = (
        "error: cannot build project: thing.so needs 2 names of the C API that Cardan does not have: "
        "PyFoo_Bar (in thing.o), _PyFoo_Private (in thing.o)\n"
        f"  help: PyFoo_Bar, _PyFoo_Private: {NOT_IN_THE_API}\n"
    )
    assert refused(project) == expected
    assert refused(project, LDFLAGS="-Wl,-z,defs") == expected


def test_a_link_error_is_shown_in_the_linkers_own_words(refused, project: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    said = refused(project, LDFLAGS="-lthere_is_no_such_library").splitlines()
    assert said[0] == "error: cannot build project: the compiler failed on thing.so"
    assert "-lthere_is_no_such_library" in said[1]


def test_no_network_for_the_builds_requirements(refused, project: Path):  # noqa: F811
    (project / "setup.py").write_text("raise SystemExit('this is never run')")
    (project / "pyproject.toml").write_text('[build-system]\nrequires = ["thing-that-is-nowhere"]\n')
    environment = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_FIND_LINKS": ""}
    head, *words, last = refused(project, **environment).splitlines()
    assert head == "error: cannot install what the build of project requires: thing-that-is-nowhere"
    assert words[-1] == "ERROR: No matching distribution found for thing-that-is-nowhere"
    assert (
        last
        == "  help: the build needs its requirements from a package index: check the network and pip's configuration"
    )


def test_an_option_of_pip_among_the_builds_requirements(refused, project: Path):  # noqa: F811
    (project / "pyproject.toml").write_text('[build-system]\nrequires = ["--target=here"]\n')
    assert refused(project) == (
        f'error: the pyproject.toml of {project} requires "--target=here" for the build, which is not a requirement: expected '
        "package name starting with an alphanumeric character, found `-`\n"
    )


def test_a_back_end_that_fails(refused, project: Path):  # noqa: F811
    (project / "back" / "small_backend.py").write_text("def build_wheel(*_):\n    raise SystemExit('no luck today')\n")
    assert refused(project) == "error: cannot build project: build_wheel of small_backend failed\nno luck today\n"


def test_a_back_end_that_is_not_there(refused, project: Path):  # noqa: F811
    (project / "back" / "small_backend.py").unlink()
    head, *words = refused(project).splitlines()
    assert head == "error: cannot build project: get_requires_for_build_wheel of small_backend failed"
    assert words[-1] == "ModuleNotFoundError: No module named 'small_backend'"


def test_a_package_without_an_extension(refused, project: Path):  # noqa: F811
    (project / "thing.py").write_text("")
    assert refused(project) == (
        "error: the wheel of thing-1.0 has no extension module: there is nothing to make universal\n"
        "the small back end is at work\n"
        "  help: a package of Python files alone is universal already; one that left its extension out says so above\n"
    )


def test_a_package_that_leaves_its_extension_out_when_it_does_not_compile(refused, project: Path):  # noqa: F811
    backend = project / "back" / "small_backend.py"
    text = backend.read_text()
    old = "(_compile(source) for source in sources)"
    assert old in text
    attempt = (
        "def _attempt(source):\n    try:\n        return [_compile(source)]\n    except Exception:\n        return []\n"
    )
    backend.write_text(text.replace(f"*{old}", "*(m for s in sources for m in _attempt(s))") + attempt)
    (project / "thing.c").write_text("int broken(void) { return missing; }\n")
    head, *words, last = refused(project).splitlines()
    assert head == "error: the wheel of thing-1.0 has no extension module: there is nothing to make universal"
    assert words[0] == "the compiler failed on thing.c"
    assert words[2].startswith("thing.c:1:27: error: ") and "missing" in words[2]
    assert last.endswith("one that left its extension out says so above")


ATTEMPT = """
def _attempt(source):
    try:
        return [_compile(source)]
    except Exception:
        return []
"""


@pytest.fixture
def optional(project: Path) -> Path:  # noqa: F811
    """A project whose back end leaves an extension out that does not compile; one of two does not."""
    backend = project / "back" / "small_backend.py"
    text = backend.read_text()
    old = "(_compile(source) for source in sources)"
    assert old in text
    backend.write_text(text.replace(f"*{old}", "*(m for s in sources for m in _attempt(s))") + ATTEMPT)
    (project / "one.c").write_text(source("one"))
    (project / "two.c").write_text(f"{source('two')}int broken(void) {{ return missing; }}\n")
    return project


LOST = "the wheel of thing-1.0 lacks an extension: the compiler failed on two.c"


def test_a_package_that_leaves_one_of_its_extensions_out(refused, optional: Path):
    head, *words, last = refused(optional).splitlines()
    assert head == f"error: {LOST}"
    assert words[0].startswith("two.c: In function ") and re.search("error: .missing. undeclared", words[1])
    assert last == "  help: mend it, or accept the wheel as it is with --allow-missing-extensions"


def test_a_package_that_leaves_out_an_extension_that_needs_what_no_host_has(refused, optional: Path):
    (optional / "two.c").write_text(source("two", extra="extern int PyFoo_Bar(void);", body="PyFoo_Bar();"))
    assert refused(optional) == (
        "error: the wheel of thing-1.0 lacks an extension: two.so needs a name of the C API that Cardan does not have: "
        "PyFoo_Bar (in two.o)\n"
        f"  help: PyFoo_Bar: {NOT_IN_THE_API}; or accept the wheel as it is with --allow-missing-extensions\n"
    )


def test_missing_extensions_can_be_accepted(build, optional: Path):  # noqa: F811
    result = build(optional, "--allow-missing-extensions")
    assert {"one.so", "one.py"} <= contents(wheel_of(result)).keys()
    assert result.stderr.splitlines()[0] == f"warning: {LOST}"
    with (optional / "pyproject.toml").open("a") as file:
        file.write("[tool.cardan]\nallow-missing-extensions = true\n")
    assert build(optional).stderr.splitlines()[0] == f"warning: {LOST}"


def test_an_extension_that_is_made_at_the_second_attempt_is_not_missing(build, optional: Path):  # noqa: F811
    (optional / "two.c").write_text("#ifndef SECOND\n#error first\n#endif\n" + source("two"))
    backend = optional / "back" / "small_backend.py"
    again = "except Exception:\n        os.environ['CFLAGS'] = '-DSECOND'\n        return [_compile(source)]"
    backend.write_text(backend.read_text().replace("except Exception:\n        return []", again))
    assert {"one.so", "two.so"} <= contents(wheel_of(build(optional))).keys()


def test_a_check_that_fails_is_no_extension(build, optional: Path):  # noqa: F811
    backend = optional / "back" / "small_backend.py"
    check = "Path('made.c').write_text('#include <no/such/header.h>\\n')\n    _attempt(Path('made.c'))\n    "
    text = backend.read_text().replace("sources = sorted(", check + "sources = sorted(")
    backend.write_text(
        text.replace("[*here.glob", "[source for source in here.glob").replace(
            '("*.c"), *here.glob("*.cpp")]', '("*.c") if source.name != "made.c"]'
        )
    )
    (optional / "two.c").unlink()
    assert "one.so" in contents(wheel_of(build(optional)))


def test_an_optional_extension_of_setuptools(refused, tmp_path: Path):
    root = tmp_path / "project"
    root.mkdir()
    (root / "one.c").write_text(source("one"))
    (root / "two.c").write_text(f"{source('two')}int broken(void) {{ return missing; }}\n")
    (root / "setup.py").write_text(
        "from setuptools import Extension, setup\n"
        "setup(name='thing', version='1.0',\n"
        "      ext_modules=[Extension('one', ['one.c']), Extension('two', ['two.c'], optional=True)])\n"
    )
    assert refused(root).splitlines()[0] == f"error: {LOST}"


HELP_KILLED = "  help: somebody killed it, or the machine has too little memory: do less at a time, or give it more"


def test_a_compiler_that_is_killed(refused, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    compiler = tmp_path / "mycc"
    compiler.write_text('#!/bin/sh\ncase "$*" in *thing.c*) kill -KILL $$;; esac\nexec cc "$@"\n')
    compiler.chmod(0o755)
    assert refused(project, CC=str(compiler)).splitlines() == [
        "error: cannot build project: the compiler failed on thing.c",
        f"error: `{compiler}` died by SIGKILL",
        HELP_KILLED,
    ]


@pytest.mark.parametrize("hook", ["build_wheel", "get_requires_for_build_wheel"])
def test_a_back_end_that_is_killed(refused, project: Path, hook: str):  # noqa: F811
    backend = f"import os\ndef {hook}(*_):\n    print('so far', flush=True)\n    os.kill(os.getpid(), 9)\n"
    (project / "back" / "small_backend.py").write_text(backend)
    assert refused(project).splitlines() == [
        f"error: cannot build project: {hook} of small_backend died by SIGKILL",
        "so far",
        HELP_KILLED,
    ]


def test_a_back_end_that_names_a_wheel_elsewhere(refused, project: Path, tmp_path: Path):  # noqa: F811
    for name in (str(tmp_path / "thing-1.0-py3-none-any.whl"), "../thing-1.0-py3-none-any.whl"):
        (project / "back" / "small_backend.py").write_text(f"def build_wheel(*_):\n    return {name!r}\n")
        assert refused(project) == "error: the build back end small_backend made no wheel\n"


@pytest.mark.parametrize(
    "folder", ["with space", "with'quote", 'with"quote', "with\nline", "with$dollar", "with,comma"]
)
def test_a_temporary_folder_that_compilers_cannot_use(run, project: Path, tmp_path: Path, folder: str):  # noqa: F811
    (project / "thing.c").write_text(source())
    temporary = tmp_path / folder
    temporary.mkdir()
    result = run("build", project, "-o", tmp_path / folder / "out", TMPDIR=str(temporary))
    assert result.returncode == 0, result.stderr
    assert [path.name for path in temporary.iterdir()] == ["out"]


def test_an_sdist_whose_folder_has_a_space(build, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    project.rename(tmp_path / "my project")
    archive = shutil.make_archive(str(tmp_path / "thing-1.0"), "gztar", tmp_path, "my project")
    assert "thing.so" in contents(wheel_of(build(archive)))


def test_a_link_to_the_outside_is_not_written_through(build, project: Path, tmp_path: Path):  # noqa: F811
    (tmp_path / "outside.c").write_text(source())
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "notes.txt").write_text("notes")
    (project / "thing.c").symlink_to("../outside.c")
    (project / "common").symlink_to(tmp_path / "common")
    (project / "nowhere.txt").symlink_to(tmp_path / "made.txt")
    backend = project / "back" / "small_backend.py"
    writes = "".join(
        f"    Path({name!r}).open('a').write('// changed\\n')\n"
        for name in ("thing.c", "common/notes.txt", "nowhere.txt")
    )
    backend.write_text(backend.read_text().replace("    here = Path.cwd()\n", f"    here = Path.cwd()\n{writes}"))
    assert "thing.so" in contents(wheel_of(build(project)))
    assert (tmp_path / "outside.c").read_text() == source()
    assert (tmp_path / "common" / "notes.txt").read_text() == "notes"
    assert not (tmp_path / "made.txt").exists()


def test_a_module_that_another_compiler_linked(refused, project: Path):  # noqa: F811
    # A back end that has its own idea of where the compiler is.
    compiler = shutil.which("gcc") or shutil.which("clang")
    backend = project / "back" / "small_backend.py"
    text = backend.read_text()
    for old in (
        'shlex.split(variable("CXX" if cxx else "CC"))',
        'shlex.split(variable("LDCXXSHARED" if cxx else "LDSHARED"))',
    ):
        assert old in text
        text = text.replace(old, f"[{compiler!r}, '-fPIC']")
    backend.write_text(text.replace("*link,", "*link, '-shared',"))
    (project / "thing.c").write_text("extern int PyFoo_Bar(void);\nint PyInit_thing(void) { return PyFoo_Bar(); }\n")
    assert refused(project) == (
        "error: thing.so has undefined symbols of the C API: PyFoo_Bar. It was not linked by the compiler that the build was "
        "given\n  help: let the project's build use the compiler in CC and CXX\n"
    )


def test_a_compiler_that_is_not_there(refused, project: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    assert refused(project, CC="no-such-compiler") == (
        "error: CC names the compiler `no-such-compiler`, which is not on PATH\n"
        "  help: set CC to a compiler of this machine, or unset it\n"
    )


def test_a_python_that_is_not_there(refused, project: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    said = refused(project, "--python", "cpython-3.2")
    assert said.startswith("error: ") and "cpython-3.2" in said.splitlines()[0]


def test_a_failed_build_keeps_the_wheel_of_the_last_good_one(build, project: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    wheel = wheel_of(build(project))
    good = contents(wheel)
    (project / "thing.c").write_text("broken")
    assert build(project).returncode == 1
    assert list(wheel.parent.iterdir()) == [wheel]
    assert contents(wheel) == good
