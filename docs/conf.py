"""Sphinx configuration."""

import sys
from importlib.metadata import version as _version
from pathlib import Path

# loaded before autodoc imports as a type checker does: their models do not bear that
import fastapi  # noqa: F401
import mcp  # noqa: F401

sys.path.insert(0, str(Path(__file__).parent))

project = "tongyuan 同源"
author = "the tongyuan authors"
copyright = "2026, the tongyuan authors"
release = _version("tongyuan")
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
]
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["_build", "jupyter_execute"]
html_theme = "furo"
html_title = "tongyuan 同源"
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "attrs_inline"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
# Units in docstrings ([t/year]) are no cross-references.
suppress_warnings = ["mystnb.unknown_mime_type", "ref.python"]


def _made(_app, _page, source):
    from register import fill

    source[0] = fill(source[0])


def setup(app):
    """Fill in what is made from the package as pages are read."""
    app.connect("source-read", _made)
