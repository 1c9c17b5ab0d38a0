"""The case: one matter, the aggregate. Its state, what changes it, what may happen to it."""

from lifecycle.core.case.commands import Correct, Facts, Note, OpenCase, Print, RunDue, TakeBack, TakeStep
from lifecycle.core.case.decide import Decision, as_of, decide, needs
from lifecycle.core.case.due import next_due
from lifecycle.core.case.evolve import SHAPE, evolve, fold
from lifecycle.core.case.offers import Offer, offers
from lifecycle.core.case.printing import Printable, printable
from lifecycle.core.case.replaying import folded
from lifecycle.core.case.state import Case, Instance

__all__ = [
    "SHAPE",
    "Case",
    "Correct",
    "Decision",
    "Facts",
    "Instance",
    "Note",
    "Offer",
    "OpenCase",
    "Print",
    "Printable",
    "RunDue",
    "TakeBack",
    "TakeStep",
    "as_of",
    "decide",
    "evolve",
    "fold",
    "folded",
    "needs",
    "next_due",
    "offers",
    "printable",
]
