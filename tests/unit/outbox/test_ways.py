"""The ways out that need no network: a line on the console, a line in a file that is on disk."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from lifecycle.outbox.message import Message
from lifecycle.outbox.ways import Console, File, Undelivered
from tests.contracts.controls import MONDAY


def message(n: int = 0, text: str = "请速来\n第二行\n\n-- \n维修 · M-1\n") -> Message:
    return Message(
        id=f"notice/12/{n}",
        stable=f"notice.12.{n}.00",
        to="role:chief",
        case="M-1",
        workflow="repair",
        lang="zh",
        at=MONDAY,
        subject="维修 M-1",
        text=text,
    )


def test_the_console_says_a_notice_in_one_line():
    said: list[str] = []
    Console(said.append).deliver(message(), "console")
    assert said == ["notice/12/0  role:chief  维修 M-1: 请速来 第二行"]


def test_the_file_gets_a_line_for_each_delivery_so_that_repetition_is_seen(tmp_path: Path):
    path = tmp_path / "notices.jsonl"
    way = File(path)
    way.deliver(message(), "file")
    way.deliver(message(1), "file")
    way.deliver(message(), "file")
    documents = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [document["id"] for document in documents] == ["notice/12/0", "notice/12/1", "notice/12/0"]
    assert documents[0] == documents[2] == {
        "id": "notice/12/0", "message": "notice.12.0.00", "to": "role:chief", "case": "M-1", "workflow": "repair",
        "at": "2026-03-02T01:00:00.000000Z", "lang": "zh", "subject": "维修 M-1",
        "text": "请速来\n第二行\n\n-- \n维修 · M-1\n",
    }  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_dead_process_left_half_written_spoils_no_other(tmp_path: Path):
    path = tmp_path / "notices.jsonl"
    path.write_bytes(b'{"id": "notice/1')
    File(path).deliver(message(), "file")
    half, whole = path.read_text("utf-8").splitlines()
    assert half == '{"id": "notice/1'
    assert json.loads(whole)["id"] == "notice/12/0"


def test_what_is_delivered_is_flushed_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    flushed: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (flushed.append(os.fstat(handle).st_size), real(handle)))
    File(tmp_path / "notices.jsonl").deliver(message(), "file")
    assert flushed == [(tmp_path / "notices.jsonl").stat().st_size]


def test_threads_write_whole_lines(tmp_path: Path):
    path = tmp_path / "notices.jsonl"
    writers = [
        threading.Thread(target=lambda: [File(path).deliver(message(text="x" * 9_000), "file") for _ in range(20)])
        for _ in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len([json.loads(line) for line in path.read_text("utf-8").splitlines()]) == 80


def test_a_file_that_cannot_be_written_is_tried_again(tmp_path: Path):
    with pytest.raises(Undelivered) as raised:
        File(tmp_path / "nowhere" / "notices.jsonl").deliver(message(), "file")
    assert (raised.value.reason, raised.value.again) == ("file-unwritable", True)
