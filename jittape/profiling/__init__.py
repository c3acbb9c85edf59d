"""Where the time goes: rows, sweeps, programs and compiled code, timed from outside while a profile is on, and reports."""

from .profile import Profile, profile

__all__ = ["Profile", "profile"]
