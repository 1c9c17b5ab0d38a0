"""`case verify`: whatever an intruder did to a case's history or kept state is found and named, never a crash."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.audit.verify import Verdict, verify_case
from lifecycle.problems import UnknownCase
from lifecycle.store.chain import chained
from lifecycle.store.log import NEW
from lifecycle.store.port import Finding
from tests.unit.engine.controls import Shop

EVENTS = 7


class Intruder:
    """Works by raw SQL on copies of a shop with two cases of seven events each; the first one is attacked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copies = 0
        shop = Shop(folder)
        self.numbers = [shop.priced(caller="Wang", flat=flat) for flat in ("A-1", "B-2")]
        for cost in range(EVENTS - 2):
            for number in self.numbers:
                shop.do(shop.step(number, "added", cost=cost, remark="rings twice"))
        self.id = shop.engine.entry(self.numbers[0]).id
        self.positions = [recorded.position for recorded in shop.engine.history(self.numbers[0])]
        shop.close()

    @contextmanager
    def copy(self) -> Iterator[tuple[apsw.Connection, Callable[[int], Verdict]]]:
        self.copies += 1
        folder = self.folder / f"copy-{self.copies}"
        folder.mkdir()
        for path in self.folder.glob("store*"):
            shutil.copy(path, folder)
        raw = apsw.Connection(str(folder / "store.db"))
        for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")

        def verified(case: int) -> Verdict:
            shop = Shop(folder)
            try:
                return verify_case(shop.engine, self.numbers[case])
            finally:
                shop.close()

        try:
            yield raw, verified
        finally:
            raw.close()
            shutil.rmtree(folder)

    def rechain(self, raw: apsw.Connection, *, heads: bool) -> None:
        """Make the digests of the attacked case anew, and its head's too if asked."""
        revision, digest = NEW
        rows = raw.execute(
            "SELECT position, originator_version, topic, recorded_at, state FROM lifecycle_events "
            "WHERE originator_id = ? ORDER BY originator_version",
            (self.id.bytes,),
        ).fetchall()
        for position, revision, topic, recorded_at, stored in rows:
            state = stored.encode() if isinstance(stored, str) else stored
            digest = chained(digest, self.id.bytes, revision, topic, recorded_at, state)
            raw.execute("UPDATE lifecycle_events SET digest = ? WHERE position = ?", (digest, position))
        if heads:
            update = "UPDATE heads SET revision = ?, digest = ? WHERE stream = ?"
            raw.execute(update, (revision, digest, self.id.bytes))


@pytest.fixture(scope="module")
def intruder(tmp_path_factory: pytest.TempPathFactory) -> Intruder:
    return Intruder(tmp_path_factory.mktemp("intruder"))


REVISIONS = st.integers(1, EVENTS)


def at(intruder: Intruder, revision: int, what: str) -> Finding:
    return Finding(what=what, position=intruder.positions[revision - 1], revision=revision, stream=intruder.id)


def test_a_case_as_it_was_written_has_no_finding(intruder: Intruder) -> None:
    with intruder.copy() as (_, verified):
        assert verified(0) == Verdict(case=intruder.numbers[0], events=EVENTS, findings=[])


@given(revision=REVISIONS, offset=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_event_is_named_and_the_other_case_is_not(
    intruder: Intruder, revision: int, offset: int, bit: int
) -> None:
    with intruder.copy() as (raw, verified):
        position = intruder.positions[revision - 1]
        state = bytearray(raw.execute("SELECT state FROM lifecycle_events WHERE position = ?", (position,)).get)
        state[offset % len(state)] ^= 1 << bit
        raw.execute("UPDATE lifecycle_events SET state = ? WHERE position = ?", (bytes(state), position))
        assert list(verified(0).findings) == [at(intruder, revision, "changed")]
        assert list(verified(1).findings) == []


@given(removed=st.sets(REVISIONS, min_size=1, max_size=EVENTS))
def test_every_removed_event_is_named(intruder: Intruder, removed: set[int]) -> None:
    with intruder.copy() as (raw, verified):
        for revision in removed:
            raw.execute("DELETE FROM lifecycle_events WHERE position = ?", (intruder.positions[revision - 1],))
        findings = verified(0).findings
        assert {finding.what for finding in findings} == {"removed"}
        assert {finding.revision for finding in findings} == removed


@given(copied=REVISIONS)
def test_an_inserted_event_is_named(intruder: Intruder, copied: int) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute(
            "INSERT INTO lifecycle_events SELECT 99, originator_id, ?, topic, state, recorded_at, digest "
            "FROM lifecycle_events WHERE position = ?",
            (EVENTS + 1, intruder.positions[copied - 1]),
        )
        found = {(finding.what, finding.position) for finding in verified(0).findings}
        assert found & {("inserted", 99), ("changed", 99)}


@given(revision=REVISIONS)
def test_an_event_changed_with_digests_made_anew_differs_from_the_head(intruder: Intruder, revision: int) -> None:
    with intruder.copy() as (raw, verified):
        position = intruder.positions[revision - 1]
        raw.execute(
            "UPDATE lifecycle_events SET state = replace(state, '2026-03-02', '2026-03-01') WHERE position = ?",
            (position,),
        )
        intruder.rechain(raw, heads=False)
        assert [finding.what for finding in verified(0).findings] == ["head-differs"]


def test_a_head_whose_digest_was_made_anew_too_still_differs_in_its_state(intruder: Intruder) -> None:
    with intruder.copy() as (raw, verified):
        position = intruder.positions[-1]
        raw.execute(
            "UPDATE lifecycle_events SET state = replace(state, '\"cost\":4', '\"cost\":1') WHERE position = ?",
            (position,),
        )
        intruder.rechain(raw, heads=True)
        assert [finding.what for finding in verified(0).findings] == ["head-differs"]


def test_a_tail_cut_with_digests_heads_and_state_made_anew_is_left_to_signed_heads(intruder: Intruder) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute("DELETE FROM lifecycle_events WHERE position = ?", (intruder.positions[-1],))
        intruder.rechain(raw, heads=True)
        raw.execute("UPDATE heads SET state = NULL, shape = 0 WHERE stream = ?", (intruder.id.bytes,))
        assert list(verified(0).findings) == []


@given(data=st.data())
def test_a_changed_kept_state_is_found_and_never_a_crash(intruder: Intruder, data: st.DataObject) -> None:
    with intruder.copy() as (raw, verified):
        state = raw.execute("SELECT state FROM heads WHERE stream = ?", (intruder.id.bytes,)).get
        content = bytearray(state if isinstance(state, bytes) else state.encode())
        offset = data.draw(st.integers(0, len(content) - 1))
        content[offset] ^= 1 << data.draw(st.integers(0, 7))
        raw.execute("UPDATE heads SET state = ? WHERE stream = ?", (bytes(content), intruder.id.bytes))
        assert {finding.what for finding in verified(0).findings} == {"head-differs"}


@pytest.mark.parametrize("state", [b"{}", b"[]", b"7", b'{"instances": [{}]}', b'{"instances": 3}', b"\xff"])
def test_a_kept_state_that_is_none_is_found(intruder: Intruder, state: bytes) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute("UPDATE heads SET state = ? WHERE stream = ?", (state, intruder.id.bytes))
        assert {finding.what for finding in verified(0).findings} == {"head-differs"}


@pytest.mark.parametrize("state", [b"{}", b"[]", b'{"v": 1}', b'{"v": 1, "type": "job.added"}', b"\xff"])
def test_an_event_that_is_none_is_named_even_with_everything_made_anew(intruder: Intruder, state: bytes) -> None:
    with intruder.copy() as (raw, verified):
        position = intruder.positions[3]
        raw.execute("UPDATE lifecycle_events SET state = ? WHERE position = ?", (state, position))
        intruder.rechain(raw, heads=True)
        findings = verified(0).findings
        assert [(finding.what, finding.position) for finding in findings] == [("changed", position)]


@pytest.mark.parametrize("part", ['"started":[7]', '"entered":3', '"ticks":"x"', '"machine":"job/9"', '"dropped":7'])
def test_an_event_that_no_program_would_write_is_named_even_with_everything_made_anew(
    intruder: Intruder, part: str
) -> None:
    with intruder.copy() as (raw, verified):
        position = intruder.positions[3]
        raw.execute(
            "UPDATE lifecycle_events SET state = replace(replace(state, '\"machine\":\"job/1\",', ''), '\"form\":', ?) "
            "WHERE position = ?",
            (part + ',"form":', position),
        )
        intruder.rechain(raw, heads=True)
        assert [(finding.what, finding.position) for finding in verified(0).findings] == [("changed", position)]


def test_a_case_that_is_not_in_the_index_is_unknown(intruder: Intruder) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute("DELETE FROM cases WHERE number = ?", (intruder.numbers[0],))
        with pytest.raises(UnknownCase):
            verified(0)


def test_a_missing_head_is_named(intruder: Intruder) -> None:
    with intruder.copy() as (raw, verified):
        raw.execute("DELETE FROM heads WHERE stream = ?", (intruder.id.bytes,))
        assert [(f.what, f.stream) for f in verified(0).findings] == [("head-missing", UUID(bytes=intruder.id.bytes))]
