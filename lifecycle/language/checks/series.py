"""Series: readings that somebody's, asked for only where something records them."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.case.accounts import OWN
from lifecycle.language.checks.subject import Subject
from lifecycle.language.series import RecordBody
from lifecycle.problems import Problem


def series(subject: Subject) -> Iterator[Problem]:
    """Yield `series-needs-key`, `series-key-needless` and `series-only-read`."""
    recorded: set[str] = set()
    for effect in subject.outline.effects:
        if isinstance(effect.body, RecordBody):
            recorded.add(effect.name)
            entry = subject.text.series.get(effect.name)
            if entry is not None and entry.of not in OWN and entry.key_ is None and effect.body.key_ is None:
                yield subject.problem("series-needs-key", effect.at, key=True, series=effect.name, of=entry.of)
    for name, entry in subject.text.series.items():
        if entry.of in OWN and entry.key_ is not None:
            yield subject.problem("series-key-needless", f"series.{name}.key", key=True, of=entry.of)
    for site in subject.expressions:
        names = [read.split(".")[1] for read in site.names if read.startswith("series.")]
        names.extend(one.literal for one in site.reading.arguments if one.function == "reading" and one.index == 0)
        for name in dict.fromkeys(names):
            entry = subject.text.series.get(name)
            if entry is None:
                continue
            if name not in recorded and not subject.definition.broken:
                yield subject.problem("series-only-read", site.at, series=name)
            if entry.of not in OWN and entry.key_ is None:
                yield subject.problem("series-needs-key", site.at, series=name, of=entry.of)
