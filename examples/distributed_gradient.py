"""A gradient over data that lie in shards, by workers of Dask or of the standard library; one is killed, and nothing changes."""

# %% Question
# A logistic regression on data that are spread over files. Every worker maps the files into its memory, and computes value and
# gradient of the likelihood of a shard; L-BFGS runs outside. Is the answer the same for any number of workers, and if one is
# lost?

import argparse
import concurrent.futures
import multiprocessing
import os
import signal
import sys
import tempfile

import numpy as np
from scipy.optimize import minimize

import jittape as jt

SHARDS, ROWS, FEATURES = 12, 2000, 20

# %% One shard
# The natural code. In a worker, the first task traces it, and all others replay the program.


@jt.compile
@jt.value_and_grad
def negative_log_likelihood(weights, features, labels):
    margins = labels * (features @ weights)
    return jt.log1p(jt.exp(-margins)).sum()


def of_shard(weights, path):
    rows = np.load(path, mmap_mode="r")  # read by the worker, where it needs them
    return negative_log_likelihood(weights, rows[:, 1:], rows[:, 0])


def write_shards(folder):
    rng = np.random.default_rng(0)
    truth, paths = rng.standard_normal(FEATURES), []
    for k in range(SHARDS):
        features = rng.standard_normal((ROWS, FEATURES))
        labels = np.where(rng.random(ROWS) < 1.0 / (1.0 + np.exp(-features @ truth)), 1.0, -1.0)
        paths.append(os.path.join(folder, f"shard{k:02d}.npy"))
        np.save(paths[-1], np.column_stack([labels, features]))
    return truth, paths


# %% Workers
# Engines with one method: answers in the order of the shards. A task that was lost with its worker is run again by another.


class Here:
    """No worker at all."""

    def map(self, weights, paths):
        return [of_shard(weights, path) for path in paths]

    def kill_one(self):
        pass

    def close(self):
        pass


class Processes:
    """Workers of `concurrent.futures`: when one dies, all are replaced, and the tasks are run again."""

    def __init__(self, number):
        self.number, self.executor, self.lost = number, None, 0
        self._start()

    def _start(self):
        context = multiprocessing.get_context("spawn")
        self.executor = concurrent.futures.ProcessPoolExecutor(self.number, context)

    def map(self, weights, paths):
        while True:
            try:
                return list(self.executor.map(of_shard, [weights] * len(paths), paths))
            except concurrent.futures.BrokenExecutor:
                self.lost += 1
                self.executor.shutdown()
                self._start()

    def kill_one(self):
        os.kill(self.executor.submit(os.getpid).result(), signal.SIGTERM)

    def close(self):
        self.executor.shutdown()


class Cluster:
    """Workers of Dask, which restarts those that die and sends their tasks to others."""

    def __init__(self, number):
        from dask.distributed import Client, LocalCluster

        self.cluster = LocalCluster(n_workers=number, threads_per_worker=1, dashboard_address=None)
        self.client, self.lost = Client(self.cluster), 0

    def map(self, weights, paths):
        return self.client.gather(self.client.map(of_shard, [weights] * len(paths), paths, pure=False))

    def kill_one(self):
        processes = self.client.run(os.getpid)
        os.kill(next(iter(processes.values())), signal.SIGTERM)
        self.lost += 1

    def close(self):
        self.client.close()
        self.cluster.close()


# %% Fit


def fit(engine, paths, kill_at=None):
    """Fit, and kill a worker at an iteration; sums of shards are made here, in the order of the shards."""
    evaluations = [0]

    def objective(weights):
        evaluations[0] += 1
        if evaluations[0] == kill_at:
            engine.kill_one()
        value, gradient = 0.5 * weights @ weights, weights.copy()
        for v, g in engine.map(weights, paths):
            value, gradient = value + v, gradient + g
        return value, gradient

    found = minimize(objective, np.zeros(FEATURES), jac=True, method="L-BFGS-B", options={"ftol": 1e-12})
    return found.x, evaluations[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["dask", "processes"], help="by default dask where it is installed")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    kinds = {"dask": Cluster, "processes": Processes}
    if options.engine is None:
        try:
            import dask.distributed  # noqa: F401

            options.engine = "dask"
        except ImportError:
            options.engine = "processes"
    with tempfile.TemporaryDirectory() as folder:
        truth, paths = write_shards(folder)
        alone, evaluations = fit(Here(), paths)
        print(f"{evaluations} evaluations; largest distance to the truth {np.abs(alone - truth).max():.3f}")
        engine = kinds[options.engine](options.workers)
        try:
            for kill_at in (None, evaluations // 2):
                found, _ = fit(engine, paths, kill_at)
                same = "the same bits" if found.tobytes() == alone.tobytes() else "OTHER BITS"
                print(f"{options.engine}, {options.workers} workers, {'one' if kill_at else 'none'} killed: {same}")
                if same == "OTHER BITS":
                    sys.exit(1)
        finally:
            engine.close()


if __name__ == "__main__":
    main()
