"""Makes workflow files that are broken or mean harm, and checks each in a process of its own with little to spend.

    python -m tests.properties.broken_files FIRST COUNT

prints one JSON line for each seed: what the file was, how its process ended, its problems. Each process is forked
behind the imports and may then take 2 s of processor time and 256 MB of addresses more than it has at that moment:
the interpreter and the libraries that it has loaded (a good 200 MB of addresses, most of them never touched) are the
baseline, what a file makes the checker take is what counts.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from lifecycle.language.checked import check_workflow
from lifecycle.language.folders import DiskFolder, Folders, MemoryFolder
from lifecycle.texts.wording import Wording

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SECONDS = 2
MEGABYTES = 256
NAME = "broken"

HEAD = 'workflow: broken\nversion: 1\nzh: "坏"\nen: "Broken"\n'
KIND = (
    'roles: {clerk: {zh: "员", en: "Clerk"}}\n'
    "cases:\n"
    '  thing: {zh: "事", en: "Thing", number: "T-{serial}", machines: [m], opens: {begun: {zh: "始", en: "Begun", '
    "by: clerk, start: m}}}\n"
)


def machine(states: str, start: str = "s0") -> str:
    return f'{HEAD}{KIND}machines:\n  m:\n    zh: "机"\n    en: "M"\n    start: {start}\n    states:\n{states}'


def state(number: int, to: int) -> str:
    return f'      s{number}: {{zh: "态", en: "S", steps: {{go: {{zh: "走", en: "Go", by: clerk, to: s{to}}}}}}}\n'


def fields(count: int) -> str:
    return "fields:\n" + "".join(f'  f{n}: {{is: boolean, zh: "是", en: "F"}}\n' for n in range(count))


def choice_of(count: int) -> str:
    names = ", ".join(f"f{n}" for n in range(count))
    condition = " && ".join(f"data.f{n} == true" for n in range(count))
    step = f'{{zh: "走", en: "Go", by: clerk, form: [{names}], when: "{condition}", to: s1}}'
    states = f'      s0: {{zh: "态", en: "S", steps: {{go: {step}}}}}\n      s1: {{zh: "终", en: "E", final: done}}\n'
    return fields(count) + machine(states).removeprefix(HEAD)


def hard_conditions(count: int) -> str:
    """Return many conditions, each with nearly as many combinations as are tried."""
    names = ", ".join(f"f{n}" for n in range(13))
    condition = " && ".join(f"data.f{n} == true" for n in range(8))
    steps = "".join(
        f'          g{n}: {{zh: "走", en: "Go", by: clerk, when: "{condition}", form: [{names}], to: s1}}\n'
        for n in range(count)
    )
    states = f'      s0:\n        zh: "态"\n        en: "S"\n        steps:\n{steps}'
    end = '      s1: {zh: "终", en: "E", final: done}\n'
    return HEAD + fields(13) + machine(states + end).removeprefix(HEAD)


def nested_states(depth: int) -> str:
    text = "".join(f"{'  ' * (3 + 2 * n)}s{n}:\n{'  ' * (4 + 2 * n)}states:\n" for n in range(depth))
    return machine(text + f"{'  ' * (3 + 2 * depth)}end: {{final: done}}\n")


def table_of(inputs: int, rows: int) -> str:
    columns = ", ".join(f"i{n}: boolean" for n in range(inputs))
    lines = "".join(f'      - {{i{n % inputs}: true, then: {{o: "{n}"}}}}\n' for n in range(rows))
    return f"{HEAD}tables:\n  t:\n    inputs: {{{columns}}}\n    outputs: {{o: text}}\n    rows:\n{lines}"


def alias_bomb() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return HEAD + "\n".join(rows) + "\n"


def merge_bomb() -> str:
    rows = ["a0: &a0 {x: 1}"] + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 9)]
    return HEAD + "\n".join(rows) + "\n"


def expression(text: str) -> str:
    step = f'{{zh: "走", en: "Go", by: clerk, when: {json.dumps(text)}, to: s1}}'
    return machine(
        f'      s0: {{zh: "态", en: "S", steps: {{go: {step}}}}}\n      s1: {{zh: "终", en: "E", final: done}}\n'
    )


BOMBS: Mapping[str, Callable[[Random], str | bytes]] = {
    "alias bomb": lambda _: alias_bomb(),
    "merge bomb": lambda _: merge_bomb(),
    "deep lists": lambda rng: HEAD + "x: " + "[" * rng.choice((31, 40, 1_000, 100_000)),
    "deep maps": lambda rng: HEAD + "x: " + "{a: " * rng.choice((40, 1_000, 50_000)),
    "deep block": lambda rng: HEAD + "".join(f"{' ' * n}a:\n" for n in range(rng.choice((40, 900)))),
    "100 MB scalar": lambda _: HEAD + "x: " + "a" * 100_000_000,
    "1 MB scalar": lambda _: HEAD + 'x: "' + "a" * 1_000_000 + '"\n',
    "NUL": lambda _: (HEAD + "x: a\0b\n").encode(),
    "byte order mark": lambda _: b"\xef\xbb\xbf" + HEAD.encode() + b"x: 1\n",
    "UTF-16": lambda _: HEAD.encode("utf-16"),
    "no UTF-8": lambda _: HEAD.encode() + b"x: \xff\xfe\xfa\n",
    "lone surrogate": lambda _: HEAD + 'x: "\\ud800"\n',
    "duplicate keys": lambda _: HEAD + "machines:\n" + "  m: {}\n" * 3_000,
    "tags": lambda _: HEAD + "x: !!python/object/apply:os.system [ls]\n",
    "own tags": lambda _: HEAD + "%TAG ! tag:x,2000:\n---\nx: !y z\n",
    "many documents": lambda _: HEAD + "---\na: 1\n" * 2_000,
    "recursive alias": lambda _: HEAD + "x: &a [*a]\n",
    "many states": lambda rng: machine("".join(state(n, n + 1) for n in range(rng.choice((500, 2_000, 12_000))))),
    "100000 states": lambda _: machine("".join(f"      s{n}: {{final: a}}\n" for n in range(100_000))),
    "circle of states": lambda _: machine("".join(state(n, (n + 1) % 400) for n in range(400))),
    "unreachable states": lambda _: machine("".join(state(n, n) for n in range(400))),
    "nested states": lambda rng: nested_states(rng.choice((10, 14, 40))),
    "many choices": lambda rng: HEAD + choice_of(rng.choice((13, 14, 40, 200))),
    "hard conditions": lambda _: hard_conditions(120),
    "wide table": lambda rng: table_of(rng.choice((13, 14, 60)), rng.choice((13, 400))),
    "long expression": lambda rng: expression(" || ".join(["now > now"] * rng.choice((100, 5_000)))),
    "deep expression": lambda rng: expression("(" * 500 + "true" + ")" * 500),
    "not not": lambda rng: expression("!" * rng.choice((100, 1_900)) + "true"),
    "nested loops": lambda _: expression("[1].all(a, [1].all(b, [1].all(c, [1].all(d, a == b))))"),
    "strange pattern": lambda _: expression("matches(actor.role, '(a+)+$')"),
    "many faults": lambda _: (
        HEAD + "machines:\n" + "".join(f"  m{n}: {{start: 1, staets: {{}}}}\n" for n in range(900))
    ),
    "includes itself": lambda _: HEAD + "include: [{part: parts/itself}]\n",
    "extends itself": lambda _: HEAD + "extends: broken\n",
    "only spaces": lambda _: " \n" * 50_000,
    "empty": lambda _: "",
    "a list": lambda _: "- a\n- b\n",
    "long line of colons": lambda _: HEAD + "x" + ": " * 20_000,
    "tabs": lambda _: HEAD + "machines:\n\tm:\n\t\tstart: a\n",
    "events in a circle": lambda _: machine(
        '      s0: {zh: "态", en: "S", steps: {'
        + ", ".join(f'g{n}: {{zh: "走", en: "Go", upon: m.g{(n + 1) % 60}}}' for n in range(60))
        + ', off_we_go: {zh: "去", en: "Go", by: clerk, to: s1}}}\n      s1: {zh: "终", en: "E", final: done}\n'
    ),
}

ITSELF = "part: itself\ninclude: [{part: parts/itself}]\nmachines:\n  itself: {start: a, states: {a: {final: b}}}\n"


STRANGE = "{}[]:,#&*!|>'\"%@`\t\0 é中\u2028-?"
VALUES = ("[]", "{}", "null", "~", "1", "[a, [b]]", "{a: {b: 1}}", "=data.x", '""')
OPENERS = (":", ": [", ": {", ": *", ": &", ": !", ": |", ": ")

Slip = Callable[[str, int, Random], str]
SLIPS: tuple[Slip, ...] = (
    lambda line, at, rng: line[:at] + rng.choice(STRANGE) + line[at:],
    lambda line, at, rng: line[:at] + line[at + 1 :],
    lambda line, at, rng: " " * rng.randint(0, 9) + line.lstrip(),
    lambda line, at, rng: line.replace(": ", rng.choice(OPENERS), 1),
    lambda line, at, rng: " ".join(rng.sample(line.split(" "), len(line.split(" ")))),
    lambda line, at, rng: line.replace("true", "yes").replace("false", "off").replace("1", "1e3"),
    lambda line, at, rng: line.partition(":")[0] + ": " + rng.choice(VALUES),
    lambda line, at, rng: line.replace('"', "", 1),
    lambda line, at, rng: line + " " + line.lstrip(),
    lambda line, at, rng: line.replace("a", "e", 1).replace("_", "", 1),
)


def mutated(text: str, rng: Random) -> str:
    """Return a text with one to six things changed as hands and programs change them."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(lines))
        match rng.randrange(14):
            case 0:
                del lines[at : at + rng.randint(1, 4)]
                lines = lines or [""]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                other = rng.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines = lines[: max(at, 5)]
            case _:
                lines[at] = rng.choice(SLIPS)(lines[at], rng.randrange(len(lines[at]) + 1), rng)
    return "\n".join(lines)


def broken_file(seed: int) -> tuple[str, str | bytes]:
    """Return what a seed's file is, and its content: every other one a bomb, in turn, the rest mutations."""
    rng = Random(seed)
    if seed % 2 == 0:
        name = list(BOMBS)[(seed // 2) % len(BOMBS)]
        return name, BOMBS[name](rng)
    path = rng.choice(sorted(WORKFLOWS.rglob("*.yaml")))
    text = path.read_text("utf-8")
    if path.parent.name == "parts":
        return f"part {path.stem}", mutated(text, rng)
    return f"mutation of {path.stem}", mutated(text, rng)


def check_one(seed: int) -> dict[str, object]:
    """Return what checking a seed's file came to; runs in the small process."""
    what, content = broken_file(seed)
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    files: dict[str, str | bytes] = {NAME: content, "parts/itself": ITSELF}
    if what.startswith("part "):
        stem = what.removeprefix("part ")
        files = {NAME: f"{HEAD}include: [{{part: parts/{stem}}}]\n", f"parts/{stem}": content}
    _limit()
    checked = check_workflow(NAME, Folders((MemoryFolder(files), DiskFolder(WORKFLOWS))))
    english, chinese = Wording(lang="en"), Wording(lang="zh")
    problems = [
        [p.code, p.where.file, p.where.line, p.where.column, english.text(p), chinese.text(p)] for p in checked.problems
    ]
    if checked.sound:
        checked.workflow_or_problems()
    return {"problems": problems, "sound": checked.sound}


def _limit() -> None:
    now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEGABYTES * 2**20,) * 2)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    used = int(spent.ru_utime + spent.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + SECONDS, used + SECONDS + 1))


def run_one(seed: int) -> dict[str, object]:
    """Check one file in a forked process and return how that ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        answer = json.dumps(check_one(seed))  # what escapes ends this process with a traceback: the test looks for it
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
    return {"seed": seed, "what": broken_file(seed)[0], "ended": ended, **(json.loads(answer) if answer else {})}


def main() -> None:
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for seed in range(first, first + count):
        print(json.dumps(run_one(seed)), flush=True)


if __name__ == "__main__":
    main()
