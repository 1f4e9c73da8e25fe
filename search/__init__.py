"""Finds and ranks: no Flask, no feeds, no SQL."""
