"""Benchmarks: speed. Quality is what `search-index evaluate` measures."""
