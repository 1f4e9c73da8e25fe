"""Tests of the formats articles come in."""
