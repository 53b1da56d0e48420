"""What the end-to-end tests share: the command that was built, and ways to run it."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def told(rows: list[dict]) -> str:
    """What rows of `cardan test --json` say, the end of it last."""
    return "\n\n".join(f"{row['output']}\n{row['name']}: {row['detail']}" for row in rows)


@pytest.fixture(scope="session")
def cardan() -> Path:
    """The command: CARDAN_BIN, or else the newest that cargo built."""
    if named := os.environ.get("CARDAN_BIN"):
        return Path(named)
    built = [path for kind in ("release", "debug") if (path := ROOT / "target" / kind / "cardan").exists()]
    if not built:
        pytest.fail("the command is not built: run `cargo build`, or name it in CARDAN_BIN")
    return max(built, key=lambda path: path.stat().st_mtime)


@pytest.fixture
def run(cardan: Path):
    """Runs the command with these arguments; environment variables are given by name."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [cardan, *map(str, arguments)],
            env={**os.environ, **environment},
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=1200,
        )

    return run


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the Python package `cardan`, without the command."""
    folder = tmp_path_factory.mktemp("package")
    command = ["cargo", "xtask", "wheel", "--package-only", "-o", folder]
    result = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return Path(result.stdout.strip())


@pytest.fixture(scope="session")
def compile_module(cardan: Path, tmp_path_factory: pytest.TempPathFactory):
    """Compiles C files to a universal module as `cardan build` does: `compile_module(output, *sources, *flags)`."""
    folder = tmp_path_factory.mktemp("toolchain") / "made"
    made = subprocess.run([cardan, "toolchain", folder], check=True, capture_output=True, text=True)
    environment = {**os.environ, "CARDAN_TOOLCHAIN": made.stdout.strip()}

    def compile_module(output: Path, *words: object) -> Path:
        command = [folder / "bin" / "cc", "-shared", "-O1", "-Wall", "-Werror", *map(str, words), "-o", output]
        result = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return output

    return compile_module


def write_wheel(folder: Path, files: dict[str, str | bytes], metadata: str = "", tag: str | None = None) -> Path:
    """Writes a wheel of the distribution `trivial` with these files and further lines of metadata."""
    tag = tag or f"py3-none-manylinux_2_17_{os.uname().machine}"
    files = {
        **files,
        "trivial-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: trivial\nVersion: 1.0\n{metadata}",
        "trivial-1.0.dist-info/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
    }
    contents = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    record = "trivial-1.0.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in contents.items()]
    contents[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    wheel = folder / f"trivial-1.0-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return wheel


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
