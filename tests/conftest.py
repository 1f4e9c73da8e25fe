"""What all tests share: patience, since these machines are noisy, and one compiled model.

CI draws the same examples of a property every time.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from search.embedding.open import compile_model
from search.settings import Settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("patient"), derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "patient")


@pytest.fixture(scope="session")
def compiled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HOME that holds the compiled twin of the bundled model, and nothing else."""
    home = tmp_path_factory.mktemp("compiled")
    compile_model(Settings(home=home))
    return home
