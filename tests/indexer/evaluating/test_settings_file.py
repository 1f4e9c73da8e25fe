from pathlib import Path

import pytest

from indexer.evaluating.settings_file import write_settings
from search.settings import read_settings

WRITTEN = """# our site
site_name = "The Gazette"  # as on paper

semantic_weight = 0.5  # the default
admin_token = "semantic_weight = 0.1"
"""


def test_a_value_is_changed_and_all_else_stays(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(WRITTEN)
    write_settings(tmp_path, {"semantic_weight": 0.65})
    assert (tmp_path / "settings.toml").read_text() == WRITTEN.replace("weight = 0.5 ", "weight = 0.65 ")


@pytest.mark.parametrize("text", ["", "# nothing set", 'site_name = "Gazette"', 'site_name = "Gazette"\r\n'])
def test_a_value_that_was_not_set_is_added(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_bytes(text.encode())
    write_settings(tmp_path, {"semantic_weight": 0.65})
    written = (tmp_path / "settings.toml").read_bytes().decode()
    assert written.startswith(text)
    assert read_settings(tmp_path, environment={}).semantic_weight == 0.65


def test_a_file_that_was_not_there_is_made_and_nothing_else(tmp_path: Path) -> None:
    file = write_settings(tmp_path, {"semantic_weight": 0.65})
    assert file.read_text() == "semantic_weight = 0.65\n"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text(WRITTEN)
    real.chmod(0o600)
    (tmp_path / "settings.toml").symlink_to(real)
    write_settings(tmp_path, {"semantic_weight": 0.65})
    assert (real.stat().st_mode & 0o777, (tmp_path / "settings.toml").is_symlink()) == (0o600, True)
    assert "0.65" in real.read_text()
