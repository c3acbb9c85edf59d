"""Compiling users' functions on other number types, and the code that all derivatives share, and keeping both on disk."""
