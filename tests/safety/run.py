"""What the handle door does with what it should never be given: python run.py --help.

Each part is a table of its own in the results, one row for each Python, and ends with exit code 1 if a row is not as it
should be.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import three
from processes import HERE, batch, environment, run

# A call on GraalPy takes some fifty times as long as elsewhere.
SLOW = ("graalpy",)
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-g"]
MODEL = ["model.c", "model_values.c", "model_containers.c"]

# What cannot be done while allocations fail, and why.
LEFT_OUT = {
    "test_threads.py": "its threads wait for one that could not be started",
    "test_complete.py": "it reads the specification only",
    "test_interpreter.py::test_code": "CPython's compiler spoils the heap where it has no memory: also with compile() alone",
}
# What a failed allocation changes although the call can be made again, and why. All other tests have to pass.
CHANGED = {
    "test_exceptions.py::test_raising": "there is no message where there is no memory for its UTF-8",
    "test_exceptions.py::test_looking": "Python code raises MemoryError in place of the exception that is looked at",
    "test_exceptions.py::test_unraisable": "the same",
    "test_exceptions.py::test_printing": "the same",
    "test_exceptions.py::test_taking_and_setting": "the same",
    "test_interpreter.py::test_capsules_of_modules": "CPython turns MemoryError into ImportError",
    "test_interpreter.py::test_context_variables": "CPython takes a token as used that it had no memory for",
    "test_interpreter.py::test_memory": "the result says that there was no memory",
    "test_objects.py::test_attributes": "HPy_HasAttr takes any error for no",
    "test_objects.py::test_iteration": "an iterator of Python went a step on before it raised MemoryError",
    "test_objects.py::test_sending": "a generator that raised MemoryError has ended",
    "test_state.py::test_adding_types": "it compares with the module, which is wrapped for this",
    "test_state.py::test_modules_of_types": "the same",
}
# The oldest CPython that does not crash in its own code without memory, where the suite and `fail_loading.py` bring it to that.
WITHSTANDS = [3, 14]


class Safety:
    """The parts, and what they need."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.short = arguments.short
        self.work = Path(arguments.work).resolve()
        shutil.rmtree(self.work / "modules", ignore_errors=True)
        self.modules = self.work / "modules"
        self.modules.mkdir(parents=True)
        self.package = self.work / "package"
        shutil.rmtree(self.package, ignore_errors=True)
        with zipfile.ZipFile(arguments.wheel) as wheel:
            wheel.extractall(self.package)
        self.toolchain = Path(arguments.toolchain).resolve()
        # The compiler finds its folder by this.
        os.environ["CARDAN_TOOLCHAIN"] = str(self.toolchain / "toolchain.json")
        found = json.loads(subprocess.check_output([arguments.cardan, "pythons", "--json"]))["pythons"]
        self.all = [python for python in found if python["usable"]]
        self.hosts = [python for python in self.all if python["tested_by_default"]]
        self.good = True
        self.text: list[str] = []

    def compile(self, name, sources, *flags):
        """A module, compiled once: one that is sanitized with the runtime that is."""
        chosen = self.arguments.sanitized_toolchain if flags == tuple(SANITIZE) else self.toolchain
        toolchain = Path(chosen).resolve()
        output = self.modules / name
        output.parent.mkdir(parents=True, exist_ok=True)
        files = [HERE / source for source in sources]
        env = {**os.environ, "CARDAN_TOOLCHAIN": str(toolchain / "toolchain.json")}
        subprocess.run([toolchain / "bin" / "cc", "-shared", "-O1", *flags, *files, "-o", output], env=env, check=True)
        return output

    def table(self, title, columns, rows, *remarks):
        """Adds a table; a row is a list of cells, and whether it is as it should be."""
        lines = [f"## {title}", "", f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
        for cells, good in rows:
            self.good = self.good and good
            lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
        self.text += [*lines, "", *[line for remark in remarks for line in (remark, "")]]
        print("\n".join([*lines, ""]), flush=True)

    def the_313(self, built_here):
        """A CPython 3.13 with the GIL: one that was built here, or the newest, if there are several."""
        fitting = [it for it in self.all if it["name"].startswith("cpython-3.13") and not it["free_threaded"]]
        return min(fitting, key=lambda it: it["tested_by_default"] == built_here) if fitting else None

    def newest(self):
        """The newest CPython with the GIL, and its version."""
        versions = {
            it["name"]: [int(part) for part in it["name"].removeprefix("cpython-").split(".")]
            for it in self.hosts
            if it["name"].startswith("cpython-") and not it["free_threaded"]
        }
        hosts = [it for it in self.hosts if it["name"] in versions]
        found = max(hosts, key=lambda it: versions[it["name"]], default=None)
        return found, versions[found["name"]] if found else []

    def hostile(self):
        """Changed definitions."""
        module = self.compile("hostile.so", ["hostile.c"])
        count = 100 if self.short else 1000
        rows = []
        for host in self.hosts:
            command = [host["executable"], HERE / "hostile.py", module]
            outcomes, deaths = batch(command, 0, count, environment(self.package), 300)
            kinds = collections.Counter(outcome.split()[0] for outcome in outcomes.values() if outcome)
            wrong = deaths + [f"{number}: {said}" for number, said in outcomes.items() if said.startswith("!")]
            said = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
            rows.append(
                (
                    [host["name"], len(outcomes), said, "; ".join(wrong)[:300] or "none"],
                    not wrong and len(outcomes) == count,
                )
            )
        self.table(
            "Changed definitions of modules and types",
            ["Python", "definitions", "outcomes", "crashes, hangs and other exceptions"],
            rows,
            "Each is a valid tree of definitions with one to three changes: sizes, kinds, slots, signatures, names, functions, "
            "flags, shapes, offsets, bases, lists of 70000 entries, and lists without an end that are followed by numbers, "
            "text or -1. What was loaded is used as well. A list without an end that is followed by addresses of other things, "
            "or by memory that cannot be read, cannot be told from a longer list: that ends the process.",
        )  # fmt: skip

    def model(self):
        """Random calls."""
        module = self.compile("model.so", MODEL)
        rows = []
        for host in self.hosts:
            slow = host["implementation"] in SLOW
            wanted = (20_000 if slow else 100_000) if self.short else 1_000_000
            if not self.short and host["name"].startswith("cpython-3.13"):
                wanted = 10_000_000
            for mode in [[]] if slow and self.short else [[], ["--debug"]]:
                calls = wanted if not mode else 20_000 if slow or self.short else 200_000
                command = [host["executable"], HERE / "model.py", module, calls, *mode]
                how, output, errors = run(command, environment(self.package), 900)
                good = how == "exit code 0"
                said = output.strip() if good else f"{how}: {errors.strip()[-300:]}"
                rows.append(([host["name"], "debug" if mode else "production", said], good))
        self.table(
            "Random calls against a model",
            ["Python", "context", "calls made, and blocks of memory more than before"],
            rows,
            "Calls on int, float, str, bytes, list, tuple, dict, set, objects of our own type, fields, globals, builders, "
            "writers, trackers, buffers, exceptions, capsules and context variables; every result is compared. Afterwards no "
            "object of our type may be left (objects that refer to themselves included, but on PyPy, whose collector does not "
            "look into C structs), and in the debug context no handle may be open.",
        )  # fmt: skip

    def headers(self):
        """Binaries of three headers."""
        built = three.build(Path(self.arguments.sdist), self.toolchain / "bin" / "cc", self.work / "three")
        rows = []
        for host in self.hosts:
            cells, good = [host["name"]], True
            for name, file in built.items():
                command = [host["executable"], HERE / "check_headers.py", file, name]
                how, _, errors = run(command, environment(self.package), 300)
                good = good and how == "exit code 0"
                cells.append("passed" if how == "exit code 0" else f"{how}: {errors.strip()[-300:]}")
            rows.append((cells, good))
        master = "of a checkout" if "CARDAN_HPY_MASTER" in os.environ else (
            "those of 0.9 with the ten entries that the master branch appended, written from our specification in HPy's shape"
        )  # fmt: skip
        self.table(
            "One source, three headers: the same three files on every Python",
            ["Python", *[f"HPy {name}" if name != "cardan" else "Cardan" for name in built]],
            rows,
            f"HPy master's headers are {master}. Each file is loaded in the production and in the debug context; Cardan's is also imported.",
        )  # fmt: skip

    def sanitizers(self):
        """What was instrumented."""
        host = self.the_313(built_here=True)
        if host is None:
            return
        libraries = [
            subprocess.check_output(["gcc", f"-print-file-name={name}"], text=True).strip()
            for name in ("libasan.so", "libubsan.so")
        ]
        # The package with a runtime in which each access to memory is checked, as in the modules.
        package = self.work / "sanitized-package"
        shutil.rmtree(package, ignore_errors=True)
        shutil.copytree(self.package, package)
        shutil.copy(self.arguments.sanitized_module, package / "cardan" / "_runtime.so")
        env = environment(
            package,
            PYTHONMALLOC="malloc",
            LD_PRELOAD=":".join(os.path.realpath(library) for library in libraries),
            ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1",
            UBSAN_OPTIONS="print_stacktrace=1",
        )
        python = host["executable"]
        rows = []
        model = self.compile("sanitized/model.so", MODEL, *SANITIZE)
        hostile = self.compile("sanitized/hostile.so", ["hostile.c"], *SANITIZE)
        planted = self.compile("sanitized/planted.so", ["planted.c"], *SANITIZE)
        calls = 20_000 if self.short else 1_000_000
        expected = "exit code 0"
        runs = [
            (f"random calls: {calls}", [python, HERE / "model.py", model, calls]),
            (f"random calls, debug context: {calls // 10}", [python, HERE / "model.py", model, calls // 10, "--debug"]),
            ("changed definitions", [python, HERE / "hostile.py", hostile, 0, 50 if self.short else 300]),
        ]
        for what, command in runs:
            how, _, errors = run(command, env, 900)
            rows.append(
                (
                    [what, "ASan and UBSan", "no report" if how == expected else f"{how}: {errors[-400:]}"],
                    how == expected,
                )
            )
        own = f"import sys; sys.path.insert(0, {str(planted.parent)!r}); import planted"
        loaded = f"import cardan; planted = cardan.load('planted', {str(planted)!r})"
        for what, load, call, report in [
            ("in C", own, "overrun(100)", "heap-buffer-overflow"),
            ("in C", own, f"overflow({2**31 - 1})", "signed integer overflow"),
            ("in a module's own runtime", own, "late_tracker(5)", "heap-use-after-free"),
            ("in the runtime that loads modules", loaded, "late_tracker(5)", "heap-use-after-free"),
        ]:
            how, _, errors = run([python, "-c", f"{load}; planted.{call}"], env, 300)
            found = report in errors and how != expected
            rows.append(
                (
                    [
                        f"a fault on purpose {what}: {report}",
                        "ASan and UBSan",
                        "found" if found else f"not found: {how}",
                    ],
                    found,
                )
            )
        suite = self.sanitized_suite(env, python)
        rows += suite
        if shutil.which("valgrind") and not self.short:
            plain = environment(self.package, PYTHONMALLOC="malloc")
            files = [self.compile("model.so", MODEL), self.compile("hostile.so", ["hostile.c"])]
            for what, command in [
                ("random calls: 100000", [python, HERE / "model.py", files[0], 100_000]),
                ("changed definitions", [python, HERE / "hostile.py", files[1], 0, 100]),
            ]:
                how, _, errors = run(["valgrind", "-q", "--error-exitcode=9", *command], plain, 900)
                rows.append(
                    ([what, "valgrind", "no report" if how == expected else f"{how}: {errors[-400:]}"], how == expected)
                )
        self.table(
            f"Sanitizers, on {host['name']}",
            ["what", "by", "result"],
            rows,
            "Instrumented are the C code, which is trampolines, inline functions of the headers, and what the modules do with "
            "what they are given, and the runtime: in each module, and in the package, which loads the random calls and the "
            "definitions. Valgrind watches what is shipped.",
        )  # fmt: skip

    def suite(self, folder, *flags):
        """The conformance suite's modules."""
        sources = sorted((HERE.parents[1] / "conformance/handles/modules").glob("*.c"))
        for source in sources:
            self.compile(f"{folder}/cases_{source.stem}.so", [source], *flags)
        return self.modules / folder

    def pytest(self, python, folder, env, *options, timeout=900):
        """Runs the conformance suite: how it ended and its last line."""
        import pytest

        env = {
            **env,
            "PYTHONPATH": os.pathsep.join([str(HERE), str(Path(pytest.__file__).parents[1]), env["PYTHONPATH"]]),
        }
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "--modules", folder, *options]
        command += ["--rootdir", HERE.parents[1]]
        how, output, errors = run(
            [*command, HERE.parents[1] / "conformance/handles"], env, timeout, cwd=HERE.parents[1]
        )
        return how, (output.strip().splitlines() or [""])[-1], output + errors

    def sanitized_suite(self, env, python):
        """The conformance suite, instrumented."""
        if self.short:
            return []
        folder = self.suite("sanitized/suite", *SANITIZE)
        rows = []
        for context in ("production", "debug"):
            # A module that is imported has the debug context by the package.
            mode = {"CARDAN": "debug"} if context == "debug" else {}
            how, last, output = self.pytest(python, folder, {**env, **mode})
            reported = [line for line in output.splitlines() if "runtime error" in line or "AddressSanitizer" in line]
            good = how == "exit code 0" and not reported
            said = last if good else f"{how}: {last} {reported[:3]}"
            rows.append(([f"the conformance suite, {context} context", "ASan and UBSan", said], good))
        return rows

    def allocations(self):
        """Each allocation fails once."""
        host, version = self.newest()
        if version < WITHSTANDS:
            name = host["name"] if host else "CPython"
            self.text += ["## Each allocation fails once", "", f"Skipped: {name} crashes in its own code.", ""]
            print(f"skipped: allocations that fail, since {name} crashes in its own code without memory; 3.14 does not")
            return
        library = self.modules / "failing.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", HERE / "failing.c", "-o", library, "-ldl"], check=True)
        record = self.work / "failures.jsonl"
        record.write_text("")
        env = environment(self.package, PYTHONMALLOC="malloc", LD_PRELOAD=str(library), CARDAN_FAILURES=str(record))
        folder = self.suite("suite")
        tests = HERE.parents[1] / "conformance/handles"
        files = sorted(file.name for file in tests.glob("test_*.py") if file.name not in LEFT_OUT)
        if self.short:
            files = ["test_containers.py", "test_buffers.py"]
        rows = []
        for file in files:
            record.write_text("")
            ignored = [f"--ignore={tests / other.name}" for other in tests.glob("test_*.py") if other.name != file]
            ignored += [f"--deselect=conformance/handles/{name}" for name in LEFT_OUT]
            how, last, output = self.pytest(host["executable"], folder, env, "-p", "fail_allocations", *ignored)
            ends = [json.loads(line) for line in record.read_text().splitlines() if '"end"' in line]
            counted = {
                name: sum(end[name] for end in ends) for name in ("calls", "failed", "MemoryError", "went on", "other")
            }
            changed = {name for name in CHANGED if name.startswith(file)}
            failed = {end["end"].rpartition("/")[2] for end in ends if end["outcome"] == "failed"}
            good = how == ("exit code 1" if changed else "exit code 0") and failed == changed
            good = good and (counted["failed"] > 0) == (counted["calls"] > 0)
            said = "none" if good else f"{how}: {sorted(failed ^ changed)} {output[-300:]}"
            rows.append(([file, *counted.values(), len(changed), said], good))
        self.table(
            f"Each allocation fails once, on {host['name']}",
            ["tests", "calls", "failed allocations", "MemoryError", "went on without", "another exception", "changed", "else"],
            rows,
            "In each call of the conformance suite's modules the first allocation fails, then, if that raised MemoryError, the "
            "second when the call is made again, and so on until one goes through. Another exception is mostly the one that the "
            "test is about. Then the test goes on as if nothing had been, and passes: but for those that a failed allocation changes ("
            + "; ".join(f"{name}: {reason}" for name, reason in CHANGED.items()) + ").",
            "Left out: " + "; ".join(f"{file} ({reason})" for file, reason in LEFT_OUT.items()) + ".",
        )  # fmt: skip
        self.loading(host, folder, env)

    def loading(self, host, folder, env):
        """Imports, types, objects and attributes, while each allocation fails."""
        copies = self.work / "copies"
        shutil.rmtree(copies, ignore_errors=True)
        copies.mkdir()
        how, output, errors = run([host["executable"], HERE / "fail_loading.py", folder, copies], env, 600)
        shutil.rmtree(copies)
        lines = [json.loads(line) for line in output.splitlines()]
        groups = collections.defaultdict(list)
        for line in lines:
            if "action" in line:
                words = line["action"].split()
                groups[{"import": "import of a module", "first": "first import of a file", "attribute": "attribute"}.get(
                    words[0], line["action"]
                )].append(line)  # fmt: skip
        rows = []
        for name, members in groups.items():
            counted = [sum(member[kind] for member in members) for kind in ("failed", "errors", "went on")]
            wrong = [f"{member['action']}: {it}" for member in members for it in member["leaks"] + member["odd"]]
            rows.append(
                ([name, len(members), *counted, "; ".join(wrong)[:300] or "none"], not wrong and counted[0] > 0)
            )
        if how != "exit code 0" or not rows:
            rows.append(([lines[-1] if lines else "", "", "", "", "", f"{how}: {errors[-300:]}"], False))
        self.table(
            f"Imports, types and objects while each allocation fails, on {host['name']}",
            ["what", "actions", "failed allocations", "an exception", "went on without", "crashes, memory kept, other exceptions"],
            rows,
            "Each allocation of an action fails five times. What fails raises MemoryError or ImportError and keeps no more memory "
            "than what succeeds; after all the failures the action gives what it gave before them. A file is imported first in "
            "a process that has not seen it, so that what binds it fails too, and then once more with memory.",
        )  # fmt: skip


PARTS = ("hostile", "model", "headers", "sanitizers", "allocations")
# What a part's tables start with in the results.
MARK = "<!-- part: {} -->"


def earlier(results):
    """The tables of an earlier run by part: a part that is not run now stays as it was."""
    text = results.read_text() if results.exists() else ""
    _, *pieces = re.split(MARK.format("(.*)"), text)
    return dict(zip(pieces[::2], (piece.strip() for piece in pieces[1::2])))


def main():
    """Runs the parts and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("cardan", "toolchain", "wheel", "sdist", "work"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("sanitized-toolchain", "sanitized-module"):
        parser.add_argument(f"--{name}", help="for the part sanitizers: a toolchain, and the package's native module")
    parser.add_argument("--short", action="store_true", help="a few minutes for all")
    parser.add_argument("--results", help="the file for the tables")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these")
    arguments = parser.parse_args()
    safety = Safety(arguments)
    texts = earlier(Path(arguments.results)) if arguments.results else {}
    for part in arguments.part or PARTS:
        safety.text = []
        getattr(safety, part)()
        texts[part] = "\n".join(safety.text).strip()
    if arguments.results:
        head = "# The handle door and what it should never be given\n\nWritten by `cargo xtask safety`.\n"
        parts = [f"{MARK.format(part)}\n{texts[part]}\n" for part in PARTS if part in texts]
        Path(arguments.results).write_text("\n".join([head, *parts]))
    sys.exit(0 if safety.good else 1)


if __name__ == "__main__":
    main()
