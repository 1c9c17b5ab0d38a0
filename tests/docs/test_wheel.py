"""The wheel alone, without the source tree, is the whole program.

It is installed into an empty environment. Its third-party packages are the ones that these tests run with, lent by a
.pth file, so that no network is needed; the project itself is not lent: an import of ours can only come from the wheel.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.docs.sessions import ROOT, play, play_page

pytestmark = pytest.mark.xdist_group("wheel")  # one worker builds and installs it, once
OURS = {"cli.py", "lifecycle", "projections"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the programs of an environment in which only the wheel is ours."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
    )
    lent = home / "lent"
    lent.mkdir()
    for found in Path(sysconfig.get_path("purelib")).iterdir():
        if found.name not in OURS and found.suffix != ".pth" and not found.name.startswith("lifecycle-"):
            (lent / found.name).symlink_to(found)
    (python_library,) = (home / "lib").glob("python*/site-packages")
    (python_library / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return home / "bin"


def test_the_wheel_holds_the_program_its_texts_and_the_shipped_workflows(wheel: Path):
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    assert {"cli.py", "lifecycle/texts/zh.toml", "lifecycle/texts/en.toml", "projections/__init__.py"} <= names
    plans = {f"lifecycle/clocks/cn/{file.name}" for file in (ROOT / "lifecycle/clocks/cn").glob("*.json")}
    assert len(plans) >= 20
    assert plans <= names
    shipped = {str(file.relative_to(ROOT / "workflows")) for file in (ROOT / "workflows").glob("**/*.yaml")}
    assert shipped
    assert {f"lifecycle/shipped/{name}" for name in shipped} <= names
    assert [name for name in names if name.startswith(("tests/", "workflows/", "docs/"))] == []


def test_the_program_of_the_wheel_is_not_the_source_tree(programs: Path, tmp_path: Path):
    answer = play("python -c 'import cli, lifecycle; print(cli.__file__, lifecycle.__file__)'", tmp_path, programs, "C")
    assert answer.code == 0
    assert answer.output.count(str(programs.parent)) == 2


def test_help_is_answered(programs: Path, tmp_path: Path):
    answer = play("lifecycle --help", tmp_path, programs, "en_US.UTF-8")
    assert answer.code == 0
    assert "workflow" in answer.output


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_session_of_the_readme_plays(page: str, programs: Path, tmp_path: Path):
    differences = play_page(ROOT / page, tmp_path, programs)
    assert not differences, "\n\n".join(differences)
