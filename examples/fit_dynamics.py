"""Hares and lynx: parameters of differential equations fitted to a century-old record, with uncertainty bands."""

# %% Question
# The Hudson's Bay Company counted pelts from 1900 to 1920 (in thousands; E. P. Odum, Fundamentals of Ecology, 1953). How well
# does the model of Lotka and Volterra explain them, and how certain are its parameters and the curves?

import numba
import numpy as np
from scipy.optimize import least_squares

import jittape as jt

years = np.arange(1900.0, 1921.0)
hares = [30, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22, 25.4, 27.1, 40.3, 57, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7]
lynx = [4, 6.1, 9.8, 35.2, 59.4, 41.7, 19, 13, 8.3, 9.1, 7.4, 8, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1, 8.6]
pelts = np.array([hares, lynx])

# %% Model
# Rates and initial numbers are positive, so their logarithms are fitted; errors of counts are taken as relative.


@numba.njit
def change(t, y, rates):
    births, eaten, deaths, fed = rates
    return np.array([y[0] * (births - eaten * y[1]), y[1] * (fed * y[0] - deaths)])


def population(logs, times):
    p = np.exp(logs)
    span = (years[0], max(times[-1], years[0] + 1e-9))
    return jt.solve_ivp(change, span, p[4:], "DOP853", times, args=(tuple(p[:4]),), rtol=1e-9, atol=1e-9).y


def residual(logs):
    return (np.log(population(logs, years)) - np.log(pelts)).ravel()


# %% Fit
# `jt.jacobian` differentiates through the solver's own steps.

start = np.log([0.5, 0.02, 0.8, 0.02, 30.0, 4.0])
without, found = (least_squares(residual, start, jac=jac, xtol=1e-12) for jac in ("2-point", jt.jacobian(residual)))
print(f"cost {found.cost:.6f} after {found.nfev} evaluations; with differences {without.cost:.6f}")

# %% Uncertainty
# The covariance of the fit, and what follows from it for the curves, to first order.

covariance = jt.fit_covariance(residual, found.x)
for name, log, variance in zip(
    ("births", "eaten", "deaths", "fed", "hares in 1900", "lynx in 1900"), found.x, np.diag(covariance)
):
    print(f"{name:14s} {np.exp(log):8.4f}  times or divided by {np.exp(np.sqrt(variance)):.3f}")

fine = np.linspace(1900.0, 1925.0, 201)
curves, spread = jt.propagate(lambda logs: np.log(population(logs, fine)).ravel(), found.x, covariance)
curves, band = np.exp(curves.reshape(2, -1)), 2.0 * np.sqrt(np.diag(spread)).reshape(2, -1)
inside = np.abs(np.log(pelts) - np.log(curves[:, :161:8])) < 2.0 * np.sqrt(2.0 * found.cost / (pelts.size - 6))
print(f"{inside.sum()} of {pelts.size} counts lie within two standard deviations; in 1925 {curves[0, -1]:.1f} hares are expected")

# %% Figure


def draw(path):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    for name, colour, counts, curve, width in zip(("hares", "lynx"), ("tab:blue", "tab:red"), pelts, curves, band):
        axes.fill_between(fine, curve * np.exp(-width), curve * np.exp(width), color=colour, alpha=0.2, linewidth=0)
        axes.plot(fine, curve, color=colour, label=name)
        axes.plot(years, counts, "o", color=colour, markersize=4)
    axes.set(xlabel="year", ylabel="pelts, thousands", xlim=(1899.5, 1925), ylim=(0, 100))
    axes.set_title("Lotka-Volterra, two standard deviations")
    axes.legend(loc="upper right")
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    import sys

    if len(sys.argv) > 1:
        draw(sys.argv[1])
