"""Small workflows drawn at random: nested states, choices, ways back, orders, children, followers, findings."""

from __future__ import annotations

from random import Random
from typing import Final

FIELDS: Final = """
fields:
  cost: {is: integer}
  word: {is: text, scope: case}
  line_no: {is: text}
  lines: {is: list, of: [line_no!]}
papers:
  slip:
    number: "S-{year}-{serial:03}"
    fields: [cost, word]
    stages:
      issued: {holder: clerk}
      checked: {optional: true}
      signed: {signed_by: [clerk, {role: chief, when: "data.cost != null && data.cost > 3"}]}
      filed: {holder: chief}
  entry: {of: case, fields: [word], stages: {taken_in: {}, given_out: {signed_by: [chief, clerk]}}}
checklists: {done: {items: {swept: {}, aired: {by: [clerk, chief]}}}}
tables:
  grade:
    inputs: {cost: integer}
    outputs: {grade: text}
    rows: [{cost: ">= 3", then: {grade: high}}]
    default: {grade: low}
cases:
  matter:
    machines: [job, line, after]
    opens: {opened: {by: clerk, form: [cost, word], start: job}}
    expect: {named: {that: "case.word != null", else: {zh: "缺", en: "Lacking"}}}
invariants: {small: {machine: job, that: "data.cost == null || data.cost < 9", else: {zh: "小", en: "Small"}}}
"""
LINE: Final = """
  line:
    many: true
    plural: lines
    start: open
    states:
      open:
        steps:
          mended: {by: clerk, form: [cost], papers: {"entry?": {to: given_out}}, to: ready}
          struck: {upon: removed, to: gone}
      ready: {final: done}
      gone: {final: dropped}
  after:
    many: true
    plural: afters
    start: due
    starts: {upon: job.s0_0}
    states:
      due: {steps: {heard: {by: chief, form: [word], to: over}, over: {upon: job.ended, to: over}}}
      over: {final: done}
"""
FOUND: Final = '{zh: "否", en: "No"}'


def drawn(random: Random) -> str:
    """Return the text of a workflow for `tests.unit.core.controls.small`."""
    outer = [f"s{number}" for number in range(random.randint(1, 3))]
    inner = [f"g{number}" for number in range(random.randint(0, 2))]
    targets = [*outer, *([f"work.{name}" for name in inner] + ["work"] if inner else []), "over", "$history"]
    lines = [FIELDS, "machines:", "  job:", "    start: s0", "    anywhere:", "      ended: {by: chief, to: over}"]
    lines += ["      noted: {by: clerk, form: [word]}", "    states:"]
    for name in outer:
        lines += state(name, 6, targets, random)
    if inner:
        lines += [
            "      work:",
            f"        start: {inner[0]}",
            f"        enter: {{set: {{cost: {random.randint(0, 5)}}}}}",
        ]
        lines += ["        steps:", f"          left: {step(targets, random)}"]
        lines += ["        states:"]
        for name in inner:
            lines += state(name, 10, targets, random)
    lines.append("      over: {final: done}")
    return "\n".join(lines) + LINE


def state(name: str, depth: int, targets: list[str], random: Random) -> list[str]:
    """Return the lines of a leaf: steps that move, or an order with its end."""
    pad = " " * depth
    steps = [f"{name}_{number}" for number in range(random.randint(1, 3))]
    lines = [f"{pad}{name}:"]
    if random.random() < 0.2:
        lines.append(f"{pad}  checklist: done")
    if random.random() < 0.2:
        lines.append(f"{pad}  exit: {{set: {{word: {name}}}}}")
    if random.random() < 0.2:
        lines.append(f'{pad}  expect: {{low: {{that: "data.cost == null || data.cost < 4", else: {FOUND}}}}}')
    ordered = random.random() < 0.25
    if ordered:
        lines += [f"{pad}  order: [{', '.join(steps)}]", f"{pad}  complete: {{to: over}}"]
    lines.append(f"{pad}  steps:")
    lines += [f"{pad}    {each}: {step([] if ordered else targets, random)}" for each in steps]
    if random.random() < 0.3:
        lines.append(
            f'{pad}    {name}_by_itself: {{always: "data.cost == {random.randint(0, 9)}"{to(targets, random)}}}'
        )
    if random.random() < 0.3:
        lines.append(f"{pad}    {name}_upon: {{upon: [line.mended, job.s0_0], form: [cost]{to(targets, random)}}}")
    return lines


def step(targets: list[str], random: Random) -> str:
    parts = [f"by: [clerk, {random.choice(['chief', 'expert'])}]"]
    parts.append(
        random.choice(["form: [cost]", "form: [cost!, word]", "form: [word]", "form: [lines]", "form: [cost]"])
    )
    if random.random() < 0.3:
        hard = random.choice(["", ", failing: mark", ", override: {by: self, reason: true}"])
        parts.append(f'require: {{few: {{that: "data.cost == null || data.cost < 6", else: {FOUND}{hard}}}}}')
    if random.random() < 0.2:
        parts.append('decide: {grade: {cost: "=data.cost == null ? 0 : data.cost"}}')
    if random.random() < 0.3:
        parts.append(
            random.choice(
                ['set: {cost: "=data.cost == null ? 1 : data.cost + 1"}', 'set: {word: "=null"}', "set: {word: x}"]
            )
        )
    if random.random() < 0.4:
        parts.append(f"papers: {random.choice(PAPERS)}")
    if random.random() < 0.1 and not any(part.startswith("require:") for part in parts):
        parts.append('require: {there: {reconcile: {papers: {"slip?": signed}, same: [word]}}}')
    if parts[1] == "form: [lines]":
        again = random.choice(["", ", again: true"])
        parts.append(f'start: {{line: {{each: "=form.lines", key: line_no, when: "form.lines != null"{again}}}}}')
    return "{" + ", ".join(parts) + to(targets, random) + "}"


PAPERS: Final = (
    "{slip: issued}",
    "{slip: checked}",
    "{slip: signed, entry: taken_in}",
    "{slip: {to: signed, sign: [clerk, chief]}}",
    "{slip: filed}",
    '{"slip?": void}',
    "{slip: decline}",
    "{slip: {to: issued, revise: true}}",
    '{slip: {to: issued, when: "paper.slip.stage == null || data.cost == 2"}}',
    "[{entry: taken_in}, {entry: {to: taken_in, revise: true}}]",
    "{entry: given_out}",
)


def to(targets: list[str], random: Random) -> str:
    if not targets or random.random() < 0.2:
        return ""
    if random.random() < 0.2:
        first, second = (random.choice([name for name in targets if name != "$history"]) for _ in range(2))
        return f', to: {{"data.cost != null && data.cost > 2": {first}, otherwise: {second}}}'
    return f", to: {random.choice(targets)}"
