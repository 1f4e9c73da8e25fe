"""Routes: one test file a blueprint."""
