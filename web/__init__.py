"""The service: the only Flask code."""
