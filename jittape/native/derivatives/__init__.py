"""Gradients, Jacobians and products with vectors of compiled functions, made of the tape and of dual numbers."""
