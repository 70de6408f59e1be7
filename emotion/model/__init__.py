"""The model: encoders of voice and words, their fusion, and the heads."""

from emotion.model.config import ModelConfig
from emotion.model.emotion_model import EmotionModel, Output
from emotion.model.inputs import Inputs, collate
from emotion.model.tokens import Encoded, Tokenizer

__all__ = ["EmotionModel", "Encoded", "Inputs", "ModelConfig", "Output", "Tokenizer", "collate"]
