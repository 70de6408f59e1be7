"""The model: one forward for voice, words and body, each of which may be absent."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import ModelHubMixin, snapshot_download
from torch import Tensor, nn

from emotion.errors import BadInput
from emotion.model import body, folder, fusion, voice, words
from emotion.model.config import COMBINATIONS, SIDES, ModelConfig, combination
from emotion.model.fused import Weights
from emotion.model.inputs import Inputs
from emotion.model.states import Sides, States, nothing

ENCODERS: dict[str, dict[str, Any]] = {
    "voice": voice.ENCODERS,
    "words": words.ENCODERS,
    "body": body.ENCODERS,
}


@dataclass(frozen=True)
class Output:
    """What the model says of a batch.

    Attributes:
        logits: In the order of the configuration's labels, `[batch, labels]`.
        affect: Valence and arousal in -1..1, `[batch, 2]`.
        embedding: What both were read from, `[batch, width]`.
        combination: Which of config.COMBINATIONS each row had, by its place there, `[batch]`.
        sides: The states, as the fusion read them.
        weights: Attention between voice and words, if it was asked for and there is any.
    """

    logits: Tensor
    affect: Tensor
    embedding: Tensor
    combination: Tensor
    sides: Sides
    weights: Weights | None = None


class EmotionModel(
    nn.Module,
    ModelHubMixin,
    language=["ko", "en"],
    pipeline_tag="audio-classification",
    tags=["speech-emotion-recognition", "text-classification", "valence-arousal"],
):
    """Encoders of the sides, their fusion, and the heads.

    A side that is absent stands in the fusion as one learnt state, so that a missing voice or
    missing words are a mask and never another path.

    `from_pretrained`, `save_pretrained` and `push_to_hub` are those of the hub's client; what they
    read is as strict as emotion.checkpoint, and what they write opens there.

    Attributes:
        beside: The card, the tokenizer and the split of the folder it came from, by file name.
    """

    # An encoder each, of whichever kind the configuration names; a side without one has none.
    voice: Any
    words: Any
    body: Any

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.beside: dict[str, str] = {}
        fusion.check(config)
        for side in config.sides:
            settings = getattr(config, side)
            encoder = ENCODERS[side][settings.kind](settings, config.dropout)
            setattr(self, side, encoder)
            setattr(self, f"{side}_in", nn.Linear(encoder.width, config.width))
            if fusion.fills(config):
                setattr(self, f"no_{side}", nn.Parameter(torch.randn(config.width) * 0.02))
        self.fusion = fusion.FUSIONS[config.fusion.kind](config)

    def encode(self, inputs: Inputs) -> Sides:
        """The states of each side, before they meet."""
        read = {
            "voice": (inputs.samples, inputs.n_samples),
            "words": (inputs.tokens, inputs.words),
            "body": (inputs.body,),
        }
        found = {side: self._states(side, *read[side]) for side in SIDES}
        # It was found in the very rows that the rest learns from, and is silent while it does.
        if self.config.knows_usual and not self.training:
            more = self.voice.usual(inputs.samples, inputs.n_samples, inputs.unusual)
            found["voice"] = replace(found["voice"], more=more)
        return Sides(**found)

    def fuse(self, sides: Sides, attention: bool = False) -> Output:
        """Lets the sides meet, and judges."""
        filled = Sides(*(self._filled(side, getattr(sides, side)) for side in SIDES))
        fused = self.fusion(filled, attention)
        logits, affect, embedding = fused.said
        return Output(logits, affect, embedding, sides.combination, filled, fused.weights)

    def forward(self, inputs: Inputs, attention: bool = False) -> Output:
        """Judges a batch; attention weights come back on request."""
        return self.fuse(self.encode(inputs), attention)

    def probabilities(self, output: Output) -> Tensor:
        """Calibrated probabilities, `[batch, labels]`."""
        heat = [self.config.temperatures.get(name, 1.0) for name in COMBINATIONS]
        heat_of = torch.tensor(heat, device=output.logits.device)[output.combination]
        return (output.logits / heat_of[:, None]).softmax(-1)

    def refuse_untrained(
        self, name: str, voice: bool = False, words: bool = False, body: bool = False
    ) -> None:
        """Raises BadInput for a combination of sides that this model was not trained for."""
        given = combination(voice, words, body)
        if given not in self.config.able:
            needs = " or ".join(self.config.able)
            raise BadInput("cannot_without", name=name, needs=needs, given=given)

    @classmethod
    def from_folder(cls, path: Path) -> "EmotionModel":
        """What lies in a folder; whatever does not fit is raised as it comes."""
        model = cls(folder.settings(path))
        folder.take_weights(model, path)
        model.beside = folder.texts(path)
        return model.eval()

    @classmethod
    def from_pretrained(
        cls,
        pretrained_model_name_or_path: str | Path,
        **of_the_hub: Any,  # noqa: ANN401
    ) -> "EmotionModel":
        """A model out of a folder or a hub's `owner/name`, ready to be asked; strict.

        Args:
            pretrained_model_name_or_path: Which.
            of_the_hub: What the hub's client takes: revision, token, cache_dir and others.

        Raises:
            BadInput: It cannot be had, or a tensor is missing, left over or misshapen.
        """
        from emotion.model.hub import clear  # late, for it is not needed to ask a model

        with clear(str(pretrained_model_name_or_path)):
            return super().from_pretrained(pretrained_model_name_or_path, **of_the_hub)

    @classmethod
    def _from_pretrained(
        cls,
        *,
        model_id: str,
        config: object = None,
        **of_the_hub: Any,  # noqa: ANN401
    ) -> "EmotionModel":
        """What the hub's client asks for; its own reading of the settings is not strict."""
        if not Path(model_id).is_dir():
            model_id = snapshot_download(model_id, allow_patterns=[*folder.WANTED], **of_the_hub)
        return cls.from_folder(Path(model_id))

    def _save_pretrained(self, save_directory: Path) -> None:
        folder.check_reader(self.config, self.beside)
        folder.write(self, self.config, self.beside, save_directory)

    def _states(self, side: str, *inputs: Tensor) -> States:
        if side not in self.config.sides:
            return nothing(inputs[0], self.config.width)
        found = getattr(self, side)(*inputs)
        return replace(found, values=getattr(self, f"{side}_in")(found.values))

    def _filled(self, side: str, states: States) -> States:
        """The learnt state where a row has none, so that attention always has a place to go."""
        if side not in self.config.sides or not fusion.fills(self.config):
            return states
        first = torch.zeros_like(states.mask)
        first[:, 0] = True
        filled = first & ~states.present[:, None]
        absent = getattr(self, f"no_{side}").to(states.values.dtype)
        values = torch.where(filled[..., None], absent, states.values)
        return replace(states, values=values, mask=states.mask | filled)
