"""What programs may ask for beside the analysis itself: other voices, words and models."""

import gradio as gr

from emotion import tables
from emotion.analyze import Analyzer
from emotion.ui.asked import LANGUAGES, PUBLIC, Found, answered, several, spoken
from emotion.ui.compare import COMPARING
from emotion.ui.events import MODEL
from emotion.ui.offer import Offer
from emotion.ui.verdicts import why
from emotion.whatif import LOUDNESS, PITCH, Changes, change


class Alternatives:
    """Two more of the named endpoints; nothing of them is to be seen on the page."""

    def __init__(self, analyzer: Analyzer, offer: Offer) -> None:
        self.analyzer, self.offer = analyzer, offer
        with gr.Column(visible=False):
            press, found = gr.Button(), gr.JSON(label="What was found")
            audio = gr.Audio(label="A clip of sound or video", type="filepath")
            text = gr.Textbox("", label="What was said")
            words = gr.Checkbox(True, label="Whether words are read")
            language = gr.Radio(LANGUAGES, value="auto", label="Of the speech")
            instead = gr.Textbox("", label="What would be said")
            start, end = gr.Number(0, label="Silence from"), gr.Number(0, label="Silence to")
            pitch = gr.Slider(-PITCH, PITCH, 0, label="Semitones")
            loudness = gr.Slider(-LOUDNESS, LOUDNESS, 0, label="Decibels")
            names = list(offer.names)
            models = several(names, names, "Models")
            hub = gr.Textbox("", label="Models of the hub")
        for name, inputs, where in (
            ("whatif", [audio, text, instead, start, end, pitch, loudness], MODEL),
            ("compare", [audio, models, text, words, language, hub], COMPARING),
        ):
            press.click(getattr(self, name), inputs, found, api_name=name, **(where | PUBLIC))

    def whatif(
        self,
        audio: str | None = None,
        text: str = "",
        instead: str = "",
        mute_start: float = 0,
        mute_end: float = 0,
        pitch: float = 0,
        loudness: float = 0,
    ) -> Found:
        """Finds what a voice and its words would feel with something about them changed.

        Words are never written down from the clip: give them, or the voice alone is judged.

        Args:
            audio: A clip of speech: WAV, AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM.
            text: What was said; empty to judge the voice alone.
            instead: What would be said; empty to leave the words.
            mute_start: The second from which the voice would be silent.
            mute_end: The second to which it would be.
            pitch: Semitones that the voice would be higher, or lower below 0; 12 at the most.
            loudness: Decibels that it would be louder, or softer below 0; 40 at the most.

        Returns:
            changes, before, after (label, probabilities, valence, arousal, alone), and the \
difference of each number.
        """
        with answered():
            said = (text or "").strip() or None
            before = self.analyzer.analyze(audio, said, words=said is not None)
            new = (instead or "").strip() or None
            changes = Changes(new, (mute_start or 0, mute_end or 0), pitch, loudness)
            after = change(self.analyzer, before, changes)
            return tables.change_as_dict(changes, before, after)

    def compare(
        self,
        audio: str | None = None,
        models: list[str] | None = None,
        text: str = "",
        words: bool = True,
        language: str = "auto",
        hub: str = "",
    ) -> Found:
        """Finds what several models say of the same clip, and where they differ.

        A model that cannot be had or cannot judge is told of, and the others go on.

        Args:
            audio: A clip of speech: WAV, AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM.
            models: Which of those that this page offers; all of them if left out.
            text: What was said; empty to have it written down, if a model reads words.
            words: False judges the voice alone.
            language: "ko", "en", or "auto" to find out; of the speech.
            hub: Further models by their ids on the hub, with spaces between them, where this \
page lets anybody choose those.

        Returns:
            models (model, label, probabilities of the seven that it knows and of other, own, \
valence, arousal, bytes, seconds), apart (of each two, the share of the probability that they give \
to different emotions), widest, failed.
        """
        with answered():
            chosen = list(self.offer.names) if models is None else models
            of_the_speech = spoken(language)
            found = self.offer.compare(
                chosen, hub, audio, text, words=words, language=of_the_speech
            )
            # Its own words may tell where on this machine a model lies.
            failed = {name: why(problem, "en") for name, problem in found.failed.items()}
            return tables.comparison_as_dict(found) | {"failed": failed}
