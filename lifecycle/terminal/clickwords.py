"""The words of click itself, "Usage:" or "No such option", in the language of the person.

click words its headings and usage errors through gettext, with its English sentence as the key. The catalogues have
those sentences in their section `click`: en as click writes them, zh as they are shown.
"""

from __future__ import annotations

from types import ModuleType

from click import core, decorators, exceptions, formatting, parser, types

from lifecycle.texts import Lang, catalogue

SPEAKERS: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, types)
"""The modules of click whose sentences can reach a person here; this program neither prompts nor opens editors."""


def speak(lang: Lang) -> None:
    """Let click speak a language from now on; a sentence without a translation stays English."""
    words = {sentence["text"]: catalogue(lang)["click"][code]["text"] for code, sentence in english().items()}

    def single(sentence: str) -> str:
        return words.get(sentence, sentence)

    def plural(one: str, several: str, count: int) -> str:
        return single(one if count == 1 else several)

    for module in SPEAKERS:
        for name, spoken in (("_", single), ("ngettext", plural)):
            if hasattr(module, name):
                setattr(module, name, spoken)


def english() -> dict[str, dict[str, str]]:
    """Return code -> click's own sentence."""
    return {code: dict(kinds) for code, kinds in catalogue("en")["click"].items()}
