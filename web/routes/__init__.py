"""Routes: one blueprint a file."""
