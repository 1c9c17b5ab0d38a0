"""Words problems, reasons and errors in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifecycle.problems import DamagedHistory, LifecycleError, Problem, Reason
from lifecycle.texts import Lang, entry, say
from lifecycle.texts.nearest import did_you_mean


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One language's voice; the outermost rooms hold one and hand it down."""

    lang: Lang

    def text(self, problem: Problem) -> str:
        """Return the one sentence that states fact and values."""
        return say(problem.code, self.lang, problem.values, section="problems")

    def hint(self, problem: Problem) -> str:
        """Return what to do about it, "" when there is nothing to say."""
        if problem.hint:
            return say(problem.hint, self.lang, problem.values, section="hints")
        return say(problem.code, self.lang, problem.values, "hint", section="problems") or self._near(problem.values)

    def explain(self, code: str) -> str:
        """Return the paragraph of the reference about a code, "" when it needs none."""
        return say(code, self.lang, {}, "explain")

    def label(self, name: str) -> str:
        """Return a fixed word: "error", "warning", "note", "hint" ..."""
        return say(name, self.lang, {}, section="labels")

    def reason(self, reason: Reason) -> str:
        """Return the designer's own words if the reason has them, else the catalogue's sentence."""
        if reason.text:
            return reason.text.get(self.lang) or next(iter(reason.text.values()))
        return say(reason.code, self.lang, self._values(reason), section="reasons")

    def reason_hint(self, reason: Reason) -> str:
        """Return what would cure it, "" when there is nothing to say."""
        values = self._values(reason)
        return say(reason.code, self.lang, values, "hint", section="reasons") or self._near(values)

    def error(self, error: LifecycleError) -> str:
        """Return the sentence of a broken promise."""
        return say(self._error_code(error), self.lang, self._error_values(error), section="errors")

    def error_hint(self, error: LifecycleError) -> str:
        """Return what to do about it, "" when there is nothing to say."""
        values = self._error_values(error)
        return self._near(values) or say(self._error_code(error), self.lang, values, "hint", section="errors")

    def say(self, key: str, **values: object) -> str:
        """Return a text of the terminal or the console."""
        return say(key, self.lang, values, section="terminal")

    def knows(self, key: str) -> bool:
        """Return whether the terminal has a text of that key."""
        try:
            entry(key, self.lang, "terminal")
        except KeyError:
            return False
        return True

    def _error_code(self, error: LifecycleError) -> str:
        elsewhere = isinstance(error, DamagedHistory) and not error.values.get("position") and "store" in error.values
        return "damaged-store" if elsewhere and error.code == DamagedHistory.code else error.code

    def _error_values(self, error: LifecycleError) -> Mapping[str, object]:
        reason = error.values.get("reason")
        if not isinstance(reason, str):
            return error.values
        return {**error.values, "reason": say(reason, self.lang, error.values, section="causes")}

    def _values(self, reason: Reason) -> Mapping[str, object]:
        values = {"actual": reason.actual, "required": reason.required, "path": reason.where.path, **reason.values}
        title = values.get("title")
        if isinstance(title, Mapping) and title and "field" in values:
            shown = title.get(self.lang) or next(iter(title.values()))
            values["field"] = f"{shown} ({values['field']})"
        return values

    def _near(self, values: Mapping[str, object]) -> str:
        """Return "did you mean" for values that name what is known, or the list of it when nothing is near."""
        if suggestion := values.get("suggestion"):
            return say("did-you-mean", self.lang, {"nearest": suggestion}, section="hints")
        if values.get("type") in WRITTEN_AS:
            return say(f"typed-{values['type']}", self.lang, {}, section="hints")
        known = values.get("known")
        if not isinstance(known, (list, tuple, set, frozenset)) or not known:
            return ""
        typed = next((value for name, value in values.items() if name in TYPED and isinstance(value, str)), "")
        nearest = did_you_mean(typed, map(str, known))
        if nearest is not None:
            return say("did-you-mean", self.lang, {"nearest": nearest}, section="hints")
        return say("known", self.lang, {"known": known}, section="hints") if len(known) <= MOST_SHOWN else ""


MOST_SHOWN = 12
"""Known names that a hint lists; a longer list helps nobody."""

WRITTEN_AS = frozenset(("boolean", "date", "time", "datetime", "duration", "period"))
"""The types whose values have a form that cannot be guessed."""

TYPED = frozenset(
    ("case", "field", "guard", "instance", "kind", "name", "opening", "role", "setting", "step", "workflow")
)
"""The names of values that hold what a person typed."""
