"""The shell around the pure core: gather facts, decide, append, answer."""

from lifecycle.engine.answers import Done, Outcome
from lifecycle.engine.engine import Engine
from lifecycle.engine.workflows import Workflows

__all__ = ["Done", "Engine", "Outcome", "Workflows"]
