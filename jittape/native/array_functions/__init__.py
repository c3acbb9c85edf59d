"""NumPy's functions on arrays of differential numbers."""
