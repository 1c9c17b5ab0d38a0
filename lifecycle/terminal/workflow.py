"""Workflow files: check, lay out, show, draw, publish, and the figures that an organisation sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lifecycle.core.events import SYSTEM, Actor
from lifecycle.core.figures import SetFigure, in_force
from lifecycle.core.showing import show as shown_value
from lifecycle.core.workflow import Guidance, Stage, Workflow
from lifecycle.language.checked import Checked, check_workflow
from lifecycle.language.drawing import graph_of
from lifecycle.language.fmt import formatted
from lifecycle.language.folders import Folder
from lifecycle.language.reports import as_json, as_sarif, as_text
from lifecycle.language.resolved import resolved_text
from lifecycle.language.schema import schema_text
from lifecycle.problems import ExitCode, InvalidWorkflow, Refusal
from lifecycle.terminal import answers
from lifecycle.terminal.arguments import actor_of
from lifecycle.terminal.completion import complete_workflow
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import Speaking, spoken

NAMES = click.argument("names", metavar="[NAME|FILE]...", nargs=-1, shell_complete=complete_workflow)
NAME = click.argument("name", metavar="NAME|FILE", shell_complete=complete_workflow)


@click.group(cls=Speaking, help=spoken("workflow"))
def workflow() -> None: ...


@workflow.command("list", help=spoken("workflow.list"))
@click.pass_obj
def list_(door: Door) -> None:
    app = door.app
    rows: list[dict[str, Any]] = []
    for name in app.folder.names():
        checked = check_workflow(name, app.folder)
        published = sorted(app.workflows.publication(app.store, app.store.meta.id, name).digests)
        title = answers.titled(door, checked.titles, name)
        rows.append(
            {"workflow": name, "title": title, "version": checked.version, "published": published, "file": checked.file}
        )
    if door.as_json:
        door.put_json(rows)
        return
    for row in rows:
        versions = ", ".join(map(str, row["published"])) or "-"
        door.put(
            door.words.say(
                "workflow.line", workflow=row["workflow"], title=row["title"], versions=versions, file=row["file"]
            )
        )


@workflow.command("check", help=spoken("workflow.check"))
@NAMES
@click.option("--sarif", is_flag=True, help=spoken("option.sarif"))
@click.option("--rules", is_flag=True, help=spoken("option.rules"))
@click.pass_obj
def check(door: Door, names: tuple[str, ...], sarif: bool, rules: bool) -> None:
    checked = [found(door, name) for name in names or folder_of(door).names()]
    problems = [problem for each in checked for problem in each.problems]
    errors = sum(problem.level == "error" for problem in problems)
    warnings = sum(problem.level == "warning" for problem in problems)
    if sarif:
        from lifecycle import __version__

        click.echo(as_sarif(problems, door.words, version=__version__))
    elif door.as_json:
        door.put_json(as_json(problems, door.words))
    else:
        click.echo(as_text(problems, door.words), nl=False)
        if rules:
            for each in checked:
                put_rules(door, each)
        door.say("workflow.checked", files=len(checked), errors=errors, warnings=warnings)
    if errors:
        door.leave(ExitCode.REFUSED)


def put_rules(door: Door, checked: Checked) -> None:
    """Print how each rule of a workflow is carried."""
    for rule, title, way, path, element in checked.carried(door.lang):
        how = door.words.say(f"carried.{way}") if way else door.words.say("carried.not")
        door.put(f"  {rule}  {title}  {how}  {element}  {path}".rstrip())


@workflow.command("fmt", help=spoken("workflow.fmt"))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help=spoken("option.check-only"))
@click.pass_obj
def fmt(door: Door, files: tuple[Path, ...], only_check: bool) -> None:
    changed: list[Path] = []
    for file in files:
        before = file.read_bytes()
        after = formatted(before, str(file))
        if not isinstance(after, str):
            raise InvalidWorkflow(after)
        if after.encode() == before:
            continue
        changed.append(file)
        if only_check:
            door.say("workflow.not-formatted", file=file)
        else:
            file.write_text(after, encoding="utf-8")
            door.say("workflow.formatted", file=file)
    if door.as_json:
        door.put_json({"files": len(files), "changed": [str(file) for file in changed]})
    door.say("workflow.formatted-all", files=len(files), changed=len(changed))
    if only_check and changed:
        door.leave(ExitCode.REFUSED)


@workflow.command("show", help=spoken("workflow.show"))
@NAME
@click.option("--resolved", is_flag=True, help=spoken("option.resolved"))
@click.pass_obj
def show(door: Door, name: str, resolved: bool) -> None:
    checked = found(door, name)
    if resolved:
        if checked.loaded.tree is None:
            raise InvalidWorkflow(checked.problems)
        click.echo(resolved_text(checked.loaded.tree), nl=False)
        return
    workflow = checked.workflow_or_problems()
    if door.as_json:
        door.put_json(
            {
                "workflow": workflow.name,
                "version": workflow.version,
                "kinds": {
                    k.name: {"openings": list(k.openings), "machines": list(k.machines)}
                    for k in workflow.kinds.values()
                },
                "machines": {m.name: [s.path for s in m.states.values()] for m in workflow.machines.values()},
                "papers": {p.name: list(p.stages) for p in workflow.papers.values()},
                "settlements": {
                    s.name: {"every": s.every, "per": s.per, "columns": [c.name for c in s.columns]}
                    for s in workflow.settlements.values()
                },
                "ledgers": {one.name: {"of": one.of, "unit": one.unit} for one in workflow.ledgers.values()},
                "digest": checked.digest,
            }
        )
        return
    door.put(f"{workflow.name} {workflow.version}  {answers.titled(door, workflow.titles, workflow.name)}")
    for kind in workflow.kinds.values():
        openings = ", ".join(f"{answers.titled(door, o.titles, o.name)} ({o.name})" for o in kind.openings.values())
        door.put(f"  {answers.titled(door, kind.titles, kind.name)} ({kind.name}): {openings}")
        for opening in kind.openings.values():
            _put_guidance(door, opening.guidance, f"{answers.titled(door, opening.titles, opening.name)}: ")
    for machine in workflow.machines.values():
        door.put(f"  {answers.titled(door, machine.titles, machine.name)} ({machine.name})")
        for state in machine.states.values():
            steps = ", ".join(answers.titled(door, step.titles, step.name) for step in state.steps)
            door.put(f"      {answers.titled(door, state.titles, state.path)}: {steps}".rstrip(" :"))
            _put_guidance(door, state.guidance)
    for paper in workflow.papers.values():
        stages = " → ".join(_stage_text(door, workflow, stage) for stage in paper.order)
        door.put(f"  {answers.titled(door, paper.titles, paper.name)} ({paper.name}): {stages}")
    for settled in workflow.settlements.values():
        columns = ", ".join(answers.titled(door, column.titles, column.name) for column in settled.columns)
        door.put(f"  {answers.titled(door, settled.titles, settled.name)} ({settled.name}): {columns}")
    for ledger in workflow.ledgers.values():
        door.put(f"  {answers.titled(door, ledger.titles, ledger.name)} ({ledger.name}): {ledger.unit} / {ledger.of}")


def _stage_text(door: Door, workflow: Workflow, stage: Stage) -> str:
    """Return a stage with those who sign it."""
    title = answers.titled(door, stage.titles, stage.name)
    roles = (workflow.roles[one.role].titles if one.role in workflow.roles else {} for one in stage.signers)
    signers = ", ".join(answers.titled(door, titles, "") for titles in roles)
    return f"{title} ({signers})" if signers else title


def _put_guidance(door: Door, guidance: tuple[Guidance, ...], head: str = "") -> None:
    for one in guidance:
        door.put(f"          {head}{answers.titled(door, one.text, '')}")


@workflow.command("graph", help=spoken("workflow.graph"))
@NAME
@click.option(
    "--format", "form", type=click.Choice(["mermaid", "dot"]), default="mermaid", help=spoken("option.graph-format")
)
@click.option("--machine", metavar="MACHINE", default="", help=spoken("option.machine"))
@click.pass_obj
def graph(door: Door, name: str, form: str, machine: str) -> None:
    click.echo(graph_of(found(door, name).workflow_or_problems(), form, machine, door.lang), nl=False)


@workflow.command("schema", help=spoken("workflow.schema"))
@click.pass_obj
def schema(door: Door) -> None:
    click.echo(schema_text(), nl=False)


@workflow.command("publish", help=spoken("workflow.publish"))
@click.argument("name", metavar="NAME", shell_complete=complete_workflow)
@click.option("--as", "actor", metavar="ROLE[:PERSON]", help=spoken("option.as"))
@click.pass_obj
def publish(door: Door, name: str, actor: str | None) -> None:
    answer = door.app.engine.publish(name, actor_of(door, actor) or SYSTEM, door.via)
    if isinstance(answer, Refusal):
        answers.put_refusal(door, answer)
        door.leave(ExitCode.REFUSED)
    published, new = answer
    if door.as_json:
        door.put_json({"workflow": published.name, "version": published.version, "new": new})
        return
    door.say(
        "workflow.published" if new else "workflow.published-before", workflow=published.name, version=published.version
    )


@workflow.command("settings", help=spoken("workflow.settings"))
@click.argument("name", metavar="NAME", shell_complete=complete_workflow)
@click.argument("changes", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--as", "actor", metavar="ROLE[:PERSON]", help=spoken("option.as"))
@click.pass_obj
def settings(door: Door, name: str, changes: tuple[str, ...], actor: str | None) -> None:
    from lifecycle.terminal.arguments import pairs_of

    who = actor_of(door, actor) or Actor(role="operator")
    for changed, value in pairs_of(door, "NAME=VALUE", changes).items():
        command = SetFigure(
            id=str(door.app.engine.new_id()), workflow=name, name=changed, value=value, actor=who, via=door.via
        )
        answer = door.app.engine.set_figure(command)
        if isinstance(answer, Refusal):
            answers.put_refusal(door, answer)
            door.leave(ExitCode.REFUSED)
    workflow, figures = door.app.engine.figures(name)
    values = in_force(workflow, figures)
    if door.as_json:
        door.put_json(values)
        return
    for setting in workflow.settings.values():
        text = shown_value(setting.type, values[setting.name], door.lang, door.settings.zone)
        given = "" if setting.given or setting.name in figures.values else door.words.say("workflow.not-given")
        title = answers.titled(door, setting.titles, "")
        door.put("  " + door.words.say("workflow.setting", name=setting.name, value=text, title=title, given=given))


def folder_of(door: Door) -> Folder:
    from lifecycle.app import folders

    return folders(door.settings)


def found(door: Door, name: str) -> Checked:
    """Return a workflow of the folders, or of a file that was named by its path, with all its problems."""
    return check_workflow(name, folder_of(door))
