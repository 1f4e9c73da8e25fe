"""Rivals, one a file: each builds an index of unit vectors in a file, opens it, and finds the rows nearest a vector."""
