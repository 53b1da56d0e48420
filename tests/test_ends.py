"""However `cardan build` and `cardan test` end, nothing that they started stays: no process, no temporary folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from conftest import write_wheel
from test_build import project, source  # noqa: F401 (a fixture)

# A process that no signal of its group reaches, and that hears no polite one.
DAEMON = (
    "import os, signal, subprocess, sys, time\n"
    "quiet = lambda: [signal.signal(s, signal.SIG_IGN) for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)]\n"
    "subprocess.Popen(['sleep', '300'], start_new_session=True, preexec_fn=quiet)\n"
    "subprocess.Popen(['sleep', '300'])\n"
)


class Command:
    """The command, running, in a process group of its own; what it starts is known by a variable of the environment."""

    def __init__(self, folder: Path, *arguments: object, terminal: int | None = None, **environment: str) -> None:
        self.mark = uuid.uuid4().hex
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.process = subprocess.Popen(
            [*map(str, arguments)],
            env={**os.environ, "TMPDIR": str(self.temporary), "MARK": self.mark, **environment},
            start_new_session=True,
            # Whoever runs the tests may have told them to ignore a hang-up.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=subprocess.PIPE if terminal is None else terminal,
            stderr=subprocess.PIPE if terminal is None else terminal,
            text=True,
        )

    def processes(self) -> list[str]:
        """The command lines of what is alive of it."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"MARK={self.mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                pass
        return [line for line in found if line]

    def wait_for(self, words: str, count: int = 1) -> None:
        """Waits until so many of its processes have these words in their command line."""
        deadline = time.monotonic() + 120
        while sum(words in line for line in self.processes()) < count:
            assert time.monotonic() < deadline and self.process.poll() is None, self.process.communicate()
            time.sleep(0.02)

    def end(self) -> tuple[int, str]:
        """Waits for its end and for that of all that it started; the exit code and what it said on stderr."""
        _, said = self.process.communicate(timeout=120)
        deadline = time.monotonic() + 15
        while self.processes() or list(self.temporary.iterdir()):
            assert time.monotonic() < deadline, (self.processes(), [*self.temporary.rglob("*")][:20])
            time.sleep(0.02)
        return self.process.returncode, said


@pytest.fixture
def building(cardan: Path, project: Path, tmp_path: Path) -> Command:  # noqa: F811
    """A build whose back end has started two processes, and waits."""
    (project / "thing.c").write_text(source())
    backend = project / "back" / "small_backend.py"
    backend.write_text(f"{DAEMON}time.sleep(300)\n")
    command = Command(tmp_path, cardan, "build", project, "-o", tmp_path / "out")
    command.wait_for("sleep 300", 2)
    return command


@pytest.fixture
def testing(cardan: Path, tmp_path: Path) -> Command:
    """A test whose command has started two processes, and waits."""
    wheel = write_wheel(tmp_path, {"trivial.py": ""})
    arguments = ["--on", sys.executable, wheel, "--", "python", "-c", f"{DAEMON}time.sleep(300)"]
    command = Command(tmp_path, cardan, "test", *arguments)
    command.wait_for("sleep 300", 2)
    return command


SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT]


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("kind", ["building", "testing"])
def test_a_request_to_end(request: pytest.FixtureRequest, kind: str, name: signal.Signals):
    command = request.getfixturevalue(kind)
    command.process.send_signal(name)
    code, said = command.end()
    assert (code, said.splitlines()[-1]) == (1, "error: interrupted")


@pytest.mark.parametrize("kind", ["building", "testing"])
def test_ctrl_c_twice_at_a_terminal(request: pytest.FixtureRequest, kind: str):
    command = request.getfixturevalue(kind)
    for _ in range(2):
        os.killpg(command.process.pid, signal.SIGINT)
    code, said = command.end()
    assert (code, said.splitlines()[-1]) == (1, "error: interrupted")


@pytest.mark.parametrize("kind", ["building", "testing"])
def test_a_command_that_is_killed(request: pytest.FixtureRequest, kind: str):
    command = request.getfixturevalue(kind)
    os.killpg(command.process.pid, signal.SIGKILL)
    assert command.end()[0] == -signal.SIGKILL


@pytest.mark.parametrize("kind", ["building", "testing"])
def test_a_command_whose_worker_is_killed(request: pytest.FixtureRequest, kind: str):
    command = request.getfixturevalue(kind)
    (worker,) = Path(f"/proc/{command.process.pid}/task/{command.process.pid}/children").read_text().split()
    os.kill(int(worker), signal.SIGKILL)
    assert command.end() == (1, "error: the command died by SIGKILL\n")


def test_a_closed_terminal(cardan: Path, project: Path, tmp_path: Path):  # noqa: F811
    (project / "back" / "small_backend.py").write_text(f"{DAEMON}time.sleep(300)\n")
    own, other = os.openpty()
    command = Command(
        tmp_path,
        sys.executable,
        "-c",
        "import fcntl, os, sys, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\nos.execv(sys.argv[1], sys.argv[1:])\n",
        cardan,
        "build",
        project,
        "-o",
        tmp_path / "out",
        terminal=other,
    )
    os.close(other)
    command.wait_for("sleep 300", 2)
    os.close(own)
    command.end()


def test_nohup_is_respected(cardan: Path, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    command = Command(tmp_path, "nohup", cardan, "build", project, "-o", tmp_path / "out", SMALL_BACKEND_SLEEPS="2")
    command.wait_for("sleep 2")
    command.process.send_signal(signal.SIGHUP)
    assert command.end()[0] == 0


def test_a_background_process_ends_with_a_test_that_passes(cardan: Path, tmp_path: Path):
    wheel = write_wheel(tmp_path, {"trivial.py": ""})
    code = f"{DAEMON}print('done')"
    command = Command(tmp_path, cardan, "test", "--on", sys.executable, wheel, "--", "python", "-c", code)
    code, said = command.end()
    assert (code, said.endswith(": passed, done\n")) == (0, True)


def test_a_background_process_ends_with_a_build(cardan: Path, project: Path, tmp_path: Path):  # noqa: F811
    (project / "thing.c").write_text(source())
    backend = project / "back" / "small_backend.py"
    backend.write_text(f"{backend.read_text()}\n{DAEMON}")
    command = Command(tmp_path, cardan, "build", project, "-o", tmp_path / "out")
    assert command.end()[0] == 0


def test_a_folder_that_a_test_closes_goes_too(cardan: Path, tmp_path: Path):
    wheel = write_wheel(tmp_path, {"trivial.py": ""})
    code = "import os, tempfile; d = tempfile.mkdtemp(); os.mkdir(d + '/a'); os.chmod(d, 0o500)"
    command = Command(tmp_path, cardan, "test", "--on", sys.executable, wheel, "--", "python", "-c", code)
    assert command.end()[0] == 0
