#!/usr/bin/env python3
"""The README's first command and the smoke program, on every Python from 3.10 on that is found on this machine.

    python3 .ci/every_python.py [--jobs 2]

Each Python runs twice, in fresh virtual environments with an empty cache of machine code: with the newest releases of NumPy,
SciPy and Numba that pip finds for it, and with the oldest ones that go together (`oldest.txt`). The smoke program runs under
``-W error``: a deprecation in a new NumPy is a failure here before it is one for users.

Versions that `pyproject.toml` promises by a classifier have to pass. Others are tried, and what happens is reported only. A
version that is promised and not installed is reported as such.
"""

import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = ROOT / ".ci" / "oldest.txt"
FIRST = (3, 10)
MINUTES = 15  # for a command; a cold start on a busy machine takes one or two
OF_THE_CALLER = ("PYTHON", "PYENV_VERSION", "VIRTUAL_ENV", "JITTAPE", "NUMBA")  # variables that environments do not inherit
PLACES = (  # where tools for several Pythons keep them, beside PATH
    "${PYENV_ROOT:-~/.pyenv}/versions/*/bin",
    "~/.local/share/uv/python/*/bin",
    "${RUNNER_TOOL_CACHE:-/opt/hostedtoolcache}/Python/*/*/bin",
)


def named(version):
    return ".".join(map(str, version))


def promised():
    """The versions of Python in the classifiers, as pairs of numbers."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return {(3, int(minor)) for minor in re.findall(r'"Programming Language :: Python :: 3\.(\d+)"', text)}


def expanded(pattern):
    """A pattern of paths with ``~`` and ``${NAME:-default}`` written out."""
    return os.path.expanduser(re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: os.environ.get(m[1]) or m[2], pattern))


def interpreters():
    """The executables of Python that are found, by version; the first on PATH where there are several."""
    folders = os.environ["PATH"].split(os.pathsep) + [f for place in PLACES for f in sorted(glob.glob(expanded(place)))]
    found = {}
    for path in (p for folder in folders for p in sorted(glob.glob(os.path.join(folder, "python3*")))):
        name = re.fullmatch(r"python3\.(\d+)", os.path.basename(path))
        version = (3, int(name[1])) if name else None
        if name and version >= FIRST and version not in found and answers(path):
            found[version] = path
    return dict(sorted(found.items()))


def answers(path):
    """Whether an executable runs (a shim of pyenv exists for versions that it refuses) and can make environments."""
    return subprocess.run([path, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0


def first_command():
    """The README's command that installs the library and runs an example."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return next(line.strip() for line in readme.splitlines() if line.startswith("    pip install"))


def copy_checkout(folder):
    """The files of the checkout, changed ones too, without what git ignores: installing writes beside the sources."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


class StepFailed(Exception):
    """A command of an environment did not succeed."""


@dataclass
class Environment:
    """A Python with the oldest or the newest libraries, and what came of it."""

    version: tuple
    executable: str
    libraries: str
    folder: Path
    result: str = "not run"
    log: str = ""
    seconds: dict = field(default_factory=dict)

    @property
    def name(self):
        return f"Python {named(self.version)}, {self.libraries} libraries"

    def variables(self):
        """The environment of commands: nothing of the caller's Python, an empty cache, the pins."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(OF_THE_CALLER)}
        path = os.pathsep.join([str(self.folder / "venv" / "bin"), kept["PATH"]])
        pins = {"PIP_CONSTRAINT": str(OLDEST)} if self.libraries == "oldest" else {}
        return {
            **kept,
            **pins,
            "PATH": path,
            "NUMBA_CACHE_DIR": str(self.folder / "machine-code"),
            "JITTAPE_QUIET": "1",
            "MPLBACKEND": "agg",
            "PIP_ONLY_BINARY": ":all:",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_QUIET": "1",
        }

    def step(self, name, command):
        """Run a shell command in the copy of the checkout."""
        start = time.monotonic()
        try:
            done = subprocess.run(
                command,
                shell=True,
                cwd=self.folder / "checkout",
                env=self.variables(),
                timeout=60 * MINUTES,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            output, failed = done.stdout, done.returncode != 0
        except subprocess.TimeoutExpired as error:
            output, failed = f"{error}", True
        self.log += f"$ {command}\n{output}"
        self.seconds[name] = time.monotonic() - start
        if failed:
            raise StepFailed(name)

    def run(self):
        """Make the environment and go through its commands, up to the first that fails."""
        try:
            (self.folder / "checkout").mkdir(parents=True)
            copy_checkout(self.folder / "checkout")
            self.step("venv", f"'{self.executable}' -m venv '{self.folder / 'venv'}'")
            self.step("README", first_command())
            self.step("smoke", "python -W error tests/smoke.py")
            self.result = "passed"
        except StepFailed as error:
            self.result = f"FAILED in {error}"
        shutil.rmtree(self.folder)
        return self

    def report(self):
        """A line on the result; the whole log where something failed."""
        libraries = re.search(r"^Python [\d.]+, (NumPy.*)$", self.log, re.MULTILINE)
        times = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.seconds.items())
        lines = [f"{self.name + ':':<34} {self.result} ({times}){'; ' + libraries[1] if libraries else ''}"]
        return "\n".join(lines + ([self.log] if self.result != "passed" else []))


def environments(found, work):
    """Every Python with the newest and the oldest libraries."""
    for version, executable in found.items():
        for libraries in ("newest", "oldest"):
            yield Environment(version, executable, libraries, work / f"{named(version)}-{libraries}")


def main():
    """Exit with 1 if an environment that is promised fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=2, help="environments at a time")
    parser.add_argument("--first", action="store_true", help="only print the executable of the oldest Python")
    options = parser.parse_args()
    found, wanted = interpreters(), promised()
    if options.first:
        print(next(iter(found.values())))
        return
    newest = max(wanted)
    for version in sorted({*wanted, (3, newest[1] + 1)} - set(found)):
        print(f"Python {named(version)}: {'promised' if version in wanted else 'not promised'}, not installed here", flush=True)
    failures = []
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in pool.map(Environment.run, environments(found, Path(work))):
            print(done.report() + ("" if done.version in wanted else "  (not promised)"), flush=True)
            if done.result != "passed" and done.version in wanted:
                failures.append(done.name)
    if failures:
        sys.exit("failed: " + "; ".join(failures))


if __name__ == "__main__":
    main()
