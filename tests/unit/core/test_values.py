"""What a person types becomes the one stored form of its type, or a misfit that does not repeat it."""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.core.lengths import length_text, parse_length
from lifecycle.core.parsing import READERS, accept
from lifecycle.core.showing import show, show_length
from lifecycle.core.values import FieldType, Json, Misfit

SHANGHAI = ZoneInfo("Asia/Shanghai")
CAUSE = FieldType(
    name="choice",
    choices={"defect": {"zh": "质量问题", "en": "Defect"}, "misuse": {"zh": "使用不当", "en": "Misuse"}},
)
LINES = FieldType(
    name="list",
    row={"item": FieldType(name="text"), "quantity": FieldType(name="integer", minimum="1")},
    required=frozenset({"item"}),
)
NAMES = FieldType(name="list", of=FieldType(name="text"))
DIGEST = "sha256:" + "ab" * 32


def plain(name: str, **borders: object) -> FieldType:
    return FieldType(name=name, **borders)  # type: ignore[arg-type]  # named by the table of a test


TYPES = [CAUSE, LINES, NAMES, *(plain(name) for name in READERS if name not in ("choice", "list"))]


@pytest.mark.parametrize(
    ("type", "typed", "stored"),
    [
        (plain("text"), "  漏水\r\n二楼 ", "漏水\n二楼"),
        (plain("text"), "e\u0301", "é"),
        (plain("number"), "4.50", "4.5"),
        (plain("number"), "-0.0", "0"),
        (plain("number"), 4.5, "4.5"),
        (plain("number"), "100", "100"),
        (plain("integer"), "+12", 12),
        (plain("boolean"), "YES", True),
        (plain("boolean"), "否", False),
        (plain("boolean"), False, False),
        (CAUSE, "defect", "defect"),
        (CAUSE, "使用不当", "misuse"),
        (CAUSE, "MISUSE", "misuse"),
        (plain("money", currency="CNY"), "200", "200.00 CNY"),
        (plain("money", currency="CNY"), 200, "200.00 CNY"),
        (plain("money", currency="CNY"), "¥1,200.5", "1200.50 CNY"),
        (plain("money", currency="CNY"), "200.00 cny", "200.00 CNY"),
        (plain("money", currency="CNY"), "-3元", "-3.00 CNY"),
        (plain("money", currency="CNY"), "0.29", "0.29 CNY"),
        (plain("money", currency="JPY"), "200.00", "200 JPY"),
        (plain("money", currency="KWD"), "1.005", "1.005 KWD"),
        (plain("date"), "2026-02-28", "2026-02-28"),
        (plain("time"), "8:30", "08:30"),
        (plain("time"), "8:30:00", "08:30"),
        (plain("datetime"), "2026-03-02 09:00", "2026-03-02T01:00:00.000000Z"),
        (plain("datetime"), "2026-03-02T09:00+08:00", "2026-03-02T01:00:00.000000Z"),
        (plain("datetime"), "2026-03-02T09:00:00Z", "2026-03-02T09:00:00.000000Z"),
        (plain("duration"), "PT30M", "30m"),
        (plain("duration"), "24h", "1d"),
        (plain("duration"), "1h30m", "90m"),
        (plain("duration"), "0m", "0s"),
        (plain("period"), "2026-03-01/2026-03-31", "2026-03-01/2026-03-31"),
        (plain("period"), " 2026-03 ", "2026-03"),
        (plain("period"), "2026-q1", "2026-Q1"),
        (plain("period"), "2026-w53", "2026-W53"),
        (plain("period"), "\uff12\uff10\uff12\uff16", "2026"),
        (plain("phone"), "+86 (21) 5555-1234 ext. 12", "+86215555-1234 ext 12"),
        (plain("staff"), " li ", "li"),
        (plain("attachment"), DIGEST.upper().replace("SHA", "sha"), DIGEST),
        (plain("attachment"), f"告知 书.pdf@{DIGEST}", f"告知 书.pdf@{DIGEST}"),
        (NAMES, "窗, 门", ["窗", "门"]),
        (NAMES, '["a,b", "c"]', ["a,b", "c"]),
        (LINES, '[{"item": "A", "quantity": "2"}, {"item": "B"}]', [{"item": "A", "quantity": 2}, {"item": "B"}]),
        (plain("text"), "  ", None),
        (plain("money"), None, None),
    ],
)
def test_a_typed_value_is_kept_in_one_form(type: FieldType, typed: Json, stored: Json) -> None:
    found = accept(type, typed, SHANGHAI)
    assert found == stored
    assert found.__class__ is stored.__class__


@pytest.mark.parametrize(
    ("type", "typed", "code", "path"),
    [
        (plain("text"), 5, "field-wrong-type", ""),
        (plain("text"), "a\u202eb", "text-unprintable", ""),
        (plain("text"), "a\x1b[31mb", "text-unprintable", ""),
        (plain("text", longest=3), "abcd", "text-too-long", ""),
        (plain("number"), "1e5", "field-wrong-type", ""),
        (plain("number"), "NaN", "field-wrong-type", ""),
        (plain("number"), float("inf"), "field-wrong-type", ""),
        (plain("integer"), "4.0", "field-wrong-type", ""),
        (plain("integer"), True, "field-wrong-type", ""),
        (plain("integer"), str(2**53), "field-wrong-type", ""),
        (plain("integer", minimum="3"), "2", "value-too-small", ""),
        (plain("money", maximum="100"), "100.01", "value-too-large", ""),
        (plain("duration", minimum="1h"), "59m", "value-too-small", ""),
        (plain("date", maximum="2026-12-31"), "2027-01-01", "value-too-large", ""),
        (plain("boolean"), "maybe", "field-wrong-type", ""),
        (CAUSE, "defekt", "choice-unknown", ""),
        (plain("money", currency="CNY"), "200 USD", "field-wrong-type", ""),
        (plain("money", currency="CNY"), "$200", "field-wrong-type", ""),
        (plain("money"), "1.005", "field-wrong-type", ""),
        (plain("money"), "1,00", "field-wrong-type", ""),
        (plain("date"), "2026-02-30", "field-wrong-type", ""),
        (plain("time"), "24:00", "field-wrong-type", ""),
        (plain("datetime"), "2026-03-02", "field-wrong-type", ""),
        (plain("duration"), "P1M", "field-wrong-type", ""),
        (plain("duration"), "30", "field-wrong-type", ""),
        (plain("period"), "2026-03-31/2026-03-01", "field-wrong-type", ""),
        (plain("period"), "2026-13", "field-wrong-type", ""),
        (plain("period"), "2026-Q5", "field-wrong-type", ""),
        (plain("period"), "2025-W53", "field-wrong-type", ""),
        (plain("period"), "1899", "field-wrong-type", ""),
        (plain("period"), "2026-03/2026-04", "field-wrong-type", ""),
        (plain("period"), "2026-3", "field-wrong-type", ""),
        (plain("phone"), "1234", "field-wrong-type", ""),
        (plain("phone"), "call me", "field-wrong-type", ""),
        (plain("staff"), "li ming", "field-wrong-type", ""),
        (plain("asset"), "x" * 101, "field-wrong-type", ""),
        (plain("attachment"), "sha256:abc", "field-wrong-type", ""),
        (NAMES, "[1]", "field-wrong-type", "1"),
        (NAMES, "[" * 100_000, "field-wrong-type", ""),
        (plain("list", of=FieldType(name="number")), "[1e999999999]", "field-wrong-type", "1"),
        (LINES, "A=1", "field-wrong-type", ""),
        (LINES, '[{"item": "A"}, {"item": "B", "quantity": 0}]', "value-too-small", "2.quantity"),
        (LINES, '[{"quantity": 1}]', "row-field-missing", "1.item"),
        (LINES, '[{"item": "A", "quantty": 1}]', "row-field-unknown", "1"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(type: FieldType, typed: Json, code: str, path: str) -> None:
    found = accept(type, typed, SHANGHAI)
    assert isinstance(found, Misfit)
    assert (found.code, found.path) == (code, path)


def test_a_mistyped_choice_brings_the_nearest_value() -> None:
    found = accept(CAUSE, "质量问", SHANGHAI)
    assert isinstance(found, Misfit)
    assert found.values == {"allowed": ["defect", "misuse"], "suggestion": "defect"}


TYPED = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.from_regex(r"[¥$]?-?[0-9]{1,9}(\.[0-9]{1,3})?( CNY)?", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}[wdhms]([0-9]{1,3}[ms])?", fullmatch=True),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat(timespec="seconds")),
    st.dates().map(str),
    st.times().map(lambda moment: f"{moment:%H:%M}"),
    st.from_regex(r"\+?[0-9 ()-]{4,18}(x[0-9]{1,4})?", fullmatch=True),
    st.lists(st.text(max_size=5) | st.integers()),
    st.lists(st.fixed_dictionaries({"item": st.text(max_size=5)}, optional={"quantity": st.integers(-1, 9)})),
    st.text(max_size=8).map(lambda name: f"{name}@{DIGEST}"),
)


@given(type=st.sampled_from(TYPES), typed=TYPED)
def test_a_stored_form_is_accepted_unchanged_and_is_json_without_floats(type: FieldType, typed: Json) -> None:
    stored = accept(type, typed, SHANGHAI)
    if not isinstance(stored, Misfit):
        assert accept(type, stored, ZoneInfo("America/New_York")) == stored
        assert json.loads(json.dumps(stored), parse_float=pytest.fail) == stored


@given(type=st.sampled_from(TYPES), secret=st.from_regex(r"[a-z]{12}\x01", fullmatch=True))
def test_a_misfit_never_repeats_the_value(type: FieldType, secret: str) -> None:
    found = accept(type, secret, SHANGHAI)
    if isinstance(found, Misfit):
        assert secret.strip() not in repr(found)


@given(seconds=st.integers(min_value=0, max_value=36_500 * 86_400))
def test_a_length_reads_back_as_itself(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert parse_length(length_text(length)) == length


@pytest.mark.parametrize(
    ("typed", "zh", "en"),
    [
        ("0s", "0秒", "0 s"),
        ("45s", "45秒", "45 s"),
        ("20m", "20分钟", "20 min"),
        ("5m20s", "5分20秒", "5 min 20 s"),
        ("3h20m", "3小时20分", "3 h 20 min"),
        ("2d", "2天", "2 d"),
        ("2d5m", "2天5分钟", "2 d 5 min"),
        ("1w1h0m5s", "7天1小时5秒", "7 d 1 h 5 s"),
    ],
)
def test_people_read_a_length_in_days_hours_and_minutes(typed: str, zh: str, en: str) -> None:
    length = parse_length(typed)
    assert length is not None
    assert (show_length(length, "zh"), show_length(length, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(hours=3, minutes=20, seconds=59), "3小时20分"),
        (timedelta(minutes=59, seconds=59), "59分59秒"),
        (timedelta(days=-1, seconds=1), "-23小时59分"),
        (timedelta(microseconds=-5), "0秒"),
    ],
)
def test_a_measured_length_leaves_seconds_out_from_an_hour_on(length: timedelta, text: str) -> None:
    assert show_length(length, "zh", measured=True) == text


def test_people_read_titles_zones_and_units() -> None:
    assert show(CAUSE, "defect", "zh", SHANGHAI) == "质量问题"
    assert show(plain("datetime"), "2026-03-02T01:00:00.000000Z", "en", SHANGHAI) == "2026-03-02 09:00"
    assert show(plain("duration"), "30m", "zh", SHANGHAI) == "30分钟"
    assert show(plain("boolean"), False, "zh", SHANGHAI) == "否"
    assert show(plain("money"), "200.00 CNY", "en", SHANGHAI) == "200.00 CNY"
    assert show(plain("attachment"), f"告知书.pdf@{DIGEST}", "zh", SHANGHAI) == "告知书.pdf"
    assert show(LINES, [{"item": "A", "quantity": 2}], "en", SHANGHAI) == "item=A, quantity=2"
    assert show(NAMES, ["窗", "门"], "zh", SHANGHAI) == "窗、门"
    assert show(plain("text"), None, "zh", SHANGHAI) == ""
