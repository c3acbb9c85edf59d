"""What gates of recurrent layers are made of: exp(-|x|) and the hyperbolic tangent, to a few units in the last place.

Those of float32 are computed in float32, in twice as many lanes and with shorter polynomials than those of the others: a
layer of 64 units computes 640 of them for a step of an example and its adjoint, half of the time. Compiled code only.
"""

import math

import numpy as np

from ..numba_backend.word_intrinsics import bits_of_single, single_of_bits
from .bits import elementary, power_of_two
from .exponential import near_one

# Of float32: one constant of float64 would make the whole expression one. Polynomials are those of Cephes (S. Moshier).
INVERSE_LN2, ROUNDER = np.float32(1.44269504), np.float32(12582912.0)  # x + ROUNDER has x, rounded, in its low bits
LN2_HIGH, LN2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)
E0, E1, E2 = np.float32(1.9875691500e-4), np.float32(1.3981999507e-3), np.float32(8.3334519073e-3)
E3, E4, E5 = np.float32(4.1665795894e-2), np.float32(1.6666665459e-1), np.float32(0.5)
T0, T1, T2 = np.float32(-5.70498872745e-3), np.float32(2.06390887954e-2), np.float32(-5.37397155531e-2)
T3, T4 = np.float32(1.33314422036e-1), np.float32(-3.33332819422e-1)
ONE, TWO, FARTHEST, NEAR = np.float32(1.0), np.float32(2.0), np.float32(87.0), np.float32(0.625)
SINGLE_ONE_BITS = 0x3F800000


@elementary
def falling_exponential(x):
    """exp(-|x|) of a float64, not less than 1e-307."""
    distance = math.fabs(x)
    shifted, y = near_one(-(708.0 if distance > 708.0 else distance))
    return power_of_two(shifted) * y


@elementary
def falling_single_exponential(x):
    """exp(-|x|) of a float32, not less than 1e-38."""
    distance = -x if x < 0 else x
    a = -(FARTHEST if distance > FARTHEST else distance)
    shifted = a * INVERSE_LN2 + ROUNDER
    n = shifted - ROUNDER
    r = (a - n * LN2_HIGH) - n * LN2_LOW
    p = ((((E0 * r + E1) * r + E2) * r + E3) * r + E4) * r + E5
    return single_of_bits((bits_of_single(shifted) << 23) + SINGLE_ONE_BITS) * (ONE + (r + (r * r) * p))


@elementary
def single_tanh(x):
    """The hyperbolic tangent of a float32."""
    distance = -x if x < 0 else x
    z = x * x
    near = x + x * (z * ((((T0 * z + T1) * z + T2) * z + T3) * z + T4))
    e = falling_single_exponential(distance + distance)
    far = ONE - TWO * e / (ONE + e)
    return near if distance < NEAR else (-far if x < 0 else far)
