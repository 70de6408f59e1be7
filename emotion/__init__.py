"""Hears a person speak, and shows what the voice and the words feel, together and apart."""
