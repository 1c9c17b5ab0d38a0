"""The steps about coverage hold when it is so, and fail when it is not; and the law of coverage on a small workflow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.core.case import Correct
from lifecycle.core.events import Actor
from tests.scenarios import covering
from tests.scenarios.stage import Stage, staged

WORKFLOW = """
workflow: cars
version: 1
zh: "车辆"
en: "Cars"
fields:
  plate: {is: text, scope: case, zh: "车牌", en: "Plate"}
  sold_on: {is: date, scope: case, zh: "售出日", en: "Sold on"}
  months: {is: integer, scope: case, zh: "质保月数", en: "Months"}
  renewed: {is: list, of: {part: text!}, zh: "更换部件", en: "Parts renewed"}
  part: {is: text, zh: "部件", en: "Part"}
  asked_part: {is: text, zh: "询问部件", en: "Part asked for"}
  ended: {is: boolean, scope: case, zh: "已满", en: "Ended"}
roles:
  office: {zh: "客服", en: "Office", corrects: true}
cases:
  car:
    zh: "车辆档案"
    en: "Car"
    key: plate
    machines: [file, repair, farewell]
    opens: {entered: {zh: "建档", en: "Entered", by: office, form: [plate!, sold_on, months], start: file}}
  claim:
    zh: "索赔"
    en: "Claim"
    machines: [claiming]
    links: {car: {case: car, key: "=case.plate"}}
    opens: {claimed: {zh: "提出", en: "Claimed", by: office, form: [plate!], start: claiming}}
machines:
  file:
    zh: "档案"
    en: "File"
    start: kept
    states:
      kept:
        zh: "在册"
        en: "Kept"
        steps:
          sold: {zh: "售出", en: "Sold", by: office, form: [sold_on!, months!]}
          taken_in: {zh: "进厂", en: "Taken in", by: office, start: repair}
          returned: {zh: "退车", en: "Returned", by: office}
          swapped: {zh: "换新", en: "Swapped", by: office}
          over: {zh: "质保到期", en: "Warranty over", upon: warranty.ended, set: {ended: true}}
  repair:
    zh: "维修"
    en: "Repair"
    many: true
    plural: repairs
    start: in_hand
    states:
      in_hand:
        zh: "在修"
        en: "In hand"
        steps:
          done: {zh: "修好", en: "Done", by: office, recorded_afterwards: true, form: [renewed], to: back}
      back: {zh: "交还", en: "Back", final: back}
  farewell:
    zh: "部件到期告知"
    en: "Part over"
    many: true
    starts: {upon: warranty.part_ended}
    start: told
    states:
      told: {zh: "已告知", en: "Told", final: told}
  claiming:
    zh: "索赔"
    en: "Claiming"
    start: open
    states:
      open:
        zh: "待定"
        en: "Open"
        steps:
          accepted:
            zh: "受理"
            en: "Accepted"
            by: office
            form: [asked_part]
            require:
              free: {that: "data.asked_part == null ? covered('warranty') : covered('warranty', data.asked_part)",
                     else: {zh: "不在质保期", en: "Not covered"}}
            to: done
      done: {zh: "受理", en: "Accepted", final: accepted}
coverage:
  warranty:
    zh: "质保期"
    en: "Warranty"
    of: car
    from: "=case.sold_on"
    months: "=case.months"
    extended_by: repair.in_hand
    restart: {repair.done: "=form.renewed == null ? [] : form.renewed.map(r, r.part)", file.swapped: all}
    cancel: file.returned
"""

OFFICE = Actor(role="office", person="li")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, WORKFLOW) as stage:
        yield stage


def car(stage: Stage, *, sold: str = "2026-03-02", months: str = "12") -> None:
    stage.said_with = "when"
    rows = [["", ""], ["车牌", "A1"], *([["售出日", sold], ["质保月数", months]] if sold else [])]
    stage.open("car", "entered", "客服", "li", rows)


def test_a_year_from_its_first_day_ends_with_the_day_before_that_date(stage: Stage) -> None:
    car(stage)
    covering.runs(stage, "质保期", "2026-03-02", "2027-03-01")
    covering.within(stage, "Warranty")
    stage.tell_time("2027-03-01 23:59")
    covering.within(stage, "质保期")
    assert stage.case.data.get("ended") is None
    stage.tell_time("2027-03-02 00:00")
    covering.not_within(stage, "质保期")
    assert stage.case.data["ended"] is True
    assert [one.event.type for one in stage.history][-2:] == ["warranty.ended", "file.over"]
    assert stage.history[-2].event.occurred_at == stage.instant("2027-03-02 00:00")


def test_the_steps_about_coverage_fail_when_it_is_not_so(stage: Stage) -> None:
    car(stage, sold="")
    covering.not_begun(stage, "质保期")
    with pytest.raises(AssertionError, match="no 质保期 yet"):
        covering.runs(stage, "质保期", "2026-03-02", "2027-03-01")
    with pytest.raises(AssertionError, match="not within"):
        covering.within(stage, "质保期")
    with pytest.raises(AssertionError, match="no coverage is called"):
        covering.within(stage, "保险")
    stage.take("售出", OFFICE, [["", ""], ["售出日", "2026-03-02"], ["质保月数", "6"]])
    with pytest.raises(AssertionError, match="it runs from 2026-03-02 to 2026-09-01"):
        covering.runs(stage, "质保期", "2026-03-02", "2026-09-02")
    with pytest.raises(AssertionError, match="put off by 0 days"):
        covering.put_off(stage, "质保期", "1")
    with pytest.raises(AssertionError, match="began on"):
        covering.not_begun(stage, "质保期")
    with pytest.raises(AssertionError, match="is within"):
        covering.not_within(stage, "质保期")
    with pytest.raises(AssertionError, match="has no"):
        covering.part_runs(stage, "刹车", "质保期", "2026-03-02", "2026-09-01")


def test_days_in_repair_put_off_the_end_and_overlapping_repairs_count_once(stage: Stage) -> None:
    car(stage)
    stage.tell_time("2026-06-01 10:00")
    stage.take("进厂", OFFICE)
    stage.tell_time("2026-06-05 10:00")
    stage.take("进厂", OFFICE)
    stage.tell_time("2026-06-09 10:00")
    stage.take("修好", OFFICE, instance="维修 1")
    covering.put_off(stage, "质保期", "0")
    stage.tell_time("2026-06-13 10:00")
    stage.take("修好", OFFICE, instance="维修 2")
    covering.put_off(stage, "质保期", "12")
    covering.runs(stage, "质保期", "2026-03-02", "2027-03-13")


def test_coverage_does_not_end_while_the_thing_is_in_repair(stage: Stage) -> None:
    car(stage)
    stage.tell_time("2027-03-01 10:00")
    stage.take("进厂", OFFICE)
    stage.tell_time("2027-03-11 10:00")
    covering.within(stage, "质保期")
    stage.take("修好", OFFICE)
    covering.runs(stage, "质保期", "2026-03-02", "2027-03-11")
    stage.tell_time("2027-03-12 00:00")
    covering.not_within(stage, "质保期")


def test_a_renewed_part_is_covered_anew_and_the_rest_is_not(stage: Stage) -> None:
    car(stage)
    stage.tell_time("2026-06-01 10:00")
    stage.take("进厂", OFFICE)
    stage.prepare("更换部件", [["部件"], ["刹车"], ["刹车"], ["离合器"]])
    stage.take("修好", OFFICE)
    covering.runs(stage, "质保期", "2026-03-02", "2027-03-01")
    covering.part_runs(stage, "刹车", "质保期", "2026-06-01", "2027-05-31")
    assert sorted(stage.case.coverage) == ["warranty", "warranty/刹车", "warranty/离合器"]
    stage.tell_time("2027-04-01 09:00")
    claim(stage, part="发动机", accepted=False)
    claim(stage, part="", accepted=False)
    claim(stage, part="刹车", accepted=True)
    stage.tell_time("2027-06-01 00:00")
    told = [one.event for one in stage.engine.store.feed() if one.event.type == "warranty.part_ended"]
    assert [event.changes["coverage"][0]["part"] for event in told] == ["刹车", "离合器"]
    assert [event.changes["started"][0]["id"] for event in told] == ["farewell/1", "farewell/2"]


def claim(stage: Stage, *, part: str, accepted: bool) -> None:
    """Claim for the car, and see whether it is accepted."""
    stage.open("claim", "claimed", "客服", "li", [["", ""], ["车牌", "A1"]])
    stage.take("受理", OFFICE, [["", ""], ["询问部件", part]])
    if accepted:
        assert stage.done
    else:
        assert [reason.text for reason in stage.refusal.reasons] == [{"zh": "不在质保期", "en": "Not covered"}]


def test_new_terms_move_the_end_and_what_was_over_runs_again(stage: Stage) -> None:
    car(stage)
    stage.tell_time("2026-05-01 10:00")
    stage.take("售出", OFFICE, [["", ""], ["售出日", "2026-03-05"], ["质保月数", "1"]])
    assert [one.event.type for one in stage.history][-2:] == ["warranty.ended", "file.over"]
    covering.not_within(stage, "质保期")
    stage.take("售出", OFFICE, [["", ""], ["售出日", "2026-03-05"], ["质保月数", "3"]])
    covering.runs(stage, "质保期", "2026-03-05", "2026-06-04")
    covering.within(stage, "质保期")
    stage.tell_time("2026-06-05 00:00")
    ended = [one.event for one in stage.history if one.event.type == "warranty.ended"]
    assert [event.command for event in ended] == [f"due/{stage.case_number}/coverage/warranty/{n}" for n in (1, 2)]


def test_a_corrected_day_of_sale_moves_the_period(stage: Stage) -> None:
    car(stage)
    wrong = stage.history[0].revision
    form = {"sold_on": "2026-02-02"}
    answer = stage.engine.execute(
        Correct(id="c", case=stage.case_number, revision=wrong, actor=OFFICE, reason="typed wrongly", form=form)
    )
    assert answer
    covering.runs(stage, "质保期", "2026-02-02", "2027-02-01")


def test_what_is_returned_is_covered_to_the_end_of_that_day(stage: Stage) -> None:
    car(stage)
    stage.tell_time("2026-05-01 10:00")
    stage.take("退车", OFFICE)
    covering.within(stage, "质保期")
    covering.runs(stage, "质保期", "2026-03-02", "2026-05-01")
    stage.tell_time("2026-05-02 00:00")
    covering.not_within(stage, "质保期")
    assert "warranty.ended" not in [one.event.type for one in stage.history]


@pytest.mark.parametrize(
    ("sold", "months", "end"),
    [("2026-01-31", "1", "2026-02-28"), ("2028-02-29", "12", "2029-02-28"), ("2026-03-01", "0", "2026-02-28")],
)
def test_a_month_that_lacks_the_date_is_covered_whole(stage: Stage, sold: str, months: str, end: str) -> None:
    stage.said_with = "when"
    car(stage, sold=sold, months=months)
    covering.runs(stage, "质保期", sold, end)
