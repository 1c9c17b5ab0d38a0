"""The command line: assembles the command groups, nothing else."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from lifecycle.terminal import run

    run()


if __name__ == "__main__":
    main()
