"""From expressions of a user's code to statements of the tape: passes over the copy of a function that Numba compiles."""
