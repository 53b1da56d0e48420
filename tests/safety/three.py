"""Compiles one source with the headers of HPy 0.9, HPy master and Cardan.

HPy's headers are taken from its last release, which is fetched for its test suite. Its master branch is on no index: what
its context has more is appended to the release's headers, in their own shape, from our specification; or CARDAN_HPY_MASTER
names the folder `include` of a checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import tomllib
from processes import HERE

# The release's context ends with this entry, and the master branch's with that.
LAST_IN_RELEASE, LAST_IN_MASTER = 262, 272


def unpack(sdist: Path, folder: Path) -> Path:
    """HPy's folder of headers and sources for extensions."""
    with tarfile.open(sdist) as archive:
        members = [member for member in archive.getmembers() if "/hpy/devel/" in member.name]
        archive.extractall(folder, members, filter="data")
    return next(folder.glob("hpy-*")) / "hpy" / "devel"


def appended() -> tuple[str, str]:
    """The members of the context that the master branch has more, and functions that call them."""
    entries = tomllib.loads((HERE.parents[1] / "spec/handles/context.toml").read_text())
    members, functions = [], []
    by_number = {
        entry["number"]: (name, entry.get("signature"))
        for part in ("handle", "function")
        for name, entry in entries[part].items()
    }
    for number in range(LAST_IN_RELEASE + 1, LAST_IN_MASTER + 1):
        name, signature = by_number[number]
        if signature is None:
            members.append(f"HPy {name};")
            continue
        result, arguments = signature.split(name, 1)
        context_name = "ctx_" + name.removeprefix("_").removeprefix("HPy").removeprefix("_")
        members.append(f"{result}(*{context_name}){arguments};")
        names = [argument.split()[-1].lstrip("*") for argument in arguments.strip("()").split(",")]
        functions.append(
            f"static inline __attribute__((unused)) {signature} {{ return ctx->{context_name}({', '.join(names)}); }}"
        )
    return "\n".join(members), "\n".join(functions) + "\n"


def like_master(devel: Path, folder: Path) -> Path:
    """A copy of the release's headers with what the master branch appended."""
    include = folder / "master"
    shutil.copytree(devel / "include", include, dirs_exist_ok=True)
    members, functions = appended()
    context = include / "hpy" / "universal" / "autogen_ctx.h"
    text = context.read_text()
    assert text.rstrip().endswith("};"), "the context is not the last thing in HPy's header"
    context.write_text(text.rstrip().removesuffix("};") + members + "\n};\n")
    calls = include / "hpy" / "universal" / "autogen_trampolines.h"
    calls.write_text(calls.read_text() + functions)
    return include


def build(sdist: Path, compiler: Path, folder: Path) -> dict[str, Path]:
    """The three files, by what their headers are called."""
    devel = unpack(sdist, folder / "hpy")
    named = os.environ.get("CARDAN_HPY_MASTER")
    master = Path(named) if named else like_master(devel, folder)
    built = {}
    for name, include in {"0.9": devel / "include", "master": master}.items():
        sources = [devel / "src" / "runtime" / f"{part}.c" for part in ("argparse", "buildvalue", "format", "helpers")]
        built[name] = folder / name / "headers.so"
        built[name].parent.mkdir(parents=True, exist_ok=True)
        flags = [
            "-shared",
            "-fPIC",
            "-O2",
            "-DHPY",
            "-DHPY_ABI_UNIVERSAL",
            f"-I{include}",
            f"-I{include.parent / 'src'}",
        ]
        if name == "master":
            flags.append("-DWITH_MASTER")
        subprocess.run(["cc", *flags, HERE / "headers.c", *sources, "-o", built[name]], check=True)
    built["cardan"] = folder / "cardan" / "headers.so"
    built["cardan"].parent.mkdir(exist_ok=True)
    subprocess.run([compiler, "-shared", "-O2", "-DWITH_MASTER", HERE / "headers.c", "-o", built["cardan"]], check=True)
    # As in a wheel: where a bare suffix is not found, Python's loader beside it is.
    loader = (HERE.parents[1] / "crates/cardan-cli/src/wheel/loader.py").read_text()
    (folder / "cardan" / "headers.py").write_text(loader.replace("{file}", "headers.so"))
    return built
