"""Print one digest of the states of all golden histories: python -m tests.golden.replay."""

from __future__ import annotations

from tests.golden.files import fingerprint

if __name__ == "__main__":
    print(fingerprint())
