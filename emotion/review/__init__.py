"""The annotator's desk: which labels are doubtful, where raters disagree, and what was decided.

Nothing here knows of a page.
"""

from emotion.review.opinion import Decision, Event, Outcome, Rating, Seen
from emotion.review.store import Project

__all__ = ["Decision", "Event", "Outcome", "Project", "Rating", "Seen"]
