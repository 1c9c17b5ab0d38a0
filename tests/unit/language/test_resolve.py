"""Parts and extended workflows become one tree, in which every line still knows where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle.language import Bundle, DiskFolder, Folders, Loaded, MemoryFolder, load, load_bundle
from lifecycle.language.carried import how_carried
from lifecycle.language.definition import Definition
from lifecycle.language.resolve import origins
from lifecycle.language.source import LARGEST_BYTES
from lifecycle.texts.wording import Wording

FILES = Path(__file__).parent / "files"
MATTER = (FILES / "matter.yaml").read_text(encoding="utf-8")
CALL_BACK = (FILES / "call_back.yaml").read_text(encoding="utf-8")
INCLUDE = "include:\n  - {part: parts/call-back, with: {after: job.finished, by: clerk}, rules: [MT-001]}\n"
LINE = len(MATTER.splitlines()) + 2


def loaded(text: str, **parts: str) -> Loaded:
    files = {f"parts/{name.replace('_', '-')}": part for name, part in {"call_back": CALL_BACK, **parts}.items()}
    return load("matter", MemoryFolder({"matter": text, **files}))


def defined(text: str, **parts: str) -> Definition:
    outcome = loaded(text, **parts)
    assert outcome.problems == ()
    assert outcome.definition is not None
    return outcome.definition


def found(text: str, **parts: str) -> list[tuple[str, int, str]]:
    return [(p.where.file, p.where.line, p.code) for p in loaded(text, **parts).problems]


def include(arguments: str, more: str = "") -> str:
    return MATTER + f"include:\n  - {{part: parts/call-back, with: {{{arguments}}}{more}}}\n"


def test_a_part_brings_its_elements_with_the_arguments_put_in():
    definition = defined(MATTER + INCLUDE)
    machine = definition.text.machines["call_back"]
    assert machine.plural == "call_backs"
    assert machine.starts is not None
    assert machine.starts.upon == ("job.finished",)
    called = machine.states["due"].steps["called"]
    assert called.by == ("clerk",)
    assert list(called.form) == ["reached"]
    guard = called.require["few"]
    assert not isinstance(guard, str)
    assert guard.that == "count('called') < 3"
    assert guard.else_ is not None
    assert guard.else_.titles == {"zh": "尚未回访:3 次", "en": "Not called back: 3"}
    assert machine.states["due"].expect["called"].else_.zh == "尚未回访"
    assert "reached" in definition.text.fields


def test_a_part_under_another_name_is_renamed_wherever_it_speaks_of_itself():
    definition = defined(include("after: job.finished, by: clerk", ", as: second_call"))
    assert "call_back" not in definition.text.machines
    machine = definition.text.machines["second_call"]
    assert machine.plural == "second_calls"
    assert machine.start == "due"
    (start,) = machine.states["due"].steps["again"].start
    assert list(start) == ["second_call"]


def test_a_part_can_be_put_in_twice_under_two_names():
    text = MATTER + INCLUDE + "  - {part: parts/call-back, as: other, with: {after: job.noted, by: clerk}}\n"
    assert list(defined(text).text.machines) == ["call_back", "other", "job"]


SLIP = """
part: slip
papers:
  slip: {zh: "单", en: "Slip", stages: {issued: {zh: "开", en: "Issued"}, back: {zh: "回", en: "Back"}}}
machines:
  job:
    states:
      open:
        steps:
          sent: {zh: "派", en: "Sent", by: clerk, papers: {slip: issued}}
          dropped: {zh: "废", en: "Dropped", by: clerk, when: "paper.slip.stage == 'issued'", papers: {"slip?": void}}
          filed:
            zh: "存"
            en: "Filed"
            by: clerk
            require: {there: {reconcile: {papers: {slip: back}}}}
"""


def test_a_paper_of_a_part_may_have_another_name_here():
    text = MATTER + "include:\n  - {part: parts/slip, as: voucher}\n"
    outcome = loaded(text, slip=SLIP)
    assert outcome.definition is not None
    assert list(outcome.definition.text.papers) == ["voucher"]
    steps = outcome.definition.text.machines["job"].states["open"].steps
    assert [list(steps[name].papers[0]) for name in ("sent", "dropped")] == [["voucher"], ["voucher?"]]
    assert steps["dropped"].when == "paper.voucher.stage == 'issued'"
    guard = steps["filed"].require["there"]
    assert not isinstance(guard, str)
    assert guard.reconcile is not None
    assert list(guard.reconcile.papers) == ["voucher"]


def test_the_file_itself_wins_over_its_parts_key_by_key():
    text = MATTER.replace(
        "machines:\n", 'machines:\n  call_back:\n    en: "Ring up"\n    states: {due: {en: "Open"}}\n'
    )
    machine = defined(text + INCLUDE).text.machines["call_back"]
    assert (machine.en, machine.zh, machine.states["due"].en) == ("Ring up", "回访", "Open")


def test_every_line_knows_the_file_it_is_from_and_the_line_that_included_it():
    definition = defined(MATTER + INCLUDE)
    place = definition.key_place("machines.call_back.states.due.steps.called")
    assert (place.file, CALL_BACK.splitlines()[place.line - 1].strip()) == ("parts/call-back.yaml", "called:")
    argument = definition.place("machines.call_back.states.due.steps.called.by")
    assert (argument.file, argument.line) == ("matter.yaml", LINE)
    assert (MATTER + INCLUDE).splitlines()[LINE - 1][argument.column - 1 :].startswith("clerk}")
    origin = {path: (place.file, via) for path, place, via in origins(definition.tree)}
    own, via = origin["machines.job.start"]
    assert (own, via) == ("matter.yaml", None)
    own, via = origin["machines.call_back.start"]
    assert own == "parts/call-back.yaml"
    assert via is not None
    assert (via.file, via.line) == ("matter.yaml", LINE)


def test_rules_that_an_include_cites_are_kept_with_what_the_part_brought():
    assert defined(MATTER + INCLUDE).cited == {"MT-001": ("fields.reached", "machines.call_back")}


def test_a_fault_inside_a_part_is_shown_there_and_where_the_part_is_put_in():
    part = CALL_BACK.replace("    start: due\n", "    strat: due\n")
    line = part.splitlines().index("    strat: due") + 1
    assert found(MATTER + INCLUDE, call_back=part) == [
        ("parts/call-back.yaml", line - 5, "key-missing"),
        ("matter.yaml", LINE, "included-here"),
        ("parts/call-back.yaml", line, "unknown-key"),
        ("matter.yaml", LINE, "included-here"),
    ]


BAD_INCLUDES = [
    ("after: job.finished", "argument-missing"),
    ("after: job.finished, by: clerk, byy: x", "argument-unknown"),
    ("after: job, by: clerk", "argument-wrong-type"),
    ("after: job.finished, by: {a: b}", "argument-wrong-type"),
    ("after: job.finished, by: clerk, tries: many", "argument-wrong-type"),
    ("after: job.finished, by: clerk, words: {fr: a}", "argument-wrong-type"),
    ("after: job.finished, by: clerk, noted: reached", "argument-wrong-type"),
]


@pytest.mark.parametrize(("arguments", "code"), BAD_INCLUDES)
def test_arguments_are_checked_against_the_parameters(arguments, code):
    assert [(file, line) for file, line, found_code in found(include(arguments)) if found_code == code] == [
        ("matter.yaml", LINE)
    ]


def test_arguments_may_be_formulas_lists_and_texts():
    text = include('after: [job.finished, job.noted], by: clerk, tries: "=settings.x", words: {zh: 中, en: W}')
    machine = defined(text).text.machines["call_back"]
    assert machine.starts is not None
    assert machine.starts.upon == ("job.finished", "job.noted")
    guard = machine.states["due"].steps["called"].require["few"]
    assert not isinstance(guard, str)
    assert guard.that == "count('called') < settings.x"


def test_an_undeclared_placeholder_and_an_unused_parameter_are_found_in_the_part():
    part = CALL_BACK.replace('    plural: "${self}s"', '    plural: "${nome}s"').replace(
        "parameters:\n", "parameters:\n  idle: {is: text, default: a}\n"
    )
    codes = {(file, code) for file, _, code in found(MATTER + INCLUDE, call_back=part)}
    assert ("parts/call-back.yaml", "parameter-undeclared") in codes
    assert ("parts/call-back.yaml", "parameter-unused") in codes


def test_a_missing_part_names_the_parts_that_are_there():
    outcome = loaded(MATTER + "include: [{part: parts/call-bck}]\n")
    (problem,) = outcome.problems
    assert (problem.code, dict(problem.values)) == (
        "part-unknown",
        {"name": "parts/call-bck", "known": ["parts/call-back"]},
    )


def test_a_workflow_is_no_part_and_a_part_declares_no_rules():
    files = {"matter": MATTER + "include: [{part: other}]\n", "other": MATTER}
    assert [p.code for p in load("matter", MemoryFolder(files)).problems] == ["not-a-part"]
    part = CALL_BACK + "rules: {A-1: {zh: a}}\n"
    assert "not-in-part" in [code for _, _, code in found(MATTER + INCLUDE, call_back=part)]


def test_parts_that_include_one_another_are_a_cycle():
    one, two = ("part: one\ninclude: [{part: parts/two}]\n", "part: two\ninclude: [{part: parts/one}]\n")
    outcome = loaded(MATTER + "include: [{part: parts/one}]\n", one=one, two=two)
    assert [(p.code, p.where.file, p.values["chain"]) for p in outcome.problems] == [
        ("inclusion-cycle", "parts/two.yaml", "matter > parts/one > parts/two > parts/one")
    ]


def test_a_bomb_of_parts_is_stopped():
    parts = {f"p{n}": f"part: p{n}\ninclude: [{', '.join([f'{{part: parts/p{n + 1}}}'] * 9)}]\n" for n in range(7)}
    codes = [code for _, _, code in found(MATTER + "include: [{part: parts/p0}]\n", **parts, p7="part: p7\n")]
    assert set(codes) == {"too-many-inclusions"}


def test_two_parts_may_not_define_one_name_differently():
    part = "part: other\nfields: {reached: {is: text, zh: a, en: b}}\n"
    text = MATTER + INCLUDE + "  - {part: parts/other}\n"
    assert found(text, other=part) == [("matter.yaml", LINE + 1, "parts-conflict")]


def test_an_extended_workflow_is_changed_by_key_and_by_drop():
    text = (
        "workflow: own\nversion: 2\nextends: matter\ndrop: [machines.job.states.open.steps.noted, settings]\n"
        'machines: {job: {en: "Work", states: {open: {steps: {finished: {to: done}}}}}}\n'
    )
    outcome = load("own", MemoryFolder({"own": text, "matter": MATTER}))
    assert outcome.problems == ()
    assert outcome.definition is not None
    job = outcome.definition.text.machines["job"]
    assert (outcome.definition.text.workflow, outcome.definition.text.version) == ("own", 2)
    assert (job.en, job.zh, list(job.states["open"].steps)) == ("Work", "处理", ["finished"])
    assert job.states["open"].steps["finished"].to == {"otherwise": "done"}
    assert outcome.definition.text.settings == {}
    assert sorted(outcome.bundle.texts) == ["matter", "own"]


def test_dropping_what_is_not_there_and_extending_nothing_are_found():
    text = "workflow: own\nversion: 2\nextends: matter\ndrop: [machines.jab]\n"
    (problem,) = load("own", MemoryFolder({"own": text, "matter": MATTER})).problems
    assert (problem.code, problem.where.line, problem.values["known"]) == ("drop-unknown", 4, ["machines.job"])
    (problem,) = load("own", MemoryFolder({"own": "workflow: own\nversion: 2\nextends: mater\n"})).problems
    assert (problem.code, problem.where.column) == ("base-unknown", 10)
    (problem,) = load("own", MemoryFolder({"own": "workflow: own\nversion: 2\nextends: own\n"})).problems
    assert problem.code == "inclusion-cycle"


def test_a_published_bundle_reads_the_same_and_keeps_its_digest():
    first = loaded(MATTER + INCLUDE)
    again = load_bundle(first.bundle)
    assert sorted(first.bundle.texts) == ["matter", "parts/call-back"]
    assert again.bundle.digest == first.bundle.digest
    assert again.definition is not None
    assert first.definition is not None
    assert again.definition.text == first.definition.text


def test_the_digest_tells_names_and_texts_apart():
    digests = {
        Bundle(name="a", texts={"a": "x", "b": "y"}).digest,
        Bundle(name="b", texts={"a": "x", "b": "y"}).digest,
        Bundle(name="a", texts={"a": "xb", "b": "y"}).digest,
        Bundle(name="a", texts={"a": "x", "by": ""}).digest,
        Bundle(name="a", texts={"a": "x"}).digest,
    }
    assert len(digests) == 5


def test_files_are_found_on_the_disk_by_name_and_by_path(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "matter.yaml").write_text(MATTER + INCLUDE, encoding="utf-8")
    (tmp_path / "parts" / "call-back.yaml").write_text(CALL_BACK, encoding="utf-8")
    folder = DiskFolder(tmp_path)
    assert (folder.names(), folder.parts()) == (("matter",), ("parts/call-back",))
    by_name = load("matter", folder)
    assert by_name.problems == ()
    by_path = load(str(tmp_path / "matter.yaml"), MemoryFolder({}))
    assert by_path.bundle.digest == by_name.bundle.digest
    both = Folders.of([tmp_path / "nowhere", tmp_path])
    assert load("matter", both).bundle.digest == by_name.bundle.digest


def test_a_name_never_leads_out_of_the_folder(tmp_path):
    (tmp_path / "secret.yaml").write_text("a: b\n", encoding="utf-8")
    (tmp_path / "workflows").mkdir()
    folder = DiskFolder(tmp_path / "workflows")
    assert [folder.read(name) for name in ("../secret", "/etc/passwd", "parts/../../secret", "")] == [None] * 4


def test_no_more_of_a_file_is_read_than_is_allowed(tmp_path):
    (tmp_path / "large.yaml").write_bytes(b"x" * (LARGEST_BYTES + 100))
    content = DiskFolder(tmp_path).read("large")
    assert content is not None
    assert len(content) == LARGEST_BYTES + 1


# --- rules at places inside a part -------------------------------------------------------------------------------

PLACED = "include:\n  - part: parts/call-back\n    with: {after: job.finished, by: clerk}\n    rules:\n"


def placed(*rules: str) -> str:
    return MATTER + PLACED + "".join(f"      {rule}\n" for rule in rules)


def test_an_include_puts_rules_at_places_inside_its_part():
    definition = defined(placed("due.called.few: [MT-001]", '"": [MT-001]', "due: [MT-001]"))
    machine = definition.text.machines["call_back"]
    called = machine.states["due"].steps["called"]
    guard = called.require["few"]
    assert not isinstance(guard, str)
    assert (guard.rules, machine.rules, machine.states["due"].rules) == (("MT-001",),) * 3
    assert called.rules == ()


def test_a_path_may_spell_out_every_key_or_begin_at_the_top():
    definition = defined(placed("states.due.steps.called: [MT-001]", "machines.call_back.states.due: [MT-001]"))
    due = definition.text.machines["call_back"].states["due"]
    assert (due.rules, due.steps["called"].rules) == (("MT-001",), ("MT-001",))


def test_rules_put_inside_a_part_count_as_carried_there_and_nowhere_else():
    definition = defined(placed("due.called.few: [MT-001]"))
    refuses = how_carried(definition)["MT-001"].refuses
    assert [place.path for place in refuses] == ["machines.call_back.states.due.steps.called.require.few"]
    assert dict(definition.cited) == {}


def test_rules_at_a_place_that_the_part_does_not_have_are_located_with_the_nearest_name():
    (problem,) = loaded(placed("due.caled: [MT-001]")).problems
    assert (problem.code, problem.where.line) == ("rules-path-unknown", len(MATTER.splitlines()) + 5)
    assert "due.called" in problem.values["known"]
    assert "due.called" in Wording(lang="en").hint(problem)


@pytest.mark.parametrize("path", ["due.called.few.that", "nothing.there"])
def test_rules_want_an_element_to_stand_at(path: str):
    assert [p.code for p in loaded(placed(f"{path}: [MT-001]")).problems] == ["rules-path-unknown"]


def test_a_part_put_in_twice_gets_the_rules_of_each_inclusion():
    again = "  - {part: parts/call-back, as: second_call, with: {after: job.finished, by: clerk}}\n"
    definition = defined(placed("due: [MT-001]") + again)
    assert definition.text.machines["call_back"].states["due"].rules == ("MT-001",)
    assert definition.text.machines["second_call"].states["due"].rules == ()
