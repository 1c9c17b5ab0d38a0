"""The table of rooms (who may import whom) and the few habits that keep the core pure, read from the source."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

EVERYBODY_MAY = {"problems", "clocks"}
CORE_LANGUAGE_STORE = {"core", "language", "store"}
MIDDLE = {
    "core", "expressions", "machines", "language", "store", "engine", "stream", "audit", "projections", "papers",
    "outbox", "trials", "texts", "settings",
}  # fmt: skip

ROOMS: dict[str, set[str]] = {
    "package": set(),
    "problems": set(),
    "clocks": set(),
    "core": set(),
    "expressions": set(),
    "machines": {"core"},
    "language": {"core", "expressions", "machines"},
    "store": {"core"},
    "engine": CORE_LANGUAGE_STORE,
    "stream": CORE_LANGUAGE_STORE,
    "audit": CORE_LANGUAGE_STORE,
    "projections": CORE_LANGUAGE_STORE | {"engine"},
    "papers": {"core", "language"},
    "outbox": {"core", "store"},
    "trials": {"core", "language", "engine"},
    "texts": set(),
    "settings": set(),
    "app": MIDDLE,
    "web": MIDDLE | {"app"},
    "terminal": MIDDLE | {"app", "web"},
    "cli": {"package", "terminal", "app", "web"},
}
"""Room -> the rooms of ours that it may import, beside itself, `problems` and `clocks`."""

LIBRARIES: dict[str, set[str]] = {
    "apsw": {"store"},
    "segno": {"papers"},
    "weasyprint": {"papers"},
    "cel_expr_python": {"expressions"},
    "click": {"terminal", "cli"},
    "cryptography": {"store"},
    "eventsourcing": {"store"},
    "orjson": {"store"},
    "pydantic": {"language"},
    "pydantic_core": {"language"},
    "transitions": {"machines"},
    "yaml": {"language"},
}
"""Third-party package -> the rooms that may import it. A package that is not here may be imported nowhere."""

IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "urandom", "getenv"}
IMPURE_BUILTINS = {"input", "open", "print"}
"""Not counted as methods: a draft may well `open` a case."""
IMPURE_MODULES = {"io", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "sys", "threading"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}
NO_NAME = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


@dataclass(frozen=True)
class Import:
    room: str
    file: Path
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}: {self.room} imports {self.target}"


def room_of(dotted: str) -> str:
    """Return the room of a module of ours, by its dotted name."""
    parts = dotted.split(".")
    if parts[0] in ("cli", "projections"):
        return parts[0]
    return parts[1] if len(parts) > 1 else "package"


def dotted_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> list[Path]:
    files = [*ROOT.glob("lifecycle/**/*.py"), *ROOT.glob("projections/**/*.py"), *ROOT.glob("cli.py")]
    return sorted(file for file in files if "static" not in file.parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def targets(node: ast.AST, package: str) -> Iterator[str]:
    """Yield what an import statement names, as full dotted names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: -(node.level - 1) or None] if node.level else []
        module = ".".join([*above, *filter(None, [node.module])])
        if module == "lifecycle":
            yield from (f"lifecycle.{alias.name}" for alias in node.names)
        else:
            yield module


@cache
def imports() -> list[Import]:
    found = []
    for file in sources():
        name = dotted_name(file)
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        for node in ast.walk(tree(file)):
            found.extend(
                Import(room_of(name), file, getattr(node, "lineno", 0), target) for target in targets(node, package)
            )
    return found


def ours(target: str) -> bool:
    return target.partition(".")[0] in ("cli", "lifecycle", "projections")


def called(node: ast.Call) -> str:
    """Return the last name of what is called. `beside.now(aggregate, name)` is no clock: that takes a zone at most."""
    function = node.func
    if len(node.args) > 1 and getattr(function, "attr", "") == "now":
        return "beside.now"
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def core_modules() -> list[Path]:
    return [file for file in sources() if room_of(dotted_name(file)) == "core"]


def test_every_module_stands_in_a_room_of_the_table():
    strangers = [str(file.relative_to(ROOT)) for file in sources() if room_of(dotted_name(file)) not in ROOMS]
    assert strangers == []


def test_no_room_imports_another_that_the_table_does_not_allow():
    wrong = []
    for found in imports():
        if ours(found.target):
            target = "package" if found.target == "lifecycle.__version__" else room_of(found.target)
            if target not in ROOMS[found.room] | EVERYBODY_MAY | {found.room, "package"}:
                wrong.append(str(found))
    assert wrong == []


def test_each_third_party_package_is_imported_in_its_own_room_only():
    wrong = []
    for found in imports():
        library = found.target.partition(".")[0]
        known = ours(found.target) or library in sys.stdlib_module_names
        if not known and found.room not in LIBRARIES.get(library, set()):
            wrong.append(str(found))
    assert wrong == []


def test_the_table_gives_nothing_to_the_core():
    assert ROOMS["core"] == set()
    assert not any("core" in rooms for rooms in LIBRARIES.values())


def test_the_core_reads_no_clock_no_chance_no_file_and_prints_nothing():
    wrong = []
    for file in core_modules():
        for node in ast.walk(tree(file)):
            builtin = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_BUILTINS
            if isinstance(node, ast.Call) and (builtin or called(node) in IMPURE_CALLS):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}: calls {called(node)}()")
    wrong.extend(
        str(found) for found in imports() if found.room == "core" and found.target.partition(".")[0] in IMPURE_MODULES
    )
    assert wrong == []


def test_only_settings_reads_the_environment():
    wrong = []
    for file in sources():
        for node in ast.walk(tree(file)):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            names = {name} | ({alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set())
            if names & ENVIRONMENT and room_of(dotted_name(file)) != "settings":
                wrong.append(f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert wrong == []


def test_no_module_is_named_after_nothing():
    wrong = [str(file.relative_to(ROOT)) for file in sources() if NO_NAME & set(dotted_name(file).split("."))]
    assert wrong == []


@pytest.mark.parametrize(
    ("statement", "package", "expected"),
    [
        ("import lifecycle.store.port", "lifecycle.core", ["lifecycle.store.port"]),
        ("from lifecycle import settings", "lifecycle.core", ["lifecycle.settings"]),
        ("from ..store import port", "lifecycle.core", ["lifecycle.store"]),
        ("from . import events", "lifecycle.core", ["lifecycle.core"]),
        ("from yaml.nodes import Node", "lifecycle.core", ["yaml.nodes"]),
    ],
)
def test_an_import_is_read_as_the_module_that_it_names(statement: str, package: str, expected: list[str]):
    assert list(targets(ast.parse(statement).body[0], package)) == expected
