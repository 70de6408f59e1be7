"""Takes a picture of every state of the page, to be looked at.

    python -m tests.ui.shots FOLDER [--only NAME …]

Widths 1280 and 390, light and dark, Korean and English; NAME is a state, as "voice_alone".
"""

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Error, sync_playwright

from emotion import audio
from emotion.analyze import Analyzer
from emotion.ui.strings import TEXT
from tests import browser
from tests.conftest import small_classifier
from tests.ui import desks, driving
from tests.ui.bodies import give, write_table
from tests.ui.driving import ANSWER, Visitor
from tests.ui.sounds import as_microphone, write

CLIPS = driving.ROOT / "tests" / "clips"
STATES: dict[str, Callable[[Visitor, str, Path], None]] = {}
LANGUAGES = {"ko": "ko-KR", "en": "en-US"}
MOVING = ("recording", "busy", "timeline_begun", "live")  # states that do not come to rest
WORK = "twelve clips"  # a project
PLACES = ("plain", "offline", "desk")
SAID = {"ko": "나 지금 너무 행복해", "en": "I am so happy to see you"}


def state(take: Callable[[Visitor, str, Path], None]) -> Callable[[Visitor, str, Path], None]:
    """Puts a state on the list under its function's name."""
    STATES[take.__name__] = take
    return take


@state
def nothing(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.page.wait_for_selector("#places .js-plotly-plot", timeout=ANSWER)


@state
def about(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.page.click(driving.tab("about"))
    visitor.page.wait_for_selector("#about section")


@state
def recording(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.page.click("#audio .record-button")
    visitor.page.wait_for_timeout(1500)


@state
def busy(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.upload(_half_a_minute(language, scratch))
    visitor.press()
    said = TEXT[language]["transcribe"]
    visitor.page.wait_for_selector(f"#message .progress-level-inner:has-text('{said}')")


@state
def both(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.upload(CLIPS / f"{language}_happy.wav")
    visitor.press()
    visitor.result()
    visitor.press("#check")
    visitor.page.wait_for_selector("#occlusion .js-plotly-plot .main-svg", timeout=ANSWER)
    visitor.press("#table_fold button")


@state
def apart(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.upload(CLIPS / "en_angry.wav")
    visitor.write("정말 고마워요 너무 행복해요" if language == "ko" else "I love you, what a joy")
    visitor.press()
    visitor.result()
    visitor.press("#direction label >> nth=1")


@state
def voice_alone(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.upload(CLIPS / "ko_angry.wav")
    visitor.page.check("#voice_alone input")
    visitor.press()
    visitor.result()


@state
def words_alone(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.write(SAID[language])
    visitor.press()
    visitor.result()


@state
def example(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.press(f".chips button >> nth={0 if language == 'en' else 3}")
    visitor.result()


@state
def fault(visitor: Visitor, language: str, scratch: Path) -> None:
    words_alone(visitor, language, scratch)
    letter = scratch / "letter.wav"
    letter.write_text("not a sound")
    visitor.upload_unplayable(letter)
    visitor.press()
    visitor.message("fault")


@state
def long(visitor: Visitor, language: str, scratch: Path) -> None:
    """Half a minute and sixty words, and more than that cut off."""
    visitor.upload(_half_a_minute(language, scratch))
    visitor.write(" ".join(itertools.islice(itertools.cycle(SAID[language].split()), 60)))
    visitor.press()
    visitor.result()


def _half_a_minute(language: str, scratch: Path) -> Path:
    voice = np.tile(audio.load(CLIPS / f"{language}_angry.wav").samples, 20)[: 32 * audio.RATE]
    return write(scratch / "long.wav", voice)


@state
def no_whisper(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.upload(CLIPS / f"{language}_happy.wav")
    visitor.press()
    visitor.message("note")


@state
def changed(visitor: Visitor, language: str, scratch: Path) -> None:
    """Other words in another pitch, with a stretch muted."""
    visitor.upload(CLIPS / f"{language}_happy.wav")
    visitor.write(SAID[language])
    visitor.press()
    visitor.result()
    visitor.page.fill(
        "#if_words textarea", "나 지금 너무 화나" if language == "ko" else "I hate you"
    )
    for slider, presses in (("pitch", 6), ("end", 40)):
        visitor.page.focus(f"#if_{slider} input[type=range]")
        for _ in range(presses):
            visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_selector("#if_figure .js-plotly-plot .main-svg", timeout=ANSWER)
    visitor.rest()  # or the answer to the last move would take the voice away again
    visitor.page.click("#if_hear")
    visitor.page.wait_for_selector("#if_voice #waveform, #if_voice .waveform-container")


@state
def compared(visitor: Visitor, language: str, scratch: Path) -> None:
    compare_nothing(visitor, language, scratch)
    visitor.page.click("#compare_audio .source-selection button >> nth=0")
    clip = CLIPS / f"{language}_happy.wav"
    visitor.page.set_input_files("#compare_audio input[type=file]", clip)
    visitor.page.fill("#compare_words textarea", SAID[language])
    visitor.page.wait_for_selector("#compare_audio .waveform-container", timeout=ANSWER)
    visitor.page.click("#compare_go")
    visitor.page.wait_for_selector("#compare_figure .js-plotly-plot .main-svg", timeout=ANSWER)
    visitor.page.click("#compare_table_fold button")


@state
def compare_nothing(visitor: Visitor, language: str, scratch: Path) -> None:
    # By its address: on a phone not all tabs have room beside each other.
    visitor.page.goto(f"{visitor.page.url}?tab=compare&language={language}")
    visitor.page.wait_for_selector("#compare_models input", timeout=ANSWER)


@state
def timeline(visitor: Visitor, language: str, scratch: Path) -> None:
    _listen(visitor, language, scratch)
    visitor.page.wait_for_selector("#timeline_progress [data-state=done]", timeout=5 * ANSWER)
    visitor.page.click("#timeline_table [data-testid=cell-2-1]")
    visitor.page.wait_for_selector("#timeline_chosen .emotion", timeout=ANSWER)


@state
def timeline_begun(visitor: Visitor, language: str, scratch: Path) -> None:
    _listen(visitor, language, scratch)
    visitor.page.wait_for_selector("#timeline_progress [data-state=reading]", timeout=ANSWER)


@state
def timeline_nothing(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.page.click(driving.tab("timeline"))
    visitor.page.wait_for_selector("#timeline_file input[type=file]", state="attached")


def _listen(visitor: Visitor, language: str, scratch: Path) -> None:
    """A minute of clips with pauses between them, English ones before Korean ones."""
    timeline_nothing(visitor, language, scratch)
    name = "회의 녹음.wav" if language == "ko" else "a meeting.wav"
    meeting = write(scratch / name, np.concatenate([*_talk("en"), *_talk("ko")]))
    visitor.page.set_input_files("#timeline_file input[type=file]", meeting)
    visitor.page.wait_for_selector("#timeline_file .file-preview", timeout=ANSWER)
    visitor.page.click("#timeline_go")


def _talk(spoken: str) -> Iterator[np.ndarray]:
    clips = [audio.load(CLIPS / f"{spoken}_{way}.wav").samples for way in ("happy", "angry")]
    for turn, seconds in zip((0, 1, 0, 1, 1, 0), (0.7, 3.0, 1.5, 4.0, 0.8, 2.0), strict=True):
        yield from (clips[turn], np.zeros(round(seconds * audio.RATE)))


@state
def live_nothing(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.page.click(driving.tab("live"))
    visitor.page.wait_for_selector("#live_audio .record-button", timeout=ANSWER)


@state
def live(visitor: Visitor, language: str, scratch: Path) -> None:
    listen(visitor, language, scratch, until=13)
    visitor.wait("document.querySelector('#live_now .headline').dataset.label")


def listen(visitor: Visitor, language: str, scratch: Path, until: int) -> None:
    """Speaks into the microphone up to a second."""
    live_nothing(visitor, language, scratch)
    visitor.page.click("#live_audio .record-button")
    now = "document.querySelector('#live_now .headline')?.dataset.second"
    visitor.wait(f"Number({now}) >= {until}")


@state
def body_nothing(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.page.click(driving.tab("body"))
    visitor.page.wait_for_selector("#body_files input[type=file]", state="attached")


@state
def body(visitor: Visitor, language: str, scratch: Path) -> None:
    """Half a minute of signals, and a voice that begins in their second second."""
    body_nothing(visitor, language, scratch)
    table = write_table(scratch / "e4 and ecg.csv")
    give(visitor, "files", table)
    give(visitor, "voice", CLIPS / f"{language}_happy.wav")
    visitor.page.click("#body_told button")
    visitor.page.fill("#body_offset input", "2")
    visitor.page.click("#body_go")
    visitor.page.wait_for_selector("#body_figure .js-plotly-plot .main-svg", timeout=ANSWER)


@state
def body_alone(visitor: Visitor, language: str, scratch: Path) -> None:
    body_nothing(visitor, language, scratch)
    give(visitor, "files", write_table(scratch / "half a minute.csv"))
    visitor.page.click("#body_go")
    visitor.page.wait_for_selector("#body_figure .js-plotly-plot .main-svg", timeout=ANSWER)


@state
def body_fault(visitor: Visitor, language: str, scratch: Path) -> None:
    body_nothing(visitor, language, scratch)
    table = scratch / "strange.csv"
    table.write_text("a,b\n1,2\n3,4\n")
    give(visitor, "files", table)
    visitor.page.click("#body_go")
    visitor.page.wait_for_selector("#body_message .fault", timeout=ANSWER)


@state
def review_nothing(visitor: Visitor, language: str, scratch: Path) -> None:
    visitor.page.goto(f"{visitor.page.url}?tab=review&language={language}")
    visitor.page.wait_for_selector("#review_sight [data-state=welcome]", timeout=ANSWER)
    visitor.rest()


@state
def review(visitor: Visitor, language: str, scratch: Path) -> None:
    """The most doubtful clip, with labels chosen, a place on the plane and a loop."""
    review_nothing(visitor, language, scratch)
    desks.choose(visitor, "project", WORK)
    visitor.page.wait_for_selector("#review_figure .js-plotly-plot .main-svg", timeout=ANSWER)
    for key in ("5", "7", "ArrowLeft", "ArrowDown", ".", "[", ".", "]"):
        visitor.page.keyboard.press(key)


@state
def review_blind(visitor: Visitor, language: str, scratch: Path) -> None:
    """Nothing of the model's, until something is decided."""
    review_nothing(visitor, language, scratch)
    desks.choose(visitor, "project", WORK)
    visitor.page.wait_for_selector("#review_clip", timeout=ANSWER)
    visitor.page.check("#review_blind input")
    visitor.page.wait_for_selector("#review_opinions .message", timeout=ANSWER)


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", choices=sorted(STATES), default=list(STATES))
    parser.add_argument("--checkpoint", help="a folder; by default the model that ships")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        scratch = Path(name)
        as_microphone(audio.load(CLIPS / "ko_happy.wav"), scratch / "microphone.wav")
        path = browser.find()
        assert path, "There is no Chromium or Chrome on this machine."
        chromium = driving.open_browser(playwright, path, scratch / "microphone.wav")
        for place in PLACES:
            names = [name for name in asked.only if place_of(name) == place]
            if not names:
                continue
            folder = scratch / place
            folder.mkdir()
            settings = (
                driving.no_whisper(folder)
                if place == "offline"
                else {"EMOTION_WHISPER": driving.whisper()}
            )
            if place == "desk":
                settings |= desk(folder, asked.checkpoint)
            settings["EMOTION_COMPARE"] = (
                f"{small_classifier(scratch / 'four-emotions')} nobody/large"
            )
            if asked.checkpoint:
                settings["EMOTION_CHECKPOINT"] = asked.checkpoint
            with driving.served(folder, **settings) as address:
                failed += shoot(chromium, address, names, asked.folder, scratch)
        chromium.close()
    if failed:
        sys.exit(f"{len(failed)} went wrong: {', '.join(failed)}")


def place_of(name: str) -> str:
    """What the app of a state has: Whisper, none, or a desk too."""
    return "offline" if name == "no_whisper" else "desk" if name.startswith("review") else "plain"


def desk(folder: Path, checkpoint: str | None) -> dict[str, str]:
    """A desk without logins, in which one project waits."""
    settings = desks.lay_out(folder)
    desks.begin(folder, WORK, Analyzer.load(checkpoint or "default"))
    return {"EMOTION_DESK": settings["EMOTION_DESK"]}


def shoot(chromium, address, names, folder, scratch) -> list[str]:
    """One picture of each state in each language, width and theme; gives those that went wrong."""
    failed = []
    for language, width, theme in itertools.product(LANGUAGES, (1280, 390), ("light", "dark")):
        window = driving.open_window(chromium, LANGUAGES[language], width, theme)
        for name in names:
            path = folder / f"{name}_{language}_{width}_{theme}.png"
            try:
                take(Visitor(window, address), name, language, scratch, path)
            except (Error, AssertionError) as problem:
                print(f"{path.name}: {problem}", file=sys.stderr, flush=True)
                failed.append(path.name)
        window.close()
    return failed


def take(visitor: Visitor, name: str, language: str, scratch: Path, path: Path) -> None:
    """Brings one visitor to a state, and photographs it, also where that went wrong."""
    try:
        STATES[name](visitor, language, scratch)
        if name not in MOVING:
            visitor.rest()
    finally:
        visitor.page.mouse.move(0, 0)
        visitor.page.screenshot(path=path, full_page=True)
        visitor.leave()


if __name__ == "__main__":
    main()
