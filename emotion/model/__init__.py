"""The model: encoders of voice, words and body, their fusion, and the heads."""

from emotion.model.config import ModelConfig
from emotion.model.emotion_model import EmotionModel, Output
from emotion.model.inputs import Inputs, Row, collate
from emotion.model.tokens import Encoded, Reader, Tokenizer

__all__ = [
    "EmotionModel",
    "Encoded",
    "Inputs",
    "ModelConfig",
    "Output",
    "Reader",
    "Row",
    "Tokenizer",
    "collate",
]
