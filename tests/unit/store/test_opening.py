"""Opening a store: by URL, with the right settings, keys and master key, by many processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from lifecycle.core.events import Personal
from lifecycle.problems import StoreUnreachable
from lifecycle.store import SqliteStore, open_store
from lifecycle.store.connections import Database
from lifecycle.store.port import Commit
from tests.contracts.controls import Counted, ToldClock, commit, confirmed, stream

A = stream(1)


def opened(path: Path, **rest: object) -> SqliteStore:
    given = {"clock": ToldClock(), "randomness": Counted(), **rest}
    return open_store(f"sqlite:{path}", **given)  # type: ignore[arg-type]  # the tests' own keywords


def reason(url_or_path: str | Path, **rest: object) -> str:
    url = f"sqlite:{url_or_path}" if isinstance(url_or_path, Path) else url_or_path
    given = {"clock": ToldClock(), "randomness": Counted(), **rest}
    with pytest.raises(StoreUnreachable) as raised:
        open_store(url, **given)  # type: ignore[arg-type]  # the tests' own keywords
    return str(raised.value.values["reason"])


@pytest.mark.parametrize("url", ["", "lifecycle.db", "sqlite", "sqlite:", "mysql:x"])
def test_a_url_of_no_known_kind_is_refused(url: str) -> None:
    assert reason(url) == "unknown-url"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path / "nowhere" / "store.db") == "cannot-open"


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"a letter, not a database. " * 100)
    assert reason(path) == "not-a-store"
    assert path.read_bytes() == b"a letter, not a database. " * 100


def test_every_connection_has_the_settings_that_the_promises_need(tmp_path: Path) -> None:
    database = Database(tmp_path / "store.db")
    for connection in (database.reading, database._writer):
        settings = {name: connection.pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys")}
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.close()


def test_an_sqlite_that_can_damage_its_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    assert reason(tmp_path / "store.db") == "sqlite-too-old"


def test_a_closed_store_answers_that_it_is_closed(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    store.close()
    with pytest.raises(StoreUnreachable) as raised:
        store.last_position()
    assert raised.value.values["reason"] == "closed"
    with pytest.raises(StoreUnreachable), store.writing():
        pass


def test_the_keys_lie_beside_the_store_readable_by_their_owner_only(tmp_path: Path) -> None:
    opened(tmp_path / "shop.db").close()
    keys = tmp_path / "shop-keys.db"
    assert keys.stat().st_mode & 0o777 == 0o600
    keys.chmod(0o644)
    opened(tmp_path / "shop.db").close()
    assert keys.stat().st_mode & 0o777 == 0o600


def test_a_master_key_wraps_the_keys_and_is_asked_for(tmp_path: Path) -> None:
    path, keys = tmp_path / "store.db", tmp_path / "elsewhere.db"
    store = opened(path, keys=keys, master_key=b"correct horse")
    sealed = store.seal(confirmed(A, form={"caller": Personal("王小明")}), store.subject_of("C-1"))
    subject = store.subject_of("C-1")
    store.close()
    assert not (tmp_path / "store-keys.db").exists()
    assert reason(path, keys=keys) == "master-key-missing"
    assert reason(path, keys=keys, master_key=b"battery staple") == "master-key-wrong"
    again = opened(path, keys=keys, master_key=b"correct horse")
    assert again.subject_of("C-1") == subject
    assert again.open(sealed.changes["form"]) == {"caller": "王小明"}
    again.close()


def test_a_master_key_is_not_believed_over_keys_that_are_not_wrapped(tmp_path: Path) -> None:
    opened(tmp_path / "store.db").close()
    assert reason(tmp_path / "store.db", master_key=b"correct horse") == "keys-not-wrapped"


def test_the_keys_of_another_store_are_refused(tmp_path: Path) -> None:
    opened(tmp_path / "store.db").close()
    opened(tmp_path / "other.db", randomness=Counted(seed=b"other")).close()
    assert reason(tmp_path / "store.db", keys=tmp_path / "other-keys.db") == "foreign-keys"


WRITER = """
import os, sys
from lifecycle.store import open_store
from lifecycle.store.port import Appended
from tests.contracts.controls import ToldClock, commit, stream
store = open_store("sqlite:" + sys.argv[1], clock=ToldClock(), randomness=os.urandom)
name, commits = int(sys.argv[2]), int(sys.argv[3])
for revision in range(commits):
    (verdict,) = store.append([commit(stream(name), revision, command=f"{name}/{revision}")])
    assert isinstance(verdict, Appended), verdict
print(store.meta.id, store.subject_of("C-1"))
"""


def test_sixteen_processes_open_a_new_file_at_once_and_write(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    command = [sys.executable, "-c", WRITER, str(path)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    processes = [
        subprocess.Popen([*command, str(n), "5"], stdout=subprocess.PIPE, env=environment, text=True) for n in range(16)
    ]
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 16
    assert len(set(said)) == 1
    store = opened(path)
    assert [row[0] for row in store.rows()] == list(range(1, 81))
    assert store.verify().findings == ()
    store.close()


def test_two_processes_never_write_the_same_revision(tmp_path: Path) -> None:
    racer = WRITER.replace("assert isinstance(verdict, Appended), verdict", "pass").replace(
        "{name}/{revision}", "{os.getpid()}/{revision}"
    )
    path = tmp_path / "store.db"
    opened(path).close()
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    processes = [
        subprocess.Popen([sys.executable, "-c", racer, str(path), "1", "100"], stdout=subprocess.PIPE, env=environment)
        for _ in range(2)
    ]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    store = opened(path)
    assert [(row[0], row[2]) for row in store.rows()] == [(n, n) for n in range(1, 101)]
    assert store.verify().findings == ()
    store.close()


def test_a_store_of_the_version_before_gains_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = opened(path)
    store.append([commit(A)])
    store.close()
    with apsw.Connection(str(path)) as connection:
        connection.execute("DROP TABLE due")
        connection.execute("UPDATE meta SET value = 1 WHERE name IN ('schema', 'reader')")
    again = opened(path)
    assert [recorded.revision for recorded in again.read(A)] == [1]
    assert again.due_on(A) is None
    assert again.verify().findings == ()
    again.close()


def test_notices_that_were_given_before_there_was_an_outbox_are_not_sent_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = opened(path)
    told = {"notices": [{"to": [{"role": "chief"}]}]}
    store.append([Commit(events={A: [confirmed(A, **told)]}, expected={A: 0})])
    store.close()
    with apsw.Connection(str(path)) as connection:
        connection.execute("DROP TABLE notices")
        connection.execute("DELETE FROM meta WHERE name = 'notices_from'")
        connection.execute("UPDATE meta SET value = 2 WHERE name IN ('schema', 'reader')")
    again = opened(path)
    again.append([Commit(events={A: [confirmed(A, **told)]}, expected={A: 1})])
    assert again.notices.count() == {"pending": 1}
    assert again.notices.rebuild() == 0
    assert again.notices.find(2, 0) is not None
    again.close()
