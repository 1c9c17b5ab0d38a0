"""`python -m benchmarks [--full | --tiny] [names]`: every figure in one run, side by side, as a table of ratios."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

import apsw

from benchmarks.figures import ALL, FULL, TINY, Sizes
from benchmarks.measure import Figure, table


def main(arguments: list[str] | None = None) -> None:
    """Run the figures asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="figure", help=f"any of {', '.join(ALL)}; all without one")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="the sizes of the promise; several minutes")
    size.add_argument("--tiny", action="store_true", help="only to see that it runs")
    parser.add_argument("--folder", type=Path, help="on whose disk to measure; a temporary one without it")
    asked = parser.parse_args(arguments)
    unknown = set(asked.names) - ALL.keys()
    if unknown:
        parser.error(f"no figure: {', '.join(sorted(unknown))}")
    sizes = FULL if asked.full else TINY if asked.tiny else Sizes()
    print(f"Python {platform.python_version()}, SQLite {apsw.sqlite_lib_version()}, {os.cpu_count()} cores")
    print(f"load average at the start {os.getloadavg()[0]:.1f}; quote ratios, not rates\n")
    figures: list[Figure] = []
    for name in asked.names or ALL:
        with tempfile.TemporaryDirectory(dir=asked.folder, prefix="lifecycle-benchmark-") as folder:
            figures.extend(ALL[name](Path(folder), sizes))
    print(table(figures))


if __name__ == "__main__":
    main()
