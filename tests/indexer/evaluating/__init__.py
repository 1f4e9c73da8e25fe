"""Tests of evaluating and tuning."""
