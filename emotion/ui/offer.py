"""Which models a visitor may compare: those that whoever serves the page has named."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emotion.analyze import Analyzer
from emotion.compare import Comparison, compare
from emotion.errors import BadInput
from emotion.shelf import LIMIT, Shelf

MOST = 8  # models at once; more could not be told apart


@dataclass(frozen=True)
class Offer:
    """Models under the names that visitors see, of which none tells where it lies.

    Attributes:
        shelf: Where they are kept.
        names: What each is loaded by, by what it is called.
        any_of_the_hub: Whether a visitor may also name whatever the hub has.
    """

    shelf: Shelf
    names: dict[str, str]
    any_of_the_hub: bool = False

    def ready(self, called: str) -> bool:
        """Whether a model need not be loaded first."""
        own = self.shelf.own
        return self.names.get(called, called) in (own.name if own else "", *self.shelf.names)

    def compare(
        self,
        chosen: Sequence[str],
        hub: str,
        audio: str | None,
        text: str | None,
        progress: Callable[[str], None] | None = None,
        **settings: Any,  # noqa: ANN401 - those of emotion.compare.compare
    ) -> Comparison:
        """Asks the chosen models; nothing that was not offered is looked for on this machine.

        Raises:
            BadInput: Nothing is chosen, something is that is not offered, or there is no clip.
        """
        named = re.split(r"[\s,]+", hub or "")
        calls = {name: called for called, name in self.names.items()}
        further = [name for name in named if name and name not in calls]
        chosen = [*dict.fromkeys([*chosen, *(calls[name] for name in named if name in calls)])]
        strange = [name for name in chosen if name not in self.names]
        if strange or (further and not self.any_of_the_hub):
            raise BadInput("not_offered", name=[*strange, *further][0])
        if not chosen and not further:
            raise BadInput("no_models")
        if len(chosen) + len(further) > MOST:
            raise BadInput("many_models", most=MOST)
        if not audio and not (text or "").strip():
            raise BadInput("no_input")
        found = compare(
            self.shelf,
            [self.names[name] for name in chosen],
            audio or None,
            (text or "").strip() or None,
            of_a_hub=further,
            progress=lambda name: progress(calls.get(name, name)) if progress else None,
            **settings,
        )
        return _called(found, calls)


def offer(
    analyzer: Analyzer,
    others: Sequence[str] = (),
    limit: int = LIMIT,
    any_of_the_hub: bool = False,
    device: str | None = None,
) -> Offer:
    """The page's own model and others, each called by the last part of its name.

    Args:
        analyzer: The page's own.
        others: Shipped ones, folders, or a hub's ids.
        limit: Bytes of weights that the others may take at once.
        any_of_the_hub: Whether a visitor may also name whatever the hub has.
        device: Where the others run; the best one if left out.
    """
    names: dict[str, str] = {}
    for name in dict.fromkeys([analyzer.name, *others]):
        called = own = Path(name).name
        while called in names:
            called = f"{own} ({sum(each.startswith(own) for each in names) + 1})"
        names[called] = name
    return Offer(Shelf(analyzer, limit, device), names, any_of_the_hub)


def _called(found: Comparison, calls: dict[str, str]) -> Comparison:
    """A comparison in which nothing tells where a model lies."""
    said = tuple(replace(each, name=calls.get(each.name, each.name)) for each in found.said)
    failed = {}
    for name, problem in found.failed.items():
        called = calls.get(name, name)
        facts = problem.facts | ({"name": called} if "name" in problem.facts else {})
        failed[called] = BadInput(problem.code, **facts)
    return replace(found, said=said, failed=failed)
