"""Any audio classification model of transformers, asked what a voice feels."""

from pathlib import Path

import numpy as np
import torch

from emotion.audio import RATE, Clip
from emotion.errors import BadInput

MULTIPLE = "multi_label_classification"  # each label is judged for itself
OURS = {"trust_remote_code": False}  # no program that a model brings is run


class Classifier:
    """A model, and what makes its inputs of samples.

    Attributes:
        name: What it is called.
        labels: Its own, in the order of its outputs.
    """

    def __init__(self, folder: Path, name: str, device: torch.device | None = None) -> None:
        """Loads a folder as save_pretrained writes it, out of safetensors alone.

        Args:
            folder: Where it lies.
            name: What to call it.
            device: Where it runs; the CPU if left out.

        Raises:
            BadInput: It cannot be loaded, or lacks weights.
        """
        # Imported here, for it takes seconds that a model of our own does not need.
        from transformers import AutoFeatureExtractor, AutoModelForAudioClassification
        from transformers.utils import logging

        from emotion.model.hub import clear

        self.name = name
        self.device = device or torch.device("cpu")
        logging.set_verbosity_error()  # what is wrong is said here, in one line
        logging.disable_progress_bar()
        with clear(name):
            model, facts = AutoModelForAudioClassification.from_pretrained(
                folder,
                use_safetensors=True,
                output_loading_info=True,
                dtype=torch.float32,
                **OURS,
            )
            self.extractor = AutoFeatureExtractor.from_pretrained(folder, **OURS)
        lacking = sorted(facts["missing_keys"])
        if lacking:
            raise BadInput("broken_checkpoint", name=name, reason=f"it lacks {lacking[0]}")
        self.model = model.to(self.device).eval()
        names = self.model.config.id2label
        self.labels = tuple(str(names[place]) for place in range(len(names)))

    @torch.inference_mode()
    def judge(self, clip: Clip) -> dict[str, float]:
        """A share of each of its own labels, summing to 1.

        Raises:
            BadInput: It gives no numbers for this clip.
        """
        rate = getattr(self.extractor, "sampling_rate", RATE)
        try:
            read = self.extractor(_at(clip.samples, rate), sampling_rate=rate, return_tensors="pt")
            logits = self.model(**read.to(self.device)).logits[0].float()
        except (ValueError, RuntimeError, TypeError, IndexError, KeyError) as error:
            reason = " ".join(str(error).split())[:200]
            raise BadInput("no_judgement", name=self.name, reason=reason) from error
        many = self.model.config.problem_type == MULTIPLE
        shares = logits.sigmoid() if many else logits.softmax(-1)
        shares = shares / shares.sum()
        if len(shares) != len(self.labels) or not shares.isfinite().all():
            reason = "what it says is no share of each label"
            raise BadInput("no_judgement", name=self.name, reason=reason)
        found: dict[str, float] = dict.fromkeys(self.labels, 0.0)
        for label, share in zip(self.labels, shares.tolist(), strict=True):
            found[label] += share  # two outputs may carry one name
        return found


def blank(folder: Path, name: str) -> torch.nn.Module:
    """The model that the settings in a folder ask for, without the weights.

    Raises:
        BadInput: They ask for no model that chooses among labels for a sound.
    """
    from transformers import AutoConfig, AutoModelForAudioClassification
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_AUDIO_CLASSIFICATION_MAPPING_NAMES,
    )

    from emotion.model.hub import clear

    with clear(name):
        config = AutoConfig.from_pretrained(folder, **OURS)
        reason = ""
        if config.model_type not in MODEL_FOR_AUDIO_CLASSIFICATION_MAPPING_NAMES:
            reason = f"transformers classifies no sound by {config.model_type}"
        elif config.problem_type == "regression" or config.num_labels < 2:
            reason = "it measures something, and chooses among no labels"
        if reason:
            raise BadInput("broken_checkpoint", name=name, reason=reason)
        return AutoModelForAudioClassification.from_config(config, **OURS)


def _at(samples: np.ndarray, rate: int) -> np.ndarray:
    """Samples at the rate that a model was taught with."""
    if rate == RATE:
        return samples
    from torchaudio.functional import resample

    return resample(torch.from_numpy(samples), RATE, rate).numpy()
