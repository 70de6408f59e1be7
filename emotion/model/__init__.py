"""The model: encoders of voice and words, their fusion, and the heads."""
