"""Runs HPy's own test suite, unchanged, on the Python that runs this file, with our `hpy` in place of HPy's.

    python run.py --suite FOLDER --known FILE --report FOLDER [--jobs N] [-- ARGUMENTS]

The suite's FOLDER holds its folder `test`; FILE is known.toml as JSON. The report is a JSON file with the name of this Python.
ARGUMENTS are pytest's. The environment names the compiler (CARDAN_TOOLCHAIN) and the folder of compiled modules
(CARDAN_SUITE_CACHE).

Tests run in processes of their own, each with a share of them. One that dies or hangs is a failure of the test that it was
in, and another goes on with the rest.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent

sys.path.insert(0, str(HERE.parent / "packages"))

from run_tests import host_name  # noqa: E402

# No test of the suite takes as long, on any Python.
SILENCE = 420

OTHER = "other"


def abi_of(item):
    """How a test loads its modules: the suite's parameter, or what a folder says for all of its tests."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    if "hpy_abi" in parameters:
        return parameters["hpy_abi"]
    folder = Path(str(item.fspath)).parent.name
    return folder if folder in ("debug", "trace") else OTHER


class Plugin:
    """Takes this process's share of the tests, marks known failures, and writes down what happens."""

    def __init__(self, plan):
        self.plan = plan
        self.results = open(plan["results"], "a")  # noqa: SIM115 (open as long as the process)
        self.abis = {}

    def write(self, **entry):
        """Adds a line."""
        print(json.dumps(entry), file=self.results, flush=True)

    def pytest_collection_modifyitems(self, config, items):
        """Leaves out what is not for us, and what other processes do."""
        import pytest

        done = set(self.plan["done"])
        chosen = [item for item in items if abi_of(item) != "cpython" and "test_distutils.py" not in item.nodeid]
        share = [item for index, item in enumerate(chosen) if index % self.plan["shares"] == self.plan["share"]]
        share = [item for item in share if item.nodeid not in done]
        for item in share:
            self.abis[item.nodeid] = abi_of(item)
            for known in self.plan["known"]:
                if any(matches(item.nodeid, test) for test in known["tests"]):
                    run = not known["unsteady"]
                    item.add_marker(pytest.mark.xfail(reason=known["reason"], strict=True, run=run))
        config.hook.pytest_deselected(items=[item for item in items if item not in share])
        items[:] = share

    def pytest_runtest_logstart(self, nodeid):
        """So that it is known which test was the last."""
        if nodeid in self.abis:
            self.write(start=nodeid, abi=self.abis[nodeid])

    def pytest_runtest_logreport(self, report):
        """One line for each test; the first phase that does not pass decides."""
        if report.nodeid not in self.abis:
            return
        if report.when == "call" or report.outcome != "passed":
            outcome = "known" if hasattr(report, "wasxfail") and report.skipped else report.outcome
            said = report.longreprtext if report.outcome == "failed" else ""
            self.write(end=report.nodeid, outcome=outcome, said=said[-6000:])


def matches(nodeid, test):
    """Whether a test of the known failures, with or without its parameters, is this one."""
    return nodeid.endswith(test) or nodeid.split("[")[0].endswith(test)


def share(plan_file):
    """Runs one share of the tests."""
    import pytest
    import setuptools  # noqa: F401 (brings distutils, which the suite imports)

    plan = json.loads(Path(plan_file).read_text())
    options = ["-q", "-c", os.devnull, "--rootdir", plan["suite"], "-p", "no:cacheprovider", "--tb=short"]
    options += ["--basetemp", plan["temporary"], "-o", "tmp_path_retention_policy=none"]
    return pytest.main([*options, *plan["pytest"], os.path.join(plan["suite"], "test")], plugins=[Plugin(plan)])


def known_here(file):
    """The known failures of this Python."""
    host = host_name()

    def is_here(name):
        return name == "all" or host == name or host.startswith(f"{name}.")

    return [known for known in json.loads(file.read_text()) if any(map(is_here, known["hosts"]))]


class Share:
    """The processes that run one share, one after the other."""

    def __init__(self, folder, number, arguments):
        self.folder = folder / str(number)
        self.folder.mkdir()
        # A copy, since the suite has a lock beside itself.
        shutil.copytree(Path(arguments.suite) / "test", self.folder / "suite" / "test")
        self.results = {}
        self.errors = []
        self.plan = {
            "suite": str(self.folder / "suite"),
            "share": number,
            "shares": arguments.jobs,
            "known": known_here(Path(arguments.known)),
            "results": str(self.folder / "results"),
            "temporary": str(self.folder / "temporary"),
            "pytest": arguments.pytest,
        }
        self.start()

    def start(self):
        """Starts a process for what is left."""
        Path(self.plan["results"]).write_text("")
        plan = self.folder / "plan.json"
        plan.write_text(json.dumps({**self.plan, "done": sorted(self.results)}))
        environment = dict(os.environ)
        path = [str(HERE), environment.get("PYTHONPATH")]
        environment["PYTHONPATH"] = os.pathsep.join(folder for folder in path if folder)
        # Without our own plugin, which would fail the tests that leak handles on purpose, also where the suite runs pytest
        # itself; and without one that asks for what only some interpreters tell.
        environment["PYTEST_ADDOPTS"] = "-p no:cardan -p no:unraisableexception"
        # The suite compares what a process that dies writes to stderr.
        environment.pop("PYTHONFAULTHANDLER", None)
        command = [sys.executable, str(HERE / "run.py"), "--plan", str(plan)]
        self.output = open(self.folder / "output", "w+")  # noqa: SIM115 (open as long as the process)
        self.process = subprocess.Popen(
            command, env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output
        )
        self.progress = (0, time.monotonic())

    def poll(self):
        """Looks after the process. Returns whether the share is done."""
        code = self.process.poll()
        size = os.path.getsize(self.plan["results"])
        if size != self.progress[0]:
            self.progress = (size, time.monotonic())
        elif code is None and time.monotonic() - self.progress[1] > SILENCE:
            self.process.kill()
            code = self.process.wait()
        if code is None:
            return False
        last = self.collect()
        # pytest's codes: all passed, some failed, none there.
        if last is None and code in (0, 1, 5):
            return True
        if last is None:
            self.output.seek(0)
            self.errors.append(f"pytest ended with {code}:\n{self.output.read()[-6000:]}")
            return True
        how = "hung" if code == -9 else f"ended the process with {code}"
        self.output.seek(0)
        output = self.output.read()
        # What the interpreter says when it dies begins with the function that it died in.
        start = max(output.find("Fatal Python error"), len(output) - 3000, 0)
        said = f"the test {how}\n{output[start : start + 3000]}"
        if self.is_known(last["start"]):
            self.results[last["start"]] = {"abi": last["abi"], "outcome": "known", "said": said}
        else:
            self.results[last["start"]] = {"abi": last["abi"], "outcome": "failed", "said": said}
        self.start()
        return False

    def is_known(self, nodeid):
        """Whether a failure of this test is known."""
        return any(matches(nodeid, test) for known in self.plan["known"] for test in known["tests"])

    def collect(self):
        """Reads the results. Returns the test that has none."""
        unfinished = None
        for line in Path(self.plan["results"]).read_text().splitlines():
            entry = json.loads(line)
            if "start" in entry:
                self.results[entry["start"]] = {"abi": entry["abi"], "outcome": "passed", "said": ""}
                unfinished = entry
                continue
            result = self.results[entry["end"]]
            if result["outcome"] == "passed":
                result.update(outcome=entry["outcome"], said=entry["said"])
            if unfinished and unfinished["start"] == entry["end"]:
                unfinished = None
        if unfinished:
            del self.results[unfinished["start"]]
        return unfinished


def main():
    """Runs all shares, writes the report, and returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--suite")
    parser.add_argument("--known")
    parser.add_argument("--report")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--plan")
    parser.add_argument("pytest", nargs="*")
    arguments = parser.parse_args()
    if arguments.plan:
        return share(arguments.plan)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cardan-suite-") as folder:
        shares = [Share(Path(folder), number, arguments) for number in range(arguments.jobs)]
        running = list(shares)
        while running:
            running = [one for one in running if not one.poll()]
            time.sleep(0.2)
        results = {nodeid: result for one in shares for nodeid, result in one.results.items()}
        errors = [error for one in shares for error in one.errors]
    report = {"results": results, "errors": errors, "seconds": round(time.monotonic() - started, 1)}
    Path(arguments.report, f"{host_name()}.json").write_text(json.dumps(report, indent=1))
    failed = {nodeid: result for nodeid, result in results.items() if result["outcome"] == "failed"}
    for nodeid, result in sorted(failed.items()):
        said = result["said"]
        print(f"--- {nodeid}\n{said if len(said) < 1500 else said[:750] + ' [...] ' + said[-750:]}")
    for error in errors:
        print(error)
    print(f"{len(results) - len(failed)} of {len(results)} tests as expected in {report['seconds']} s")
    return 0 if results and not failed and not errors else 1


if __name__ == "__main__":
    sys.exit(main())
