"""``make site``: build the site into ``build/site/``; see `helpers.course.site`."""

import argparse
import sys
import time
from pathlib import Path

from helpers.course.message import SIGNS
from helpers.course.site.building import SiteError, build

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make site", description=__doc__.split(";")[0])
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument(
        "--output", type=Path, default=ROOT / "build" / "site", help="default: build/site"
    )
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    try:
        build(options.root, options.output)
    except SiteError as error:
        print(f"{SIGNS['wrong']} {error}", file=sys.stderr)
        return 1
    files = [path for path in options.output.rglob("*") if path.is_file()]
    print(
        f"{SIGNS['right']} {options.output / 'index.html'}: "
        f"{sum(path.suffix == '.html' for path in files)} pages, "
        f"{sum(path.stat().st_size for path in files) / 1e6:.0f} MB, "
        f"in {time.perf_counter() - start:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
