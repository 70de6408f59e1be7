"""Everything that is needed to make a model."""
