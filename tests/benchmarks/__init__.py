"""The benchmarks measure what they say they do; nothing here asserts a time."""
