import numpy as np

from emotion.labels import LABELS
from train import baseline
from train.corpora.sample import Sample
from train.questions import Question, rows_of
from train.sounds import Sounds

TELLING = {"최고다": 1.0, "최악이다": -1.0}
N = 41_000  # more than a plain system once learnt from


def test_a_plain_system_learns_from_every_row():
    """One row of 41 is telling: just those that were left out of 40,000 spread over all."""
    taught = []
    for place in range(N):
        word = list(TELLING)[place % 2] if place % 41 == 40 else ""
        valence = TELLING.get(word, (-1.0) ** (place // 2))
        taught.append(Sample(str(place), "made", text=word or "영화 봄", valence=valence))
    tested = [Sample(word, "made", text=word, valence=TELLING[word]) for word in TELLING]
    question = Question("made, words", "made", "words", "polarity")
    sounds = Sounds()
    [result] = baseline.answers(
        taught, [(question, rows_of(question, tested, sounds))], sounds, LABELS
    )
    assert result.headline == 1


def test_the_clips_of_a_known_speaker_stand_beside_each_other():
    heard = [Sample(str(n), "ravdess", speaker=speaker) for n, speaker in enumerate("abab")]
    found = np.array([[1.0], [10.0], [3.0], [14.0]])
    assert baseline._unusual(found, heard).tolist() == [[-2.0], [-4.0], [2.0], [4.0]]
