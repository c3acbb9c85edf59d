"""What was recorded and compiled, to look at: rows as a graph, drawn as SVG or handed to Graphviz, and reports in words."""

from .show import Picture, show
from .ways_explained import explain

__all__ = ["Picture", "explain", "show"]
