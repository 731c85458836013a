"""Prepare the pages and let Sphinx make HTML of them; a warning is an error."""

import shutil
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import strip_escape_sequences

from helpers.course.site.preparing import prepare

STATIC = Path(__file__).parent / "static"

CONFIGURATION: dict[str, Any] = {
    "project": "Large Video Models",
    "language": "en",
    "extensions": ["myst_nb", "helpers.course.site.searching"],
    "html_theme": "furo",
    "html_title": "Large Video Models",
    "html_favicon": str(STATIC / "favicon.svg"),
    "html_css_files": ["site.css"],
    "html_js_files": [("site.js", {"defer": "defer"})],
    "html_search_language": "en-zh",
    # The summaries would be fetched: a whole chapter a result, and nothing from the disk.
    "html_show_search_summary": False,
    "html_copy_source": False,
    "html_show_sphinx": False,
    "html_show_copyright": False,
    "html_use_index": False,
    "html_permalinks_icon": "#",
    "nb_execution_mode": "off",
}

MENDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<th class="head"><p></p></th>': '<td class="head"></td>',
    "<th></th>": "<td></td>",
    '<div id="search-results"></div>': '<h1>Search</h1>\n<div id="search-results"></div>',
}


class SiteError(Exception):
    """The site cannot be built as it should be; the message holds Sphinx's own words."""


def build(root: Path, output: Path) -> None:
    """Build the site of the course in ``root`` into the folder ``output``.

    A site that is there already is replaced, and stays when this one fails.

    Raises:
        SiteError: when a page has a mistake, such as a link that leads nowhere.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "source"), Path(folder, "site")
        prepare(root, source)
        _run_sphinx(source, made, Path(folder, "doctrees"))
        shutil.rmtree(output, ignore_errors=True)
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, output)


def _run_sphinx(source: Path, output: Path, doctrees: Path) -> None:
    warnings = StringIO()
    try:
        application = Sphinx(
            srcdir=source,
            confdir=None,
            outdir=output,
            doctreedir=doctrees,
            buildername="html",
            confoverrides=CONFIGURATION
            | {"html_static_path": [str(STATIC), str(source / "_static")]},
            status=None,
            warning=warnings,
        )
        application.build()
    except SphinxError as error:
        raise SiteError(f"The site cannot be built: {error}") from error
    if told := strip_escape_sequences(warnings.getvalue()).replace(f"{source}/", "").strip():
        raise SiteError(f"The site has mistakes:\n{told}")
    shutil.rmtree(output / "_sources", ignore_errors=True)
    for name in (".buildinfo", "objects.inv"):  # to build on, or for other projects
        (output / name).unlink(missing_ok=True)
    for page in output.rglob("*.html"):
        page.write_text(_mended(page.read_text(encoding="utf-8")), encoding="utf-8")


def _mended(page: str) -> str:
    """The page with what screen readers miss in Sphinx's and the theme's own elements."""
    for lacking, whole in MENDED.items():
        page = page.replace(lacking, whole)
    return page
