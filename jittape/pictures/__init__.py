"""Pictures of what was recorded: rows of a tape or of a program as a graph, drawn as SVG or handed to Graphviz."""

from .show import Picture, show

__all__ = ["Picture", "show"]
