"""Text: how it is normalised, split, parsed and shown."""
