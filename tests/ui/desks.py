"""A desk to work at: a folder of clips with labels, and who may log in."""

import csv
import shutil
from pathlib import Path

from playwright.sync_api import Browser

from emotion.analyze import Analyzer
from emotion.review import Project
from emotion.review.bring import bring
from emotion.review.desk import suspect
from emotion.review.users import Users
from tests.ui import driving
from tests.ui.driving import Visitor

PASSWORD = "correct horse"
PEOPLE = {"kim": "adjudicator", "lee": "annotator"}
CLIPS = driving.ROOT / "tests" / "clips"
N = 12


def lay_out(folder: Path) -> dict[str, str]:
    """Puts twelve clips, and a row without one, into a desk; gives the app's settings for it."""
    users = Users(folder / "users.json")
    for who, role in PEOPLE.items():
        users.put(who, PASSWORD, role)
    corpus = folder / "desk" / "twelve"
    corpus.mkdir(parents=True)
    voices = sorted(CLIPS.glob("*.wav"))
    rows = []
    for number in range(N):
        voice = voices[number % len(voices)]
        shutil.copy(voice, corpus / f"c{number}.wav")
        text = "나 지금 너무 행복해" if voice.stem.startswith("ko") else "leave me alone right now"
        label = ("happy", "angry", "sad")[number % 3]
        rows.append({"audio": f"c{number}.wav", "text": text, "label": label, "speaker": "=1"})
    rows.append({"audio": "gone.wav", "text": "", "label": "happy", "speaker": ""})
    with (corpus / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return {"EMOTION_DESK": str(corpus.parent), "EMOTION_USERS": str(users.path)}


def begin(folder: Path, name: str, analyzer: Analyzer) -> None:
    """Puts a project into a desk, with the twelve clips in the order of doubt."""
    with Project(folder / "desk" / f"{name}.review") as project:
        list(bring(project, folder / "desk" / "twelve"))
        list(suspect(project, analyzer))


def log_in(
    browser: Browser, address: str, who: str, language: str = "en-US", **window: object
) -> Visitor:
    """Somebody at the Review tab, in a browser of their own."""
    settings = {"width": 1280, "theme": "light", **window}
    context = driving.open_window(browser, language, **settings)
    form = {"username": who, "password": PASSWORD}
    answer = context.request.post(f"{address}login", form=form, timeout=driving.ANSWER)
    assert answer.ok
    visitor = Visitor(context, f"{address}?tab=review")
    # What says that comes with the projects, and with what this one may do.
    visitor.page.wait_for_selector("#review_sight [data-state=welcome]", timeout=driving.ANSWER)
    return visitor


def counted(visitor: Visitor, what: str, n: int) -> None:
    """Waits until so many are told: "mine", "left", "settled" or "conflicts"."""
    visitor.page.wait_for_selector(f'#review_counts[data-{what}="{n}"]')


def clip(visitor: Visitor) -> str:
    """What lies before somebody."""
    return visitor.page.get_attribute("#review_clip", "data-clip") or ""


def choose(visitor: Visitor, part: str, option: str) -> None:
    """Chooses from a list."""
    visitor.page.click(f"#review_{part} input")
    visitor.page.click(f"#review_{part} [role=option]:has-text('{option}')")
