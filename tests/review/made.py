"""Small projects to try things on."""

from pathlib import Path

from emotion.manifest import Reach
from emotion.review.clips import Entry
from emotion.review.opinion import Rating


def filled(project, n=6, label="happy", folder="."):
    """Puts n clips into a project, c0 to c…, the last the most doubtful."""
    entries = [
        Entry(
            f"c{i}",
            text=f"clip {i}",
            label=label,
            raters={"kim": Rating((label,)), "lee": Rating(("sad",))},
            cells={"id": f"c{i}", "text": f"clip {i}", "label": label},
        )
        for i in range(n)
    ]
    source = project.clips.begin(
        "made.csv", "digest", ("id", "text", "label"), n, Reach(Path(folder))
    )
    project.clips.add(source, list(enumerate(entries, 1)), [], n)
    with project._database.writing() as connection:
        connection.execute("UPDATE clips SET doubt = n * 1.0 / ?", (n,))
    return project
