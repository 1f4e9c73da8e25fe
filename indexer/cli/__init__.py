"""The command line: search-index."""
