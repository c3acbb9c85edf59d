"""Tensors and tapes as text."""
