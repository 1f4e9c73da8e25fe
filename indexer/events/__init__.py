"""Readers' events: what they are, who is a robot, and how they are counted in memory that does not grow."""
