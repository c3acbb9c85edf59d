"""Number types that compiled code runs on in the place of floats: active and dual numbers, arrays of them, and operations."""
