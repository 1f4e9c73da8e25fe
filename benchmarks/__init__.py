"""Benchmarks: quality against judgments, speed against rivals."""
