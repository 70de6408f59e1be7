"""The annotator's desk: which labels are doubtful, where raters disagree, and what was decided.

Nothing here knows of a page. In the order of the work:

- `bring.bring` brings clips into a `Project`, and `Project.clips` holds them and what was wrong;
- `desk.suspect` has a model hear them, or of several (`jury`) one that the speaker did not teach,
  and orders the queue; `Project.judged` and `Project.heard`
  say why a clip is doubted, `found.found` what holds for all, `agreement.agreement` how far
  raters agree;
- `Project.queue` hands clips out, and `Project.log` takes decisions;
- `out`, `label_studio` and `report` take the work out;
- `office` keeps the projects of an operator, `users` who may log in, and `seat` what lies before
  each of them: the page stands on these three.
"""

from emotion.review.opinion import Decision, Event, Outcome, Rating, Seen
from emotion.review.store import Project

__all__ = ["Decision", "Event", "Outcome", "Project", "Rating", "Seen"]
