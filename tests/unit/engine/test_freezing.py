"""Freezing: a step keeps what it saw of many cases, at a position; later changes do not move it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.app import folders, library
from lifecycle.core.case.commands import Seen
from lifecycle.core.case.freezing import MOST_FROZEN
from lifecycle.core.events import Actor
from lifecycle.settings import Settings
from tests.scenarios.stage import Stage

WORKFLOW = """
workflow: reports
version: 1
zh: "汇报"
en: "Reports"
roles:
  office: {zh: "客服", en: "Office"}
fields:
  caller: {is: text, pii: true, zh: "来电人", en: "Caller"}
  open_jobs: {is: list, of: {number: text!, opened_at: datetime, late: boolean}, zh: "未完", en: "Open jobs"}
  figures: {is: list, of: {period: text!, person: text, value: integer!}, zh: "数据", en: "Figures"}
  how_many: {is: integer, zh: "件数", en: "How many"}
cases:
  matter:
    zh: "报修"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "报修", en: "Opened", by: office, form: [caller], start: job}}
  report:
    zh: "汇报"
    en: "Report"
    machines: [report_work]
    opens: {begun: {zh: "汇报", en: "Begun", by: office, start: report_work}}
machines:
  job:
    zh: "维修"
    en: "Job"
    start: open
    states:
      open:
        zh: "在办"
        en: "Open"
        steps:
          done: {zh: "完工", en: "Done", by: office, to: over}
      over: {zh: "完", en: "Over", final: done}
  report_work:
    zh: "编制"
    en: "Report work"
    start: due
    states:
      due:
        zh: "待编"
        en: "Due"
        steps:
          drawn:
            zh: "汇总"
            en: "Drawn"
            by: office
            freeze: {open_jobs: unfinished, figures: {kpi: finished, period: previous}}
            set: {how_many: "=size(data.open_jobs)"}
            to: over
      over: {zh: "完", en: "Over", final: done}
views:
  unfinished: {zh: "未完", en: "Unfinished", of: job, where: "!closed", columns: [number, opened_at, late, caller]}
kpis:
  finished: {zh: "完工", en: "Finished", count: job.done, per: week, group: {person: "=actor.person"}}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "reports.yaml").write_text(WORKFLOW, encoding="utf-8")
    stage = Stage(folder=tmp_path, workflows=library(folders(Settings(workflows=tmp_path / "files"))))
    stage.use("reports")
    stage.said_with = "when"
    yield stage
    stage.engine.close()


def matter(stage: Stage, *, done_by: str = "") -> str:
    stage.open("matter", "opened", "客服", "wu", [["字段", "值"], ["来电人", "李"]])
    if done_by:
        stage.take("完工", stage.actor("客服", done_by))
    return stage.case_number


def drawn(stage: Stage) -> dict[str, object]:
    stage.open("report", "begun", "客服", "wu", None)
    stage.take("汇总", stage.actor("客服", "wu"))
    return dict(stage.case.instances["report_work/1"].data)


def test_the_rows_of_a_view_and_the_lines_of_a_figure_become_data(stage: Stage):
    matter(stage, done_by="li")
    matter(stage, done_by="li")
    matter(stage, done_by="wang")
    stage.tell_time("2026-03-10 09:00")
    open_one = matter(stage)
    found = drawn(stage)
    assert found["open_jobs"] == [
        {"number": open_one, "opened_at": "2026-03-10T01:00:00.000000Z", "late": False},
    ]
    assert found["figures"] == [
        {"period": "2026-W10", "person": "li", "value": 2},
        {"period": "2026-W10", "person": "wang", "value": 1},
    ]
    assert found["how_many"] == 1


def test_the_event_names_the_position_and_the_rows_do_not_move(stage: Stage):
    open_one = matter(stage)
    before = stage.engine.store.last_position()
    drawn(stage)
    event = stage.history[-1].event
    assert [(e["field"], e.get("view"), e["position"], e["rows"]) for e in event.changes["looked"]] == [
        ("open_jobs", "unfinished", before + 1, 1),
        ("figures", None, before + 1, 0),
    ]
    report = stage.case_number
    stage.case_number = open_one
    stage.take("完工", stage.actor("客服", "wu"))
    stage.case_number = report
    assert len(stage.case.instances["report_work/1"].data["open_jobs"]) == 1
    assert stage.engine.replay(report).to_json() == stage.case.to_json()


def test_more_rows_than_one_event_may_keep_are_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    rows = [{"number": f"M-{n}"} for n in range(MOST_FROZEN + 1)]
    monkeypatch.setattr("lifecycle.engine.seeing.Sight.frozen", lambda *_: Seen(rows=rows, position=1), raising=True)
    stage.open("report", "begun", "客服", "wu", None)
    stage.take("汇总", stage.actor("客服", "wu"))
    assert [reason.code for reason in stage.refusal.reasons] == ["freeze-too-many"]


def test_what_does_not_fit_the_field_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lifecycle.engine.seeing.Sight.frozen", lambda *_: Seen(rows=[{"late": True}], position=1))
    stage.open("report", "begun", "客服", "wu", None)
    stage.take("汇总", Actor(role="office", person="wu"))
    assert [reason.code for reason in stage.refusal.reasons] == ["freeze-misfit"]
