"""Tests of the report on readers."""
