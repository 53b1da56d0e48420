"""A build back end (PEP 517) of few lines and without requirements, so that builds in tests are quick.

It compiles each C and C++ file at the top of the source tree to an extension module of its name, with what sysconfig
says, and packs Python files as they are.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sysconfig
import zipfile
from pathlib import Path

NAME, VERSION = "thing", "1.0"


def _compile(source: Path) -> Path:
    variable = sysconfig.get_config_var
    cxx = source.suffix == ".cpp"
    compiler = shlex.split(variable("CXX" if cxx else "CC"))
    target = source.with_suffix(".o")
    flags = [*shlex.split(variable("CFLAGS")), *shlex.split(os.environ.get("CFLAGS", ""))]
    include = ["-I", sysconfig.get_path("include")]
    subprocess.run([*compiler, *flags, *include, "-c", source.name, "-o", target.name], check=True)
    module = source.with_suffix(variable("EXT_SUFFIX"))
    link = shlex.split(variable("LDCXXSHARED" if cxx else "LDSHARED"))
    extra = shlex.split(os.environ.get("LDFLAGS", ""))
    subprocess.run([*link, target.name, "-o", module.name, *extra], check=True)
    return module


def build_wheel(
    wheel_directory: str, config_settings: dict | None = None, metadata_directory: str | None = None
) -> str:
    here = Path.cwd()
    print("the small back end is at work")
    if seconds := os.environ.get("SMALL_BACKEND_SLEEPS"):
        subprocess.run(["sleep", seconds], check=True)
    sources = sorted([*here.glob("*.c"), *here.glob("*.cpp")])
    files = [*sorted(here.glob("*.py")), *(_compile(source) for source in sources)]
    name = f"{NAME}-{VERSION}-cp3-cp3-linux_x86_64.whl"
    information = f"{NAME}-{VERSION}.dist-info"
    with zipfile.ZipFile(Path(wheel_directory, name), "w") as archive:
        for file in files:
            archive.write(file, file.name)
        if config_settings:
            archive.writestr("settings.txt", repr(config_settings))
        archive.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n")
        archive.writestr(
            f"{information}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: small 1\nRoot-Is-Purelib: false\nTag: cp3-cp3-linux_x86_64\n",
        )
        archive.writestr(f"{information}/RECORD", "")
    return name
