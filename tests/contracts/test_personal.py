"""Personal values: only as ciphertext anywhere, readable while the subject's key is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.core.events import Json, Personal, Sealed
from lifecycle.problems import DamagedHistory
from lifecycle.store import SqliteStore
from lifecycle.store.port import Appended, Commit, Erased, Outgoing, Store, SubjectErased, UnsealedValue
from tests.contracts.controls import MONDAY, case, confirmed, stream

A, B = stream(1), stream(2)
MARKERS = [f"marker-{n:02}-王小明" for n in range(20)]


def sealed_commit(store: Store, *values: Json, of: int = 1, subject: str = "C-1") -> Sealed:
    """Append an event with a personal value and return it as it was sealed."""
    id = stream(of)
    with store.writing() as session:
        event = session.seal_event(confirmed(id, form={"caller": Personal(values[0])}), session.subject_of(subject))
        session.append(Commit(events={id: [event]}, expected={id: 0}, heads={id: dict(event.changes)}))
    sealed = event.changes["form"]["caller"]
    assert isinstance(sealed, Sealed)
    return sealed


def test_a_sealed_value_is_read_back_sealed_and_opened_when_shown(store: Store) -> None:
    sealed = sealed_commit(store, {"name": "王小明", "phones": ["138"]})
    (recorded,) = store.read(A)
    head = store.head(A)
    assert head is not None
    assert recorded.event.changes == {"form": {"caller": sealed}} == head.state
    assert store.open(sealed) == {"name": "王小明", "phones": ["138"]}
    assert store.open({"rows": [sealed, 1]}) == {"rows": [{"name": "王小明", "phones": ["138"]}, 1]}
    assert store.verify().findings == ()


def test_values_still_in_clear_are_sealed_under_the_subject_that_the_commit_names(store: Store) -> None:
    subject = store.subject_of("C-1")
    send = Outgoing(stream=A, index=0, target_case="DW-2", payload={"caller": Personal("王小明")})
    (verdict,) = store.append(
        [
            Commit(
                events={A: [confirmed(A, rows=[{"caller": Personal("王小明")}])]},
                expected={A: 0},
                sends=[send],
                subjects={A: subject},
            )
        ]
    )
    assert isinstance(verdict, Appended)
    assert list(store.read(A)) == list(verdict.positions)
    assert store.open(verdict.positions[0].event.changes["rows"]) == [{"caller": "王小明"}]
    assert store.open(store.pending_sends()[0].payload) == {"caller": "王小明"}


def test_a_value_needs_a_subject(store: Store) -> None:
    with pytest.raises(UnsealedValue), store.writing() as session:
        session.seal("", {"caller": Personal("王小明")})


def test_digests_of_persons_and_words_are_keyed_and_apart(
    store: SqliteStore, tmp_path: Path, opened: Callable[[], SqliteStore]
) -> None:
    assert store.subject_of("C-1") == opened().subject_of("C-1")
    assert store.subject_of("C-1") != store.token("C-1")
    assert store.subject_of("C-1") != store.subject_of("C-2")
    assert len(store.subject_of("C-1")) == len(store.token("王小明")) == 32


def test_planted_values_are_in_no_file(store: SqliteStore, tmp_path: Path) -> None:
    subject = store.subject_of("C-1")
    for n, marker in enumerate(MARKERS):
        id = stream(n)
        with store.writing() as session:
            form = {"caller": Personal(marker), "rows": [{"phone": Personal({"mobile": marker})}]}
            event = session.seal_event(confirmed(id, form=form), subject)
            session.append(
                Commit(
                    events={id: [event]},
                    expected={id: 0},
                    heads={id: dict(event.changes)},
                    cases=[case(id, f"DW-{n}", subject=subject, key=session.token(marker))],
                    sends=[Outgoing(stream=id, index=0, target_case="DW-1", payload={"caller": Personal(marker)})],
                    subjects={id: subject},
                )
            )
            session.journal({"case": f"DW-{n}", "form": {"caller": Personal(marker)}}, subject)

    def found() -> list[str]:
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert {"store.db", "store.db-wal", "store-keys.db"} <= files.keys()
        spellings = {m: (m.encode(), m.encode("unicode-escape"), m.encode("utf-16-le")) for m in MARKERS}
        return [m for m, ways in spellings.items() if any(way in content for way in ways for content in files.values())]

    assert found() == []
    store._database.checkpoint()
    store._keys._database.checkpoint()
    assert found() == []
    assert store.open(store.refusals("DW-3")[0]["form"]) == {"caller": MARKERS[3]}


def test_a_destroyed_key_erases_and_the_history_still_verifies(
    store: SqliteStore, opened: Callable[[], SqliteStore], tmp_path: Path
) -> None:
    other = opened()
    sealed, kept = sealed_commit(store, "王小明"), sealed_commit(store, "李雷", of=2, subject="C-2")
    assert other.open(sealed) == "王小明"
    key = store._keys._database.reading.execute("SELECT wrapped_key FROM keys WHERE subject = ?", (sealed.subject,)).get
    assert any(key in path.read_bytes() for path in tmp_path.iterdir())
    store.destroy(sealed.subject)
    erased = Erased(sealed.subject, MONDAY)
    assert store.open(sealed) == erased
    assert other.open([sealed, kept]) == [erased, "李雷"]
    assert not any(key in path.read_bytes() for path in tmp_path.iterdir())
    assert store.verify().findings == ()
    assert [r.event.changes["form"]["caller"] for r in store.feed()] == [sealed, kept]


def test_nothing_more_is_sealed_for_an_erased_subject(store: Store) -> None:
    sealed = sealed_commit(store, "王小明")
    store.destroy(sealed.subject)
    with pytest.raises(SubjectErased):
        store.seal(confirmed(B, form={"caller": Personal("王小明")}), sealed.subject)


def test_a_subject_without_a_key_is_erased_too(store: Store) -> None:
    subject = store.subject_of("C-9")
    store.destroy(subject)
    with pytest.raises(SubjectErased):
        store.seal(confirmed(A, form={"caller": Personal("王小明")}), subject)


def test_a_value_whose_key_was_never_here_says_so(store: Store) -> None:
    assert store.open(Sealed("0" * 32, "AAAA")) == Erased("0" * 32, None)


def test_a_box_that_was_altered_or_moved_to_another_subject_is_not_opened(store: Store) -> None:
    first, second = sealed_commit(store, "王小明"), sealed_commit(store, "李雷", of=2, subject="C-2")
    for box in (
        Sealed(first.subject, second.box),
        Sealed(first.subject, "AAAA" + first.box[4:]),
        Sealed(first.subject, "!"),
    ):
        with pytest.raises(DamagedHistory):
            store.open(box)


def test_a_key_is_on_disk_before_the_event_that_needs_it(store: SqliteStore, opened: Callable[[], SqliteStore]) -> None:
    other = opened()
    seen: list[Json] = []

    def before_commit() -> bool:
        subjects = other._keys._database.reading.execute("SELECT subject FROM keys ORDER BY subject").fetchall()
        seen.append(([row[0] for row in subjects], other.last_position()))
        return False

    store._database._writer.set_commit_hook(before_commit)
    sealed = sealed_commit(store, "王小明")
    assert seen == [([sealed.subject], 0)]
    assert other.open(sealed) == "王小明"


def test_all_new_keys_of_a_group_are_written_in_one_commit(store: SqliteStore) -> None:
    commits: list[int] = []

    def before_commit() -> bool:
        commits.append(1)
        return False

    store._keys._database._writer.set_commit_hook(before_commit)
    with store.writing() as session:
        for n in range(100):
            id = stream(n)
            event = session.seal_event(confirmed(id, form={"caller": Personal("x")}), session.subject_of(f"C-{n}"))
            session.append(Commit(events={id: [event]}, expected={id: 0}))
        assert commits == []
    assert commits == [1]
    assert store.last_position() == 100


def test_a_session_that_fails_leaves_no_key(store: SqliteStore) -> None:
    subject = store.subject_of("C-1")

    def failing_decision() -> None:
        with store.writing() as session:
            session.seal(subject, Personal("王小明"))
            raise KeyError("the decision failed")

    with pytest.raises(KeyError):
        failing_decision()
    assert store._keys.find(subject) is None
    assert store.open(sealed_commit(store, "王小明")) == "王小明"


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_any_json_value_comes_back_as_it_was(value: Json, shared_store: SqliteStore) -> None:
    event = shared_store.seal(confirmed(A, form={"caller": Personal(value)}), shared_store.subject_of("C-1"))
    assert shared_store.open(event.changes["form"]["caller"]) == value
