"""Sparse Jacobians and Hessians: which entries there are, colours for them, and their values by few sweeps."""

from .sparse_derivatives import sparse_hessian, sparse_jacobian, sparsity

__all__ = ["sparse_hessian", "sparse_jacobian", "sparsity"]
