"""Papers: stages with holders and signers, the fields that stand on them."""

from __future__ import annotations

from lifecycle.core import workflow as core
from lifecycle.language.compiling import Compiler
from lifecycle.language.names import Site
from lifecycle.language.papers import PaperEntry, StageEntry


def paper_of(compiler: Compiler, name: str, entry: PaperEntry) -> core.Paper:
    """Return a paper; the conditions of its signers see the machine that moves it, or the case alone."""
    shared = entry.of == "case"
    moving = next((machine for machine, moved in compiler.relations.papers.items() if name in moved), "")
    if shared or not moving:
        site = Site(kinds=tuple(compiler.text.cases), opening=not shared)
    else:
        site = Site(machine=moving, kinds=compiler.relations.kinds[moving])
    return core.Paper(
        name=name,
        titles=entry.titles,
        number=entry.number,
        shared=shared,
        fields=tuple(field for one in entry.fields if (field := compiler.field(one)) is not None),
        stages={
            one: _stage(compiler, one, stage, site, f"papers.{name}.stages.{one}")
            for one, stage in entry.stages.items()
        },
        rules=entry.rules,
        where=compiler.definition.key_place(f"papers.{name}"),
    )


def _stage(compiler: Compiler, name: str, stage: StageEntry, site: Site, path: str) -> core.Stage:
    around = compiler.around(site)
    return core.Stage(
        name=name,
        titles=stage.titles,
        holder=stage.holder or "",
        signers=tuple(
            core.Signer(
                role=signer.role,
                when=compiler.when(signer.when, around, compiler.nth(f"{path}.signed_by", number)),
            )
            for number, signer in enumerate(stage.signed_by)
        ),
        optional=stage.optional,
        rules=stage.rules,
        where=compiler.definition.key_place(path),
    )
