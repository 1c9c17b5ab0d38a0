"""Makes expressions that mean harm, each with what it would answer if nothing ever ran out.

The truth is computed here, by the rules of CEL for errors (`false && error` is false, `true || error` is true),
never by the room under test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from lifecycle.clocks.calendar import Calendar
from lifecycle.expressions import BOOLEAN, CelValue, Environment, ValueType, choice, rows, to_cel
from lifecycle.expressions.values import DATETIME, INTEGER, MONEY, NUMBER, TEXT

Truth = bool | None
"""None stands for an error."""

ROWS = rows({"state": TEXT, "count": INTEGER, "at": DATETIME})
NAMES: dict[str, ValueType] = {
    "data.whole": INTEGER,
    "data.absent": INTEGER,
    "data.absent_time": DATETIME,
    "data.absent_flag": BOOLEAN,
    "data.rate": NUMBER,
    "data.fee": MONEY,
    "data.story": TEXT,
    "data.other": TEXT,
    "data.cause": choice({"defect", "misuse"}),
    "data.any": ValueType("any"),
    "things": ROWS,
    "few": ROWS,
    "words": ValueType("list", of=TEXT),
    "numbers": ValueType("list", of=INTEGER),
    "now": DATETIME,
}
ENVIRONMENT = Environment(NAMES, ("things", "few", "words", "numbers", "now", "data.story", "data.other"))

FEW = [{"state": "done", "count": 1, "at": "2026-03-01T00:00:00Z"}, {"state": "open", "count": 2}]


def values(rng: Random, *, huge: bool) -> dict[str, CelValue]:
    """Return what the names stand for; huge ones are as large as anything that a store may hand over."""
    size = rng.choice((300, 1_000, 3_000, 9_999)) if huge else 3
    length = rng.choice((2_000, 8_000, 20_000)) if huge else 10
    return {
        "data.whole": 7,
        "data.absent": None,
        "data.absent_time": None,
        "data.absent_flag": None,
        "data.rate": 0.5,
        "data.fee": 1250,
        "data.story": "a" * length,
        "data.other": "a" * (length // 2) + "b",
        "data.cause": "defect",
        "data.any": {"a": ["x"] * size},
        "things": [{"state": "a" * rng.choice((1, length)), "count": 1, "at": None}] * size,
        "few": to_cel(ROWS, FEW, UTC),
        "words": ["a" * 20] * size,
        "numbers": list(range(size)),
        "now": datetime(2026, 3, 2, 1, tzinfo=UTC),
    }


class Spiteful:
    """A context whose answers fail in every way: they raise, have the wrong type, or are null."""

    zone = UTC
    currency = "CNY"

    def done(self, step: str) -> bool:
        raise ValueError(f"no step {step}")

    def ever(self, step: str) -> bool:
        return "true"  # type: ignore[return-value]  # that it is none is the point

    def count(self, step: str) -> int:
        return None  # type: ignore[return-value]  # that it is none is the point

    def time_of(self, step: str) -> datetime | None:
        raise KeyError(step)

    def actor_of(self, step: str) -> str | None:
        raise ZeroDivisionError

    def missing(self, checklist: str) -> Sequence[str]:
        raise RuntimeError("lists are out")

    def all_final(self, plural: str) -> bool:
        return 1  # type: ignore[return-value]  # that it is none is the point

    def calendar(self, name: str) -> Calendar:
        raise KeyError(name)

    def label(self, name: str) -> CelValue:
        return object()


@dataclass(frozen=True, slots=True)
class Hostile:
    """An expression and its truth."""

    text: str
    truth: Truth


def wrong(rng: Random) -> Hostile:
    """A condition of wrong types, missing values and raising functions, joined at random."""
    return _joined(rng, rng.randint(1, 4))


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: Truth, other: Truth) -> Truth:
    inverted = _both(_not(one), _not(other))
    return _not(inverted)


def _not(one: Truth) -> Truth:
    return None if one is None else not one


ATOMS: tuple[Hostile, ...] = (
    Hostile("true", True),
    Hostile("false", False),
    Hostile("data.absent > 5", None),
    Hostile("data.absent == 5", False),
    Hostile("data.absent != 5", True),
    Hostile("data.absent == null", True),
    Hostile("data.absent + 1 > 0", None),
    Hostile("data.absent_time > now", None),
    Hostile("data.absent_time < now", None),
    Hostile("data.absent_time == null", True),
    Hostile("data.absent_flag", None),
    Hostile("!data.absent_flag", None),
    Hostile("data.absent_flag == true", False),
    Hostile("data.absent_flag in [true, false]", False),
    Hostile("data.whole > 5", True),
    Hostile("data.whole / 0 > 5", None),
    Hostile("data.whole % 0 == 0", None),
    Hostile("data.whole * 9223372036854775807 > 0", None),
    Hostile("9223372036854775807 + data.whole > 0", None),
    Hostile("data.rate / 0.0 > 1.0", True),
    Hostile("data.cause == 'defect'", True),
    Hostile("data.cause != 'defect'", False),
    Hostile("done('x')", None),
    Hostile("ever('x')", None),
    Hostile("count('x') > 0", None),
    Hostile("count('x') == 0", None),
    Hostile("all_final('x')", None),
    Hostile("label('x') == 1", None),
    Hostile("time_of('x') < now", None),
    Hostile("time_of('x') != null", None),
    Hostile("actor_of('x') != 'li'", None),
    Hostile("size(missing('x')) == 0", None),
    Hostile("share(1, 1, 0) == 0", None),
    Hostile("add_months(now, 999999) > now", None),
    Hostile("int(data.other) > 0", None),
    Hostile("data.any.b == 1", None),
    Hostile("few[5].count == 1", None),
    Hostile("few[0].count == 1", True),
    Hostile("few.all(r, r.count > 0)", True),
    Hostile("few.all(r, r.at < now)", None),
    Hostile("few.exists(r, r.at < now)", True),
    Hostile("few.exists(r, r.at > now)", None),
    Hostile("few.exists_one(r, r.state == 'done')", True),
    Hostile("few.filter(r, r.state > 1).size() > 0", None),
    Hostile("'true' == 'true'", True),
    Hostile("timestamp('tomorrow') > now", None),
    Hostile("duration('5 minutes') > duration('1s')", None),
)


def _joined(rng: Random, depth: int) -> Hostile:
    if depth == 0:
        return rng.choice(ATOMS)
    left = _joined(rng, depth - 1)
    right = _joined(rng, rng.randrange(depth))
    match rng.randrange(4):
        case 0:
            return Hostile(f"({left.text}) && ({right.text})", _both(left.truth, right.truth))
        case 1:
            return Hostile(f"({left.text}) || ({right.text})", _either(left.truth, right.truth))
        case 2:
            return Hostile(f"!({left.text})", _not(left.truth))
        case _:
            other = rng.choice(ATOMS)
            truth = None if left.truth is None else (right.truth if left.truth else other.truth)
            return Hostile(f"({left.text}) ? ({right.text}) : ({other.text})", truth)


def nested(rng: Random) -> Hostile:
    """Loops inside loops, to depth 6, over large lists."""
    depth = rng.randint(1, 6)
    lists = [
        rng.choice(("numbers", "numbers", "few", "things", "words", "[1, 2, 3, 4, 5, 6, 7, 8, 9]")) for _ in "123456"
    ]
    loop = rng.choice(("all", "all", "exists", "exists_one", "filter", "map"))
    body = "true" if loop in ("all", "exists_one") else "false"
    if loop == "map":
        text = "1"
        for level in range(depth):
            text = f"{lists[level]}.map(v{level}, {text})"
        return Hostile(f"{text}.size() < 0", False)
    if loop == "filter":
        text = "true"
        for level in range(depth):
            text = f"{lists[level]}.filter(v{level}, {text}).size() >= 0"
        return Hostile(text, True)
    if loop == "exists_one":
        return Hostile(_around(lists, depth, "exists_one", "true"), False)
    if loop == "all" and rng.random() < 0.5:
        body = " && ".join(f"v{rng.randrange(depth)} == v{rng.randrange(depth)}" for _ in range(rng.randint(1, 40)))
        return Hostile(_around(lists, depth, "all", f"({body}) || true"), True)
    return Hostile(_around(lists, depth, loop, body), loop == "all")


def _around(lists: Sequence[str], depth: int, loop: str, body: str) -> str:
    for level in range(depth):
        body = f"{lists[level]}.{loop}(v{level}, {body})"
    return body


def swelling(rng: Random) -> Hostile:
    """Texts and lists that double from loop to loop, products of lists, and their comparison."""
    times = rng.randint(1, 60)
    match rng.randrange(6):
        case 0:
            return Hostile("['aaaaaaaaaaaaaaaa']" + ".map(x, x + x)" * times + "[0].size() < 0", False)
        case 1:
            return Hostile("[data.story]" + ".map(x, x + x + x)" * times + "[0].contains('b')", False)
        case 2:
            return Hostile("[[1]]" + ".map(x, x + x)" * times + "[0].size() < 0", False)
        case 3:
            inner = "numbers"
            for level in range(rng.randint(1, 3)):
                inner = f"numbers.map(n{level}, {inner})"
            return Hostile(f"{inner} != {inner}", False)
        case 4:
            many = ", ".join("'aaaaaaaa'" for _ in range(rng.randint(1, 150)))
            return Hostile(f"[{many}].all(x, [{many[: len(many) // 12 * 4 - 2] or 1}].all(y, y != x))"[:2_000], False)
        case _:
            sum_of = " + ".join(["data.story"] * rng.randint(1, 31))
            return Hostile(f"words.all(w, ({sum_of}).size() < 0)", False)


PATTERNS = (
    "(a+)+b",
    "(a|a)*b",
    "(a|a?)+b",
    "(a*)*b",
    "(.*)*b$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "((a{1,10}){1,10}){1,10}b",
    "(x{1,30}){1,30}",
    "[^x]{1,900}b",
    "(.{1,90}){1,9}b",
    "(a?){50}a{50}b",
    "(\\\\pL{1,30}){1,30}b",
    "(?i)(a|b|ab)*bc",
    "([^b]|中){1,60}b",
    "(" * 40 + "a" + ")*" * 40 + "b",
    "a" * 99 + "b",
    "(a|" * 20 + "b" + ")" * 20 + "*bb",
    "[",
    "(?P<x",
    "a{99999}",
)


def pattern(rng: Random) -> Hostile:
    """Regular expressions of the kind that ruins backtracking engines, on long texts, in loops; none can match."""
    chosen = rng.choice(PATTERNS)
    if rng.random() < 0.5:
        parts = ("a", "b", ".", "(a|b)", "[ab]", "*", "+", "?", "{2,9}", "(a", "b)", "|", "(a*)*")
        made = "".join(rng.choice(parts) for _ in range(9))
        chosen = made if _closed(made) else chosen
    text = f"{rng.choice(('data.story', 'data.other'))}.matches('^({chosen})c$')"
    loop = rng.choice(
        ("{}", "{}", "numbers.exists(n, {})", "words.exists(w, {})", "things.exists(t, t.state.matches('c') || {})")
    )
    return Hostile(loop.replace("{}", text), False)


def _closed(made: str) -> bool:
    """Whether a pattern keeps its parentheses to itself, so that what stands around it stays around it."""
    depth = 0
    for letter in made:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0


def searching(rng: Random) -> Hostile:
    """Searches of long texts in long texts, in loops."""
    search = rng.choice(("contains(data.other)", "startsWith(data.other)", "endsWith(data.other)", "contains('ab')"))
    loop = rng.choice(
        (
            "{}",
            "numbers.exists(n, {})",
            "words.exists(w, numbers.exists(n, {}))",
            "things.exists(t, t.state.contains('b') || {})",
        )
    )
    return Hostile(loop.replace("{}", f"data.story.{search}"), False)


def calling(rng: Random) -> Hostile:
    """Our own functions, called in loops; each fails or answers at once."""
    call = rng.choice(
        ("share(n, 1, 3) >= 0", "days(n) >= duration('0s')", "add_months(now, 1) > now", "start_of('day', now) <= now")
    )
    depth = rng.randint(1, 3)
    text = call
    for level in range(depth):
        text = f"numbers.all({'n' if level == 0 else f'm{level}'}, {text})"
    return Hostile(text, True)


def literal(rng: Random) -> Hostile:
    """Huge literals, deep nesting, long chains."""
    size = rng.randint(1, 900)
    match rng.randrange(8):
        case 0:
            return Hostile("(" * size + "true" + ")" * size, True)
        case 1:
            return Hostile("!" * size + "true", size % 2 == 0)
        case 2:
            return Hostile("[" + ",".join("1" for _ in range(size)) + "].size() == 0", False)
        case 3:
            return Hostile(" && ".join(["true"] * size), True)
        case 4:
            return Hostile("'" + "x" * size * 3 + "' == ''", False)
        case 5:
            return Hostile("9" * size + " > 0", None if size > 18 else True)
        case 6:
            return Hostile("true ? " * size + "true" + " : false" * size, None)
        case _:
            return Hostile("[" * size + "]" * size + " == []", size == 1)


TOKENS = (
    *"( ) [ ] { } , . ? : ! - + * / % < > = & | ' \" \\ @ # $ ` ~ ^ ; 中 \x00 \n \ufeff".split(" "),
    *"&& || == != in null data.whole data.absent data.story things numbers now 0 1 1u 1.5 'a' b'a' r'a' x has(".split(),
    *"size( .map( .all(x, .exists( done( time_of( timestamp( duration( matches( dyn( type( __result__ @result".split(),
    "google.protobuf.Any{",
)


def soup(rng: Random) -> Hostile:
    """Tokens in any order; nearly never an expression."""
    tokens = " ".join(rng.choice(TOKENS) for _ in range(rng.randint(1, 40)))
    return Hostile(f"({tokens}) && false", False)


KINDS: tuple[Callable[[Random], Hostile], ...] = (
    wrong, wrong, wrong, nested, nested, swelling, pattern, searching, calling, literal, soup,
)  # fmt: skip


def hostile(seed: int) -> Hostile:
    """Return the expression of a number, always the same."""
    rng = Random(seed)
    return KINDS[seed % len(KINDS)](rng)
