"""Worker processes, however they are started: what is sent there computes the same bits, and compiles once a worker."""

import multiprocessing
import os
import pickle
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest

import jittape as jt

import worker_programs
from sampling import some
from worker_programs import MADE, X, answer, plain

TASKS = 3
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@contextmanager
def one_worker(kind):
    """A function that has a worker of its own call another, in turn, and returns a future."""
    if kind == "loky":
        loky = pytest.importorskip("joblib.externals.loky", reason="joblib is not installed")
        executor = loky.ProcessPoolExecutor(1)
    else:
        if kind not in multiprocessing.get_all_start_methods():
            pytest.skip(f"this system has no {kind}")
        executor = ProcessPoolExecutor(1, multiprocessing.get_context(kind))
    try:
        yield executor.submit
    finally:
        executor.shutdown()


def argument_of(name):
    return np.stack([X, 2.0 * X]) if "vmap" in name else X


def sent_and_compared(kind, names, is_used):
    """Send functions to a worker, several tasks each."""
    made = {name: MADE[name]() for name in names}
    if is_used:
        for name, function in made.items():
            function(argument_of(name))
    with one_worker(kind) as submit:
        futures = {name: [submit(answer, f, argument_of(name)) for _ in range(TASKS)] for name, f in made.items()}
        answers = {name: [future.result(300) for future in of_name] for name, of_name in futures.items()}
    for name, of_name in answers.items():
        expected = plain(made[name](argument_of(name)))
        for bits, process, _ in of_name:
            assert bits == expected, name
            assert process != os.getpid()
        compiled = [counts for _, _, counts in of_name]
        assert compiled[1] == compiled[-1], f"{name}: compiled again for another task"  # the first call of some is by the tape


@pytest.mark.sampled(0, most=4)
@pytest.mark.parametrize("is_used", [False, True], ids=["fresh", "used"])
@pytest.mark.parametrize("kind", ["fork", "spawn", "forkserver", "loky"])
def test_a_worker_answers_the_same_and_compiles_once(kind, is_used):
    sent_and_compared(kind, some(sorted(MADE), 6), is_used)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", sorted(MADE))
def test_a_task_finds_what_the_one_before_has_traced(name):
    """Copies of one function are one object in a process, and a plan that was sent is not found once more."""
    function, x = MADE[name](), argument_of(name)
    function(x)
    data = pickle.dumps(function)
    first = pickle.loads(data)
    first(x)
    again = pickle.loads(data)
    if hasattr(first, "traces"):
        assert again.traces == first.traces
    if hasattr(first, "plan"):
        assert again.plan is not None
    assert plain(again(x)) == plain(function(x))


def test_options_that_are_equal_but_not_the_same_are_told_apart():
    first, second = (pickle.loads(pickle.dumps(jt.grad(worker_programs.energy, numbers))) for numbers in (0, (0,)))
    assert first is not second and isinstance(second(X), tuple) and not isinstance(first(X), tuple)


class Model:
    """A function with state that changes from task to task."""

    def __init__(self, scale):
        self.scale = scale

    def loss(self, x):
        return self.scale * (x * x).sum()


@pytest.mark.parametrize("make", [jt.compile, jt.value_and_grad, lambda f: jt.compile(jt.grad(f))])
def test_state_that_comes_with_a_method_is_that_of_the_pickle(make):
    model = Model(2.0)
    function = make(model.loss)
    for scale in (2.0, 3.0):
        model.scale = scale
        expected = plain(function(X))
        assert plain(pickle.loads(pickle.dumps(function))(X)) == expected == plain(make(Model(scale).loss)(X))
    model.scale = 4.0  # not called since
    if not isinstance(function, type(jt.compile(abs))):
        assert plain(pickle.loads(pickle.dumps(function))(X)) == plain(function(X))
    else:
        with pytest.raises(TypeError, match="call it once"):
            pickle.dumps(function)


def test_a_process_does_not_keep_all_that_has_come():
    from jittape.files import pickling

    for n in range(pickling.MOST + 10):
        pickle.loads(pickle.dumps(jt.compile(worker_programs.energy, static_argnums=n)))
    assert len(pickling._made) <= pickling.MOST


@pytest.mark.parametrize(
    "set_to, expected", [({}, 4), ({"OMP_NUM_THREADS": "1"}, 1), ({"NUMBA_NUM_THREADS": "2"}, 2), ({"OMP_NUM_THREADS": "3,1"}, 3)]
)
def test_threads_are_those_that_the_environment_of_a_worker_allows(set_to, expected, monkeypatch):
    from jittape.kernels import threads

    for name in threads.LIMITS:
        monkeypatch.delenv(name, raising=False)
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(4), raising=False)
    monkeypatch.setattr(threads, "_number", [0])
    assert jt.get_num_threads() == expected


def mapped(x, folder):
    """The array in a file, mapped to memory that cannot be written to."""
    path = folder / "data.npy"
    np.save(path, x)
    return np.load(path, mmap_mode="r")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", sorted(MADE))
def test_arguments_in_mapped_files(name, tmp_path):
    function, x = MADE[name](), argument_of(name)
    expected = plain(MADE[name]()(x))
    argument = mapped(x, tmp_path)
    for _ in range(2):
        assert plain(function(argument)) == expected
        assert plain(function(argument[...])) == expected
    np.testing.assert_array_equal(argument, x)


@pytest.mark.sampled(0)
def test_joblib_maps_large_arguments():
    joblib = pytest.importorskip("joblib")
    x = np.linspace(0.5, 1.5, 50_000)  # of the names, those whose cost does not grow with the square
    names = ["grad", "of a module", "native grad", "sparse_jacobian"]
    with joblib.Parallel(2, max_nbytes=1000) as parallel:
        answers = parallel(joblib.delayed(answer)(MADE[name](), x) for name in names)
    for name, (bits, _, _) in zip(names, answers):
        assert bits == plain(MADE[name]()(x)), name


@pytest.mark.sampled(0)
def test_a_pool_maps_over_shards_in_the_order_of_the_shards():
    """The sum of the parts in their order is the same for any number of workers, to the last bit."""
    shards = [X + 0.1 * k for k in range(7)]
    sums = []
    for processes in (1, 3):
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            sums.append(sum(pool.map(worker_programs.program_gradient, shards)))
    np.testing.assert_array_equal(*sums)


SCRIPT = """
import numpy as np, jittape as jt
from numba import njit

SCALE = 2.0

@jt.compile
def program(x):
    return SCALE * (x**3).sum()

@jt.grad
def gradient(x):
    return SCALE * (x**3).sum()

@jt.grad
@njit
def native(x):
    return (x**3).sum()

@jt.vmap
def batched(x):
    return SCALE * x**3

@jt.custom_vjp
def doubled(x):
    return 2.0 * x

doubled.defvjp(lambda x: (2.0 * x, None), lambda _, y_bar: (SCALE * y_bar,))

FUNCTIONS = [program, gradient, native, batched, doubled, jt.compile(gradient)]
X = np.array([1.0, 2.0])
EXPECTED = [18.0, [6.0, 24.0], [3.0, 12.0], [2.0, 16.0], [2.0, 4.0], [6.0, 24.0]]
"""


BY_VALUE = """
import pickle, cloudpickle, subprocess
load = "import pickle, sys, numpy as np; x = np.array([1.0, 2.0]); "
load += "print([np.asarray(f(x)).tolist() for f in pickle.load(sys.stdin.buffer)])"
done = subprocess.run([sys.executable, "-c", load], input=cloudpickle.dumps(FUNCTIONS), capture_output=True, check=True)
answers = eval(done.stdout)
"""
BY_POOL = """
with {} as executor:
    answers = [np.asarray(executor.submit(f, X).result()).tolist() for f in FUNCTIONS]
"""
SPAWN = "import multiprocessing, concurrent.futures" + BY_POOL.format(
    "concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context('spawn'))"
)
LOKY = "from joblib.externals import loky" + BY_POOL.format("loky.ProcessPoolExecutor(1)")


@pytest.mark.sampled(0, most=2)
@pytest.mark.parametrize("use", [BY_VALUE, SPAWN, LOKY], ids=["by value", "spawn", "loky"])
def test_decorated_functions_of_a_script(use, tmp_path):
    """By plain pickle they are found by their names in the worker's own run of the script, by cloudpickle they are sent."""
    pytest.importorskip("cloudpickle")
    pytest.importorskip("joblib")
    body = textwrap.indent(f"import sys\n{use}\nassert answers == EXPECTED, answers\n", "    ")
    script = tmp_path / "script.py"
    script.write_text(f"{SCRIPT}\nif __name__ == '__main__':\n{body}")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.sampled(0)
def test_workers_that_a_thread_forks_while_another_computes():
    stop, x = threading.Event(), np.linspace(0.5, 1.5, 300_000)

    def compute():
        while not stop.is_set():
            worker_programs.program(x)

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        for _ in range(3):
            sent_and_compared("fork", ["of a module", "grad", "native grad"], True)
    finally:
        stop.set()
        thread.join()
