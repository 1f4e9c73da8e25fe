"""Ranking: one idea a file, one paper, one hand-computed test."""
