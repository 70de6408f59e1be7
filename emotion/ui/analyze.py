"""The Analyze tab: a voice and its words go in, what they feel and why comes out."""

import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.explain import Occlusion, occlude
from emotion.transcript import Transcript
from emotion.ui import draw, parts, scripts
from emotion.ui.board import Updates
from emotion.ui.desk import EXAMPLES, Desk
from emotion.ui.events import MODEL, PAGE
from emotion.ui.strings import TEXT, fault
from emotion.ui.visit import Visit, forget, hold, read, release
from emotion.ui.whatif import WhatIf

STAGES = {"decode": 0.05, "speech": 0.1, "transcribe": 0.25, "model": 0.9}  # share of the way

log = logging.getLogger(__name__)


class AnalyzeTab:
    """What happens when the components of the tab are used.

    What a visitor has is kept in three states, each written by one kind of event alone, because
    events that overlap would undo each other's writing.

    Attributes:
        desk: The components.
        visit: What was found last; written by what runs the model.
        lost: What taking parts of that away found; written by what runs the model.
        held: The voices on the disk; written when one is given.
    """

    def __init__(
        self, analyzer: Analyzer, language: gr.Radio, first: str, left: Callable[[str], bool]
    ) -> None:
        """Lays the tab out.

        Args:
            analyzer: The model.
            language: The page's language.
            first: What it is at first.
            left: Whether the visitor of a session has gone.
        """
        self.analyzer = analyzer
        self.language = language
        self.left = left
        self.desk = Desk(analyzer.model.config, first)
        self.visit = gr.State(None, delete_callback=forget)
        self.lost = gr.State(None)
        self.held = gr.State((), delete_callback=release)
        self.whatif = WhatIf(analyzer, self.desk, self.visit, language, MODEL, PAGE)
        self._connect()

    @property
    def drawn(self) -> list[Any]:
        """What the results are drawn from."""
        return [self.visit, self.language, *self.desk.choosers, self.desk.parts["against"]]

    # ------------------------------------------------------------------------- what happens

    def analyze(
        self,
        visit: Visit | None,
        audio: str | None,
        text: str | None,
        voice_alone: bool,
        spoken: str,
        language: str,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008 - Gradio finds it here
    ) -> Updates:
        """Finds what is felt, or says what was wrong; drawing it is the next event's."""
        said = TEXT[language]
        _name_downloads(progress, said["fetch"])
        after, problem = self._read(
            visit,
            audio,
            (text or "") if "words" in self.desk.config.sides else "",
            language,
            request,
            voice_alone=voice_alone,
            spoken=None if spoken == "auto" else spoken,
            progress=lambda stage: progress(STAGES[stage], desc=said[stage]),
        )
        found: Updates = {} if after is visit else {self.visit: after, self.lost: None}
        return {**found, **self._say(problem, "fault"), **self._settled(after, audio, text or "")}

    def _read(
        self,
        visit: Visit | None,
        audio: str | None,
        text: str,
        language: str,
        request: gr.Request,
        **settings: Any,  # noqa: ANN401 - those of read()
    ) -> tuple[Visit | None, str]:
        """What was found, or what was there before and a sentence that says what was wrong."""
        session = request.session_hash or ""
        here, after, problem = not self.left(session), visit, ""
        try:
            after = read(self.analyzer, visit, audio, text, **settings)
        except BadInput as wrong:
            problem = fault(wrong.code, wrong.facts, language)
        except Exception:
            log.exception("The analysis failed.")
            problem = TEXT[language]["broken"]
        if here and self.left(session):
            forget(after)
        return after, problem

    def take(
        self,
        visit: Visit | None,
        audio: str,
        heard: Transcript | None,
        language: str,
        request: gr.Request,
    ) -> Updates:
        """Reads a voice that was found elsewhere on the page, with the words that were heard."""
        text = heard.text if heard else ""
        after, problem = self._read(visit, audio, text, language, request, heard=heard)
        if problem or after is None:
            return self._say(problem, "fault")
        p, kept = self.desk.parts, {"voice": audio, "words": text, "sent": text}
        given = {p["audio"]: audio, p["voice_alone"]: False, p["read"]: kept}
        given[p["words"]] = gr.update(value=after.words, interactive=True)
        return {self.visit: after, self.lost: None, **given, **self._say("", "")}

    @property
    def taken(self) -> list[Any]:
        """What a voice that is taken changes."""
        p = self.desk.parts
        names = ("audio", "words", "voice_alone", "read", "message")
        return [self.visit, self.lost, *(p[name] for name in names)]

    def _settled(self, visit: Visit | None, audio: str | None, sent: str) -> Updates:
        """What the scripts need to know: which words belong to which voice."""
        mine = visit is not None and visit.audio == audio
        words = visit.words if visit and visit.asked[:2] == (audio, sent) else sent
        read = {"voice": audio if mine else None, "words": words, "sent": sent}
        return {self.desk.parts["read"]: read}

    def check(
        self,
        visit: Visit | None,
        language: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it here
    ) -> Updates:
        """Takes parts away one at a time; drawing what that costs is the next event's."""
        said = TEXT[language]
        if visit is None:
            return self._say(said["gone"], "fault")
        try:
            lost = occlude(
                self.analyzer,
                visit.analysis,
                lambda share: progress(share, desc=said["occluding"]),
            )
        except Exception:
            log.exception("The occlusion failed.")
            return self._say(said["broken"], "fault")
        return {self.lost: lost}

    def show(
        self,
        visit: Visit | None,
        language: str,
        direction: str,
        layer: int | str,
        head: int | str,
        against: str,
    ) -> Updates:
        """All results; nothing where there are none yet."""
        try:
            return draw.results(self.desk, visit, language, direction, layer, head, against)
        except Exception:
            log.exception("The results could not be drawn.")
            return self._say(TEXT[language]["broken"], "fault")

    def show_lost(self, visit: Visit | None, lost: Occlusion | None, language: str) -> Updates:
        """What taking parts away found."""
        return draw.occlusion(self.desk, visit, lost, language)

    def show_moments(
        self, visit: Visit | None, language: str, direction: str, layer: int | str, head: int | str
    ) -> Updates:
        """The moments figure in another direction, layer or head."""
        if visit is None:
            return self._say(TEXT[language]["gone"], "fault")
        shown = draw.moments(self.desk, visit, language, direction, layer, head)
        changed = [self.desk.parts[name] for name in draw.MOMENTS]
        return {part: shown[part] for part in changed if part in shown}

    def show_cues(self, visit: Visit | None, language: str, against: str) -> Updates:
        """What the voice does, beside others."""
        if visit is None:
            return self._say(TEXT[language]["gone"], "fault")
        return draw.cues(self.desk, visit, language, against)

    def _say(self, sentence: str, kind: str) -> Updates:
        return {self.desk.parts["message"]: parts.message(sentence, kind)}

    # ------------------------------------------------------------------------- events

    def _connect(self) -> None:
        self._connect_what_is_given()
        self._connect_runs()
        p, show = self.desk.parts, [self.desk.parts[name] for name in draw.MOMENTS]
        self.visit.change(self.show, self.drawn, self.desk.shown, **PAGE).then(
            fn=None, js=scripts.TO_RESULTS
        )
        self.lost.change(
            self.show_lost,
            [self.visit, self.lost, self.language],
            [p["occlusion"], p["occlusion_summary"]],
            **PAGE,
        )
        for chooser in self.desk.choosers:
            seen = [self.visit, self.language, *self.desk.choosers]
            chooser.input(self.show_moments, seen, [*show, p["message"]], **PAGE)
        p["against"].input(
            self.show_cues,
            [self.visit, self.language, p["against"]],
            [p["cues_card"], p["against"], p["cues"], p["message"]],
            **PAGE,
        )

    def _connect_what_is_given(self) -> None:
        p = self.desk.parts
        held = PAGE | {"concurrency_id": "held", "trigger_mode": "multiple"}
        p["audio"].change(hold, [self.held, p["audio"]], self.held, **held)
        p["audio"].input(
            None, [p["audio"], p["read"]], [p["words"], p["read"]], js=scripts.MAKE_ROOM
        )
        p["voice_alone"].input(None, p["voice_alone"], p["words"], js=scripts.CLOSE_WORDS)

    def _connect_runs(self) -> None:
        p = self.desk.parts
        given = [p["audio"], p["words"], p["voice_alone"]]
        run: dict[str, Any] = {
            "fn": self.analyze,
            "inputs": [self.visit, *given, p["spoken"], self.language],
            "outputs": [self.visit, self.lost, p["message"], p["read"]],
            "show_progress_on": p["message"],
            "trigger_mode": "always_last",
            **MODEL,
        }
        settle: dict[str, Any] = {"fn": None, "js": scripts.SETTLE}
        settle |= {"inputs": [p["audio"], p["read"]], "outputs": p["words"]}
        pressed = gr.on([p["go"].click, p["words"].submit], fn=None, js=scripts.FINISH)
        pressed.then(**run).then(**settle)
        for chip, example in zip(self.desk.chips, self.desk.examples, strict=False):
            chip.click(_taker(example), None, [*given, p["read"]], **PAGE).then(**run).then(
                **settle
            )
        p["check"].click(
            self.check,
            [self.visit, self.language],
            [self.lost, p["message"]],
            show_progress_on=p["occlusion_summary"],
            **MODEL,
        )


def _name_downloads(progress: gr.Progress, title: str) -> None:
    """Lets Whisper's download show how far it is, under a name.

    Its other bar counts frames, and would only hide the name of the stage.
    """
    track = progress.tqdm

    def tqdm(iterable: Any, desc: Any, total: Any, unit: str, _tqdm: Any) -> None:  # noqa: ANN401
        downloads = unit == "iB"
        if downloads or iterable is not None:
            track(iterable, title if downloads else desc, total, unit, _tqdm)

    progress.tqdm = tqdm  # type: ignore[assignment,method-assign]


def _taker(example: dict[str, str]) -> Callable[[], tuple[object, ...]]:
    path, text = str(EXAMPLES / example["file"]), example["text"]

    def take() -> tuple[object, ...]:
        read = {"voice": path, "words": text, "sent": text}
        return path, gr.update(value=text, interactive=True), False, read

    return take
