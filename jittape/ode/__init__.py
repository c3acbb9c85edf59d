"""Initial value problems: solutions as SciPy finds them, differentiated step by step."""

from .initial_value_problems import odeint, solve_ivp

__all__ = ["odeint", "solve_ivp"]
