"""Tests of readers' events."""
