"""Sources: one file a format, each a stream of untrusted items."""
