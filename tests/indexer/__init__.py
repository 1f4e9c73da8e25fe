"""Tests of what the index is made from."""
