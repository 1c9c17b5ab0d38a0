"""The stream: from where, what, in which form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.terminal.conftest import Type

SECONDS = 60


def test_each_line_is_one_event_in_order_with_its_cursor(typed: Type, priced: str):
    lines = typed("stream").lines
    assert [line["position"] for line in lines] == [1, 2, 3]
    assert [line["type"] for line in lines] == ["publication.published", "matter.reported", "job.priced"]
    assert all(line["cursor"].endswith(f":{line['position']}") for line in lines)


def test_it_goes_on_after_the_position_or_cursor_already_seen(typed: Type, priced: str):
    lines = typed("stream").lines
    assert typed("stream", "--from", "2").lines == lines[2:]
    assert typed("stream", "--from", lines[0]["cursor"]).lines == lines[1:]
    assert typed("stream", "--from", lines[2]["cursor"]).out == ""


def test_it_starts_at_a_time(typed: Type, priced: str):
    assert [line["position"] for line in typed("stream", "--from", "2026-03-02T08:59").lines] == [1, 2, 3]
    assert typed("stream", "--from", "2026-03-02T09:00").out == ""


@pytest.mark.parametrize("cursor", ["ffffffff:1", "99"])
def test_a_cursor_of_another_store_or_beyond_the_end_is_refused(typed: Type, case: str, cursor: str):
    answered = typed("stream", "--from", cursor)
    assert (answered.code, answered.out) == (1, "")


@pytest.mark.parametrize(
    ("globs", "positions"),
    [(("job.*",), [3]), (("desk.*.reported",), [2]), (("*.priced", "*.reported"), [2, 3]), (("repair.*",), [])],
)
def test_a_glob_chooses_types(typed: Type, priced: str, globs: tuple[str, ...], positions: list[int]):
    line = ["stream", *(word for glob in globs for word in ("--type", glob))]
    assert [each["position"] for each in typed(*line).lines] == positions


def test_a_limit_ends_it(typed: Type, priced: str):
    assert len(typed("stream", "--limit", "2").lines) == 2


def test_a_cloud_event_has_the_attributes_that_the_specification_asks_for(typed: Type, priced: str):
    [event] = typed("stream", "--format", "cloudevents", "--from", "2").lines
    assert (event["specversion"], event["id"], event["type"]) == ("1.0", "3", "desk.job.priced")
    assert event["source"].startswith("urn:lifecycle:")
    assert event["subject"] == f"{priced}/job/1"
    assert event["data"]["form"] == {"cost": 120}


def test_following_ends_when_nobody_reads_any_more(folder: Path, case: str):
    command = [sys.executable, "-c", "from cli import main; main()", "stream", "--follow"]
    following = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert following.stdout is not None
    assert following.stderr is not None
    following.stdout.readline()
    following.stdout.close()
    code = following.wait(timeout=SECONDS)
    with following.stderr as told:
        assert (code, told.read()) == (0, b"")
