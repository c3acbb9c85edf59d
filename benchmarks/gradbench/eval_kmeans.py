"""Clusters by Newton's method: the gradient over the diagonal of the Hessian."""

import numpy as np
from numba import njit

import jittape as jt


@njit(cache=True)
def by_loops(centroids, points):
    total = 0.0
    for i in range(points.shape[0]):
        nearest = np.inf
        for j in range(centroids.shape[0]):
            distance = 0.0
            for k in range(points.shape[1]):
                distance += (points[i, k] - centroids[j, k]) ** 2
            if distance < nearest:
                nearest = distance
        total += nearest
    return total


def by_arrays(centroids, points):
    differences = points[:, None, :] - centroids[None, :, :]
    return jt.sum(jt.amin(jt.sum(differences * differences, 2), 1))


def direction(cost):
    """Gradient and diagonal are asked for one after the other."""
    gradient, diagonal = jt.grad(cost), jt.hessian_diag(cost)
    return lambda centroids, points: gradient(centroids, points) / diagonal(centroids, points)


def of(function):
    def prepare(given):
        centroids, points = np.array(given["centroids"]), np.array(given["points"])
        return lambda: function(centroids, points)

    return prepare


FUNCTIONS = {"cost": {"loops": of(by_loops), "program": of(jt.compile(by_arrays))}, "dir": {"loops": of(direction(by_loops))}}
