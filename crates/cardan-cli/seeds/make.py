"""Writes the seeds of the fuzzer into folders beside this file, one for each reader.

They hold what the readers are for, as small as it can be. `python make.py` writes them all anew; a C compiler is needed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent

METADATA = """Metadata-Version: 2.1
Name: a
Version: 1
Requires-Python: >=3.9,!=3.10.*
Requires-Dist: b[c,d]>=1.0,<2; python_version < "3.11" and extra == "test"
Requires-Dist: e @ https://example.org/e-1.tar.gz
Requires-Dist: f (~=1.0)

Text
"""

WHEEL = """Wheel-Version: 1.0
Generator: seeds 1
Root-Is-Purelib: false
Tag: cp313-cp313-linux_x86_64
"""

PYPROJECT = """[build-system]
requires = ["cardan", "setuptools>=70"]
build-backend = "cardan.backend"
[project]
name = "a"
requires-python = ">=3.9"
[tool.cardan]
build-backend = "b:c"
backend-path = ["d"]
"""

# A module with everything that is read of one: names of the C API, handles, escapes, libraries.
MODULE = """
static const char name[] = "PyList_New", module_name[] = "a", always[] = "PyErr_SetString";
static void *slots[2];
struct record { const char *name; void **slot; void *stand_in, *thunk; unsigned kind, stub_on; };
__attribute__((section("cdn_imports"), used)) static struct record records[] = {
    {name, &slots[0], slots, 0, 0, 1}, {always, &slots[1], 0, 0, 1, 0}};
struct definition { const char *doc; long size; void *legacy_methods, *defines, *globals; };
static struct definition definition = {0, 0, slots, 0, 0};
struct entry { const char *name; unsigned major, minor; long size; void *init, *globals; struct definition *definition; };
__attribute__((section("cdn_handles"), used)) static struct entry entry = {module_name, 1, 0, 2208, 0, 0, &definition};
__attribute__((section("cdn_escapes"), used)) static const char escapes[] = "HPy_AsPyObject\\0HPy_FromPyObject";
extern int puts(const char *);
void *HPyInit_a(void) { puts(name); return records; }
void *PyInit_a(void) { return &entry; }
"""


def compiled(*words: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        command = ["cc", "-x", "c", "-", "-Os", "-fPIC", "-fno-asynchronous-unwind-tables", "-o", str(output), *words]
        subprocess.run(command, input=MODULE.encode(), check=True)
        return output.read_bytes()


def record(files: dict[str, bytes]) -> bytes:
    lines = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, "a-1.dist-info/RECORD,,", ""]).encode()


def wheel(files: dict[str, bytes], method: int) -> bytes:
    files = {**files, "a-1.dist-info/METADATA": METADATA.encode(), "a-1.dist-info/WHEEL": WHEEL.encode()}
    return zipped({**files, "a-1.dist-info/RECORD": record(files)}, method)


def zipped(files: dict[str, bytes], method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def tarred(kind: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=kind) as archive:
        for name, data in {"a-1/PKG-INFO": METADATA.encode(), f"a-1/{'long/' * 30}x.c": b"int x;\n"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, target, link in [
            ("a-1/y.c", "PKG-INFO", tarfile.SYMTYPE),
            ("a-1/z.c", "a-1/PKG-INFO", tarfile.LNKTYPE),
        ]:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = link, target
            archive.addfile(member)
    return buffer.getvalue()


def main() -> None:
    linked = ["-shared", "-nostdlib", "-Wl,-z,noseparate-code", "-Wl,--hash-style=both", "-s"]
    module = compiled(*linked, "-lc")
    plain = {"a.py": b"x = 1\n", "a-1.data/scripts/a": b"#!python\n"}
    seeds = {
        "elf": {
            "module.elf": module,
            "gnu-hash.elf": compiled(*linked, "-Wl,--hash-style=gnu"),
            "object.elf": compiled("-c"),
        },
        "metadata": {"METADATA": METADATA.encode(), "WHEEL": WHEEL.encode(), "pyproject.toml": PYPROJECT.encode()},
        "record": {"RECORD": record({"a.py": b"x", "a-1.dist-info/METADATA": b""}), "quoted": b'"a.py","md5=x",1\n'},
        "tar": {"gnu.tar": tarred(tarfile.GNU_FORMAT), "pax.tar": tarred(tarfile.PAX_FORMAT)},
        "wheel": {
            "stored.whl": wheel({"a.so": module, "a.py": b""}, zipfile.ZIP_STORED),
            "deflated.whl": wheel(plain, zipfile.ZIP_DEFLATED),
        },
        "zip": {
            "sdist.zip": zipped({"a-1/PKG-INFO": METADATA.encode(), "a-1/b/c.c": b"int x;\n"}, zipfile.ZIP_DEFLATED)
        },
    }
    for reader, files in seeds.items():
        (HERE / reader).mkdir(exist_ok=True)
        for name, data in files.items():
            (HERE / reader / name).write_bytes(data)


if __name__ == "__main__":
    main()
