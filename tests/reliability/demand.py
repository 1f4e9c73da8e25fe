"""How much is tried: a share of it in CI, all of it with RELIABILITY=full."""

import os


def points(in_ci: int, on_demand: int) -> int:
    """How many cases a test tries."""
    return on_demand if os.environ.get("RELIABILITY") == "full" else in_ci
