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
