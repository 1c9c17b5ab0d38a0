"""What the checker finds in deadlines, each at its line and column."""

from __future__ import annotations

import pytest

from tests.unit.language.checks.marks import problems_of

HEAD = """workflow: small
version: 1
zh: "小"
en: "Small"
roles:
  clerk: {zh: "文员", en: "Clerk"}
cases:
  matter:
    zh: "事"
    en: "Matter"
    machines: [job]
    opens: {opened: {zh: "登记", en: "Opened", by: clerk, start: job}}
machines:
  job:
    zh: "工作"
    en: "Job"
    start: open
    states:
      open:
        zh: "进行"
        en: "Open"
        steps:
          answered: {zh: "答复", en: "Answered", by: clerk}
          held: {zh: "暂缓", en: "Held", by: clerk, to: on_hold}
          closed: {zh: "结束", en: "Closed", by: clerk, to: rest}
      on_hold: {zh: "暂缓", en: "On hold", steps: {resumed: {zh: "恢复", en: "Resumed", by: clerk, to: open}}}
      rest: {zh: "收尾", en: "Rest", steps: {ended: {zh: "完", en: "Ended", by: clerk, to: over}}}
      over: {zh: "完", en: "Over", final: done}
    deadlines:
      contact: {zh: "联系", en: "Contact", """


def codes(rest: str) -> list[tuple[int, int, str]]:
    text = HEAD + rest.replace("¦", "") + "}\n"
    return [(p.where.line, p.where.column, p.code) for p in problems_of(text)]


@pytest.mark.parametrize(
    ("code", "rest"),
    [
        ("unknown-step", "stop: [¦answred], within: 30m"),
        ("unknown-step", "start: job.¦opend, stop: [answered], within: 30m"),
        ("unknown-machine", "stop: [¦jb.answered], within: 30m"),
        ("unknown-state", "stop: [answered], pause: [¦onhold], within: 30m"),
        ("unknown-state", "start: ¦entered('hold'), stop: [answered], within: 30m"),
        ("unknown-role", "stop: [answered], who: ¦clark, within: 30m"),
        ("unknown-calendar", "stop: [answered], within: 30m, clock: ¦offce"),
        ("bad-cue", "stop: [¦Answered!], within: 30m"),
        ("bad-rung", "stop: [answered], within: 30m, ladder: {¦half: {set: {}}}"),
        ("pause-never-left", "stop: [answered], pause: [¦rest], within: 30m"),
        ("pause-never-entered", "start: closed, stop: [ended], pause: [¦on_hold], within: 30m"),
    ],
)
def test_what_a_deadline_names_wrongly_is_found_where_it_stands(code: str, rest: str) -> None:
    row = (HEAD + rest).split("\n")[-1]
    column = row.index("¦") + 1
    if "job.¦" in rest:
        column -= len("job.")
    assert (len(HEAD.split("\n")), column, code) in codes(rest)


@pytest.mark.parametrize("rest", ["start: closed, stop: [answered], within: 30m", "within: 30m"])
def test_a_promise_that_nobody_can_keep_is_found(rest: str) -> None:
    assert (len(HEAD.split("\n")), 7, "deadline-never-met") in codes(rest)


def test_a_promise_needs_one_length() -> None:
    assert "needs-one" in [code for _, _, code in codes("stop: [answered]")]
    assert "needs-one" in [code for _, _, code in codes("stop: [answered], within: 30m, due: now")]


def test_two_promises_of_one_name_are_found() -> None:
    text = HEAD + "stop: [answered], within: 30m}\n"
    text = text.replace(
        'en: "On hold", steps', 'en: "On hold", deadlines: {contact: {zh: "联系", en: "Contact", within: 1h}}, steps'
    )
    assert "deadline-twice" in [problem.code for problem in problems_of(text)]


def test_a_promise_that_is_kept_while_its_clock_stands_still_is_left_by_that() -> None:
    assert codes("stop: [ended], pause: [rest], within: 30m") == []


def test_a_sound_promise_raises_nothing() -> None:
    assert codes("stop: [answered], pause: [on_hold], within: 30m, who: clerk, ladder: {80%: {}}") == []
