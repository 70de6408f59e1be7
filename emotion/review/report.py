"""A report of a project: one HTML file with its figures, which needs no network."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from html import escape

import plotly.graph_objects as go

from emotion.figures import name as label_name
from emotion.figures import review as figures
from emotion.labels import LABELS
from emotion.review.agreement import agreement, alpha_of_labels
from emotion.review.clips import Entry
from emotion.review.found import found
from emotion.review.opinion import Rating
from emotion.review.out import label_of
from emotion.review.quality import folded
from emotion.review.report_text import TEXT
from emotion.review.store import Project

SHOWN = 50  # of the most doubtful clips
FAULTS = 200  # rows that could not be used
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font-family: sans-serif; line-height: 1.5; margin: 1.5rem auto; max-width: 68rem;
  padding: 0 1rem; word-break: keep-all; overflow-wrap: anywhere; }}
.pair {{ display: grid; gap: 1rem; grid-template-columns: repeat(2, minmax(0, 1fr)); }}
@media (max-width: 50rem) {{ .pair {{ grid-template-columns: minmax(0, 1fr); }} }}
table {{ border-collapse: collapse; width: 100%; }}
td, th {{ border-bottom: 1px solid #8886; padding: .3rem .5rem; text-align: left;
  vertical-align: top; }}
td:nth-child(2), td:nth-child(3) {{ white-space: nowrap; }}
.note {{ border-left: .25rem solid #c4703d; padding-left: .8rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def report(project: Project, language: str = "en") -> str:
    """What was found and decided, as one HTML page.

    Args:
        project: The project; emotion.review.desk.suspect has been there.
        language: "ko" or "en".
    """
    return _Report(project, language).page()


class _Report:
    def __init__(self, project: Project, language: str) -> None:
        self.project, self.language, self.text = project, language, TEXT[language]
        self.entries = list(project.clips)
        self.judged = project.judged.all()
        self.outcomes = project.log.outcomes()
        self.found = found(project)
        self._drawn = 0

    @cached_property
    def predicted(self) -> dict[str, str]:
        """The model's label of each clip."""
        return {
            name: LABELS[int(folded(each.probabilities).argmax())]
            for name, each in self.project.heard.all().items()
            if each.probabilities
        }

    @cached_property
    def after(self) -> dict[str, str | None]:
        """Each clip's label as it is now."""
        return {each.id: label_of(each, self.outcomes.get(each.id)) for each in self.entries}

    def page(self) -> str:
        sources = self.project.clips.sources()
        named = ", ".join(each.name for each in sources) or self.project.path.name
        title = escape(self.text["title"].format(name=named))
        parts = (
            self._head(), self._doubts(), self._agreement(), self._model(), self._raters(),
            self._decided(), self._first(), self._faults(),
        )  # fmt: skip
        body = "\n".join(part for each in parts for part in each)
        return PAGE.format(language=self.language, title=title, body=body)

    def _head(self) -> Iterator[str]:
        found, likely = self.found, sum(each.likely for each in self.judged.values())
        labelled = sum(each.label is not None for each in self.entries)
        yield self._said(
            "about",
            clips=len(self.entries),
            labelled=labelled,
            raters=len(self.project.clips.raters()),
            checkpoint=found.checkpoint if found else self.text["none"],
            hash=found.hash if found else self.text["none"],
        )
        if found and found.given:
            yield self._said("given", n=found.given)
        if found and (taught := found.taught.sentence(self.language)):
            yield f"<p class='note'>{escape(taught)}</p>"
        if labelled:
            yield self._said("likely", n=likely, share=f"{likely / labelled:.1%}")

    def _doubts(self) -> Iterator[str]:
        if self.judged:
            yield self._heading("doubts")
            values = [each.doubt for each in self.judged.values()]
            yield self._figure(figures.doubts(values, self.text["doubt"]))

    def _agreement(self) -> Iterator[str]:
        yield self._heading("agreement")
        if len(self.project.clips.raters()) < 2:
            yield self._said("no_raters")
            return
        seen = agreement(self.entries)
        numbers = {key: self._number(getattr(seen, key)) for key in
                   ("labels", "valence", "arousal", "fleiss")}  # fmt: skip
        yield self._said("alpha", n_fleiss=seen.n_fleiss, n_clips=seen.n_clips, **numbers)
        kappas = {pair: each.kappa for pair, each in seen.pairs.items()}
        yield self._pair(
            ("classes", figures.classes(seen.classes, self.language)),
            ("pairs", figures.pairs(kappas)),
            ("means", figures.bars(seen.raters)),
            ("without", figures.bars(seen.without)),
            *([("sessions", figures.bars(seen.sessions))] if seen.sessions else []),
        )

    def _model(self) -> Iterator[str]:
        met = Counter(
            (each.label, self.predicted[each.id])
            for each in self.entries
            if each.label and each.id in self.predicted
        )
        if met:
            yield self._heading("model")
            yield self._figure(self._confusion(met, "label", "predicted"))

    def _raters(self) -> Iterator[str]:
        raters = self.found.raters if self.found else {}
        if not raters:
            return
        yield self._heading("consensus")
        yield self._figure(figures.bars({who: each.quality for who, each in raters.items()}))
        drawn = []
        for who, each in sorted(raters.items(), key=lambda item: -item[1].quality):
            yield self._said(
                "worst", f"{who}: ", quality=f"{each.quality:.2f}",
                agreement=self._number(each.agreement), n=each.n,
                worst=label_name(each.worst, self.language),
            )  # fmt: skip
            met = Counter(self._beside_consensus(who))
            drawn.append((who, self._confusion(met, "together", "rater", who=who)))
        yield self._pair(*drawn)

    def _beside_consensus(self, who: str) -> Iterator[tuple[str, str]]:
        for each in self.entries:
            consensus = self.judged[each.id].consensus if each.id in self.judged else None
            labels = each.raters[who].labels if who in each.raters else ()
            if consensus and len(labels) == 1:
                yield consensus, labels[0]

    def _decided(self) -> Iterator[str]:
        yield self._heading("decided")
        if not self.outcomes:
            yield self._said("nothing")
            return
        kinds = Counter(each.kind or each.state for each in self.outcomes.values())
        names = ("keep", "relabel", "unclear", "conflict")
        settled = sum(each.state == "settled" for each in self.outcomes.values())
        counts = {key: kinds[key] for key in names}
        yield self._said("settled", "", clips=len(self.entries), settled=settled, **counts)
        yield self._before_and_after()
        yield from self._blind()
        met = Counter(
            (each.label, now)
            for each in self.entries
            if each.id in self.outcomes and each.label and (now := self.after[each.id])
        )
        if met:
            yield self._figure(self._confusion(met, "old", "new"))

    def _before_and_after(self) -> str:
        annotators = [
            {one.who: Rating(one.labels) for one in events if one.kind not in ("skip", "settle")}
            for events in self.project.log.standing().values()
        ]
        was = {each.id: each.label for each in self.entries}
        return self._said(
            "after",
            after=self._number(alpha_of_labels(annotators)),
            before=self._number(alpha_of_labels([each.raters for each in self.entries])),
            was=self._share(self._agrees(was)),
            now=self._share(self._agrees(self.after)),
        )

    def _agrees(self, labels: Mapping[str, str | None]) -> list[bool]:
        known = {name: label for name, label in labels.items() if label and name in self.predicted}
        return [self.predicted[name] == label for name, label in known.items()]

    def _blind(self) -> Iterator[str]:
        said: dict[bool, list[bool]] = {True: [], False: []}
        for clip, events in self.project.log.standing().items():
            for one in events:
                if one.labels and clip in self.predicted:
                    said[one.seen.blind].append(self.predicted[clip] in one.labels)
        if said[True]:
            yield self._said(
                "blind", n=len(said[True]), share=self._share(said[True]), m=len(said[False]),
                seen=self._share(said[False]),
            )  # fmt: skip

    def _first(self) -> Iterator[str]:
        by_name = {each.id: each for each in self.entries}
        first = list(self.judged.items())[:SHOWN]
        if not first:
            return
        yield self._heading("first", n=len(first))
        head = (self.text[key] for key in ("clip", "label", "doubt", "why"))
        rows = [
            (
                self._clip(by_name[name]),
                self._label(by_name[name].label),
                f"{each.doubt:.2f}",
                "<br>".join(escape(one.sentence(self.language)) for one in each.reasons),
            )
            for name, each in first
        ]
        yield _table(head, rows)

    def _clip(self, entry: Entry) -> str:
        text = f"<br><small>{escape(entry.text)}</small>" if entry.text else ""
        return escape(entry.id) + text

    def _faults(self) -> Iterator[str]:
        faults = self.project.clips.faults()
        if not faults:
            return
        yield self._heading("faults")
        lines = [
            self.text["line"].format(name=each.name, line=each.line, problem=each.problem)
            for each in faults[:FAULTS]
        ]
        more = ["…"] if len(faults) > FAULTS else []
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines + more) + "</ul>"

    def _heading(self, key: str, **facts: object) -> str:
        return f"<h2>{escape(self.text[key].format(**facts))}</h2>"

    def _said(self, key: str, lead: str = "", /, **facts: object) -> str:
        return f"<p>{escape(lead + self.text[key].format(**facts))}</p>"

    def _confusion(
        self, met: Mapping[tuple[str, str], int], down: str, across: str, **facts: str
    ) -> go.Figure:
        titles = self.text[down], self.text[across].format(**facts)
        return figures.confusion(met, self.language, *titles)

    def _figure(self, figure: go.Figure) -> str:
        self._drawn += 1
        # Plotly's own script once, out of its package.
        return figure.to_html(
            {"responsive": True, "displayModeBar": False},
            full_html=False,
            include_plotlyjs=self._drawn == 1,
        )

    def _pair(self, *drawn: tuple[str, go.Figure]) -> str:
        parts = [
            f"<div><h3>{escape(self.text.get(title, title))}</h3>{self._figure(figure)}</div>"
            for title, figure in drawn
        ]
        return f"<section class='pair'>{''.join(parts)}</section>"

    def _label(self, label: str | None) -> str:
        return escape(label_name(label, self.language)) if label else self.text["none"]

    def _number(self, value: float | None) -> str:
        return self.text["none"] if value is None else f"{value:.3f}"

    def _share(self, agreeing: Sequence[bool]) -> str:
        return f"{sum(agreeing) / len(agreeing):.0%}" if agreeing else self.text["none"]


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    top = "".join(f"<th scope='col'>{escape(each)}</th>" for each in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
