"""Bundle adjustment: cameras and points from what the cameras saw, by least squares with a sparse Jacobian.

Run it with ``python examples/bundle_adjustment.py [figure.png]``.
"""

# %% Scene
# Cameras on a circle look at a cloud of points; each sees half of them, with errors of half a pixel. A camera is a vector of
# rotation, a position and a focal length.

import sys
import time

import numpy as np
from scipy.optimize import least_squares

import jittape as jt

rng = np.random.default_rng(1)
CAMERAS, POINTS, FOCAL, NOISE = 12, 300, 500.0, 0.5
angles = 2.0 * np.pi * np.arange(CAMERAS) / CAMERAS
points = rng.normal(size=(POINTS, 3))
cameras = np.column_stack([0 * angles, -angles, 0 * angles, 0 * angles, 0 * angles, 8.0 + 0 * angles, FOCAL + 0 * angles])
seen = rng.random((CAMERAS, POINTS)) < 0.5
camera_of, point_of = np.nonzero(seen)


def rotated(v, turn):
    """Vectors turned about an axis by its length, after Rodrigues."""
    angle = np.sqrt(np.sum(turn**2, 1, keepdims=True) + 1e-20)
    axis = turn / angle
    along = np.sum(axis * v, 1, keepdims=True)
    return v * np.cos(angle) + np.cross(axis, v) * np.sin(angle) + axis * along * (1.0 - np.cos(angle))


def pixels(cameras, points):
    camera = cameras[camera_of]
    places = rotated(points[point_of], camera[:, :3]) + camera[:, 3:6]
    return camera[:, 6:] * places[:, :2] / places[:, 2:]


observed = pixels(cameras, points) + NOISE * rng.normal(size=(len(camera_of), 2))


def residual(x):
    found = pixels(x[: 7 * CAMERAS].reshape(CAMERAS, 7), x[7 * CAMERAS :].reshape(POINTS, 3))
    return ((found - observed) / NOISE).ravel()


# %% Fit
# A residual depends on 10 of the unknowns; which ones, one run of the function tells.

truth = np.concatenate([cameras.ravel(), points.ravel()])
scale = np.concatenate([np.tile([0.05, 0.05, 0.05, 0.2, 0.2, 0.2, 10.0], CAMERAS), np.full(3 * POINTS, 0.2)])
start = truth + scale * rng.normal(size=truth.size)
jacobian = jt.sparse_jacobian(residual)
jacobian(start)
began = time.perf_counter()
for _ in range(5):
    jacobian(start)
took = (time.perf_counter() - began) / 5
rows, columns = jacobian.pattern.shape
print(f"Jacobian of {rows} x {columns}: {jacobian.pattern.nnz} entries by {jacobian.directions} products, {1e3 * took:.1f} ms")
found = least_squares(residual, start, jac=jacobian, tr_solver="lsmr", x_scale=scale, xtol=1e-10)
freedom = rows - columns + 7  # the scene may be moved, turned and scaled as a whole
before, after = np.sum(residual(start) ** 2) / freedom, 2.0 * found.cost / freedom
print(f"squares a degree of freedom {before:.1f} before, {after:.3f} after")
assert abs(after - 1.0) < 0.1


# %% Figure


def draw(path):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    axes[0].spy(jacobian.pattern[:700, :450], markersize=0.4, color="tab:blue", aspect="auto")
    axes[0].set(title="entries of a corner of the Jacobian", xlabel="unknowns", ylabel="residuals")
    edges = np.linspace(0.0, 60.0, 61)
    for x, name, colour in ((start, "before", "tab:orange"), (found.x, "after", "tab:blue")):
        distances = NOISE * np.linalg.norm(residual(x).reshape(-1, 2), axis=1)
        axes[1].hist(distances, edges, histtype="stepfilled", alpha=0.7, color=colour, label=name)
    axes[1].set(title="distances to what was seen", xlabel="pixels", ylabel="sightings", yscale="log")
    axes[1].legend()
    figure.savefig(path, dpi=120)


if __name__ == "__main__" and len(sys.argv) > 1:
    draw(sys.argv[1])
