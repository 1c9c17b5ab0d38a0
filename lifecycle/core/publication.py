"""The publication of workflows: which texts stand under which version, for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from lifecycle.core.events import Actor, Event, Json
from lifecycle.problems import Reason, Refusal

SHAPE = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """The published versions of one workflow: version -> digest of its bundle, and the revision that holds it."""

    digests: Mapping[int, str] = field(default_factory=dict)
    revisions: Mapping[int, int] = field(default_factory=dict)
    revision: int = 0

    @property
    def newest(self) -> int:
        """Return the highest published version; 0 when there is none."""
        return max(self.digests, default=0)

    def to_json(self) -> dict[str, Json]:
        versions = {str(v): {"digest": d, "revision": self.revisions[v]} for v, d in self.digests.items()}
        return {"versions": versions, "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Publication:
        versions = document["versions"]
        return cls(
            digests={int(v): entry["digest"] for v, entry in versions.items()},
            revisions={int(v): entry["revision"] for v, entry in versions.items()},
            revision=document["revision"],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Publish:
    """Publish a version. files: name -> text of the workflow file and of all its parts."""

    id: str
    name: str
    version: int
    zone: str
    digest: str
    files: Mapping[str, str]
    actor: Actor
    via: str = ""


def stream_of(store: UUID, name: str) -> UUID:
    """Return the stream of a workflow's publication in a store."""
    return uuid5(store, f"publication/{name}")


def decide(publication: Publication, command: Publish, stream: UUID, now: datetime) -> list[Event] | Refusal:
    """Return the event `publication.published`, nothing when the same text stands there, or a refusal."""
    standing = publication.digests.get(command.version)
    if standing == command.digest:
        return []
    if standing is not None:
        return Refusal(
            reasons=(
                Reason(
                    code="version-published-differently",
                    values={"workflow": command.name, "version": command.version, "next": publication.newest + 1},
                    actual=command.digest,
                    required=standing,
                ),
            )
        )
    published = {
        "name": command.name,
        "version": command.version,
        "digest": command.digest,
        "files": dict(command.files),
    }
    return [
        Event.ordered(
            command,
            "publication.published",
            stream,
            now,
            zone=command.zone,
            workflow=(command.name, command.version),
            changes={"published": published},
        )
    ]


def evolve(publication: Publication, event: Event) -> Publication:
    """Return the publication after the event."""
    change = event.changes["published"]
    revision = publication.revision + 1
    version = change["version"]
    return Publication(
        digests={**publication.digests, version: change["digest"]},
        revisions={**publication.revisions, version: revision},
        revision=revision,
    )
