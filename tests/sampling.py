"""Which tests a run makes: nearly all of them with ``--exhaustive``, otherwise a sample of those that take long.

A run without options takes minutes and meets every operation, mode and front end. What would take longer is sampled, all of it by
what stands in this module:

* ``@pytest.mark.sampled(2)`` on a parametrised test keeps two of its cases, with ``each="operation"`` two for every value of that
  parameter; with 0 in the place of 2 it is a test of exhaustive runs only;
* ``@pytest.mark.sampled(0.5)`` keeps one case in every second run, by the seed, and none in the others;
* ``@pytest.mark.sampled(2, most=40)`` keeps two, and 40 in a run with ``--exhaustive``: of tables with hundreds of cases that are
  compiled for seconds each, of which another run makes others;
* ``pytestmark = pytest.mark.sampled(6, of="module")`` keeps six of the tests of a file, beside those with a mark of their own.
  It is for files whose subject other files meet too, and whose tests are compiled for seconds;
* ``some(values, 10)`` is ten of the values, for loops inside a test and for the seeds of random programs;
* ``@random_examples(200)`` in the place of Hypothesis's `settings` makes a tenth of that many examples.

A run prints the seed of the choice, and ``--seed`` makes the same choice again. Tests that the command line names by ``::`` are
always made.
"""

import random

import pytest
from hypothesis import HealthCheck, settings

__all__ = [
    "CHOICE",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_terminal_summary",
    "random_examples",
    "some",
]
FEWEST_EXAMPLES = 5


class Choice:
    """The options of this run. Until pytest has read them, nothing is left out."""

    exhaustive = True
    seed = 0

    def of(self, population, keep, purpose, most=None):
        """At most `keep` elements of a sequence, or `most` of an exhaustive run; the same for the same seed and purpose."""
        population, draw = list(population), random.Random(f"{self.seed} {purpose}")
        keep = most if self.exhaustive else keep
        if keep is not None and 0 < keep < 1:
            keep = int(draw.random() < keep)
        if keep is None or len(population) <= keep:
            return population
        kept = draw.sample(range(len(population)), keep)
        return [population[k] for k in sorted(kept)]


CHOICE = Choice()


def some(values, keep):
    """A sample of the values that a loop inside a test goes through."""
    return CHOICE.of(values, keep, "some")


def random_examples(number):
    """Hypothesis's settings of a test: so many examples, always the same ones; or a tenth of them, by the seed of the run."""
    if not CHOICE.exhaustive:
        number = max(FEWEST_EXAMPLES, number // 10)
    return settings(
        max_examples=number, derandomize=CHOICE.exhaustive, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )


def pytest_addoption(parser):
    """Declare the options of the command line."""
    group = parser.getgroup("sampling")
    what = "make all tests, and more of the tables whose cases take seconds, as the continuous integration does"
    group.addoption("--exhaustive", action="store_true", help=what)
    group.addoption("--seed", type=int, help="of the sample of tests, and of random examples: by default another one in each run")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Read the options before Hypothesis does and before tests are imported; processes of pytest-xdist are given the seed."""
    CHOICE.exhaustive, CHOICE.seed = config.option.exhaustive, config.option.seed
    if CHOICE.seed is None:
        given = getattr(config, "workerinput", {})
        CHOICE.seed = given["seed"] if "seed" in given else random.SystemRandom().randrange(1_000_000)
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = CHOICE.seed
    kept = "cases that a run keeps; `most` is for those with --exhaustive"
    config.addinivalue_line("markers", f"sampled(keep=1, each=None, of='function', most=None): {kept}")


def pytest_terminal_summary(terminalreporter):
    """Say how the same tests are made again."""
    made = "all tests but parts of tables" if CHOICE.exhaustive else "a sample of the tests (--exhaustive makes all)"
    terminalreporter.write_line(f"{made}, --seed {CHOICE.seed}")


def pytest_collection_modifyitems(config, items):
    """Leave out what is not in the sample."""
    if any("::" in argument for argument in config.args):
        return
    kept = sample(items)
    out = set(items).difference(kept)
    if out:
        config.hook.pytest_deselected(items=[item for item in items if item in out])
        items[:] = kept


def sample(items):
    """The tests to make, of those collected, in their order."""
    groups = {}
    for item in items:
        marker = item.get_closest_marker("sampled")
        if marker is not None:
            group, limits = group_of(item, *marker.args, **marker.kwargs)
            groups.setdefault(group, (limits, []))[1].append(item)
    out = set()
    for k, ((keep, most), cases) in enumerate(groups.values()):
        out.update(set(cases).difference(CHOICE.of(cases, keep, k, most)))
    return [item for item in items if item not in out]


def group_of(item, keep=1, each=None, of="function", most=None):
    """What a test is sampled with, and how many of these are kept in either kind of run, by the arguments of its marker."""
    value = id(item.callspec.params[each]) if each else None  # the cases share the objects that they are made of
    return (item.parent.nodeid, item.originalname if of == "function" else None, value), (keep, most)
