"""The documentation site: ``sphinx-build -W docs docs/_build`` (``pip install -e '.[docs]'``)."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
os.environ.setdefault("JITTAPE_QUIET", "1")
os.environ.setdefault("MPLBACKEND", "agg")

import jittape  # noqa: E402
from site_pages import write_pages  # noqa: E402

project, author, copyright = "jittape", "the authors of jittape", "the authors of jittape"
version = release = jittape.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "numpydoc"]
if os.environ.get("JITTAPE_DOCS_ONLINE"):  # the inventories are read from the network
    extensions.append("sphinx.ext.intersphinx")
intersphinx_mapping = {
    "numpy": ("https://numpy.org/doc/stable", None),
    "python": ("https://docs.python.org/3", None),
    "scipy": ("https://docs.scipy.org/doc/scipy", None),
    "torch": ("https://docs.pytorch.org/docs/stable", None),
}
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build", "**/__pycache__"]
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["myst.xref_missing"]  # links to files of the repository, which are no pages
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
toc_object_entries = False  # every page would show them all, which took most of the time
html_theme = "furo"
html_title = f"jittape {version}"
html_show_sourcelink = False
templates_path, html_static_path = [], []


def setup(app):
    app.connect("builder-inited", lambda app: write_pages(HERE / "generated"))
