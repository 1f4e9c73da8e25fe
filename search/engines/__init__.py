"""Engines: where candidates come from."""
