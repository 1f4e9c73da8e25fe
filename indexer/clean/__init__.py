"""Cleaning: untrusted items to articles of plain text."""
