import math
from datetime import timedelta
from pathlib import Path

import pytest

from search.errors import InvalidValue
from search.ranking.freshness import MICROSECOND
from search.settings import Settings, read_settings, to_environment


def test_the_environment_comes_before_the_file_and_the_file_before_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('model = "hashing"\nsemantic_weight = 0.6\nsite_name = "The Gazette"\n')
    found = read_settings(None, {"SEARCH_HOME": str(tmp_path), "SEARCH_SITE_NAME": "The Echo"})
    assert found == Settings(home=tmp_path, model="hashing", semantic_weight=0.6, site_name="The Echo")


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}) == Settings(home=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modle = 'x'", "setting in .* is 'modle', allowed: engine, model"),
        ("semantic_weight = 'x'", "semantic_weight is 'x', allowed: a number"),
        ("semantic_weight = 2", "semantic_weight is 2.0, allowed: 0 to 1"),
        ("half_life_days = 0", "half_life_days is 0.0, allowed: more than 0, at most 36,500 days"),
        ("half_lives = {Sport = 'x'}", "half_lives is {'Sport': 'x'}, allowed: a table of sections and their days"),
        ("half_lives = {Sport = -1}", "half_lives.Sport is -1, allowed: more than 0, at most 36,500 days"),
        ("evergreen = 'Recipes'", "evergreen is 'Recipes', allowed: a list of sections"),
        ("encoder = 'onnx'", "encoder is 'onnx', allowed: compiled or reference"),
        ("query_encoder = 'fast'", "query_encoder is 'fast', allowed: model, static, auto"),
        ("engine = 'lucene'", "engine is 'lucene', allowed: local"),
        ("language = 'klingon'", "language is 'klingon', allowed: danish"),
        ("threads = 0", "threads is 0, allowed: 1 to 64"),
        ("threads = 2.5", "threads is 2.5, allowed: a whole number"),
        ("interleave = 0.7", "interleave is 0.7, allowed: a table"),
        ("interleave = {model = 'x'}", "interleave is {'model': 'x'}, allowed: a table of evergreen, half_life_days, "),
        ("interleave = {semantic_weight = 2}", "interleave.semantic_weight is 2, allowed: 0 to 1"),
        ("interleave = {semantic_weight = 'x'}", "interleave.semantic_weight is 'x', allowed: a number"),
        ("interleave = {half_lives = {Sport = -1}}", "interleave.half_lives.Sport is -1, allowed: more than 0"),
        ("engine = ", "allowed: TOML in UTF-8"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(InvalidValue, match=message):
        read_settings(tmp_path, {})


def test_another_process_reads_the_same_settings_from_the_environment(tmp_path: Path) -> None:
    settings = Settings(
        tmp_path,
        "local",
        "hashing",
        "german",
        0.25,
        9.5,
        site_name="The Echo",
        admin_token="secret",
        threads=7,
        encoder="reference",
        query_encoder="static",
    )
    assert read_settings(None, to_environment(settings)) == settings


@pytest.mark.parametrize("weight", ["x", "nan", "2"])
def test_a_weight_in_the_environment_is_a_number_from_0_to_1(tmp_path: Path, weight: str) -> None:
    with pytest.raises(InvalidValue, match="semantic_weight is"):
        read_settings(tmp_path, {"SEARCH_SEMANTIC_WEIGHT": weight})


@pytest.mark.parametrize("threads", ["x", "2.5", "65"])
def test_threads_in_the_environment_are_a_whole_number_from_1_to_64(tmp_path: Path, threads: str) -> None:
    with pytest.raises(InvalidValue, match="threads is"):
        read_settings(tmp_path, {"SEARCH_THREADS": threads})


def test_a_second_ranking_has_its_own_settings_and_else_those_of_the_first(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}).second() is None
    (tmp_path / "settings.toml").write_text("half_life_days = 10\ninterleave = {semantic_weight = 0.7}\n")
    found = read_settings(tmp_path, {})
    assert found.weights["semantic"] == 0.5
    assert found.second() == Settings(home=tmp_path, half_life_days=10, semantic_weight=0.7)


def test_news_fades_by_section_and_some_never(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('half_life_days = 10\nevergreen = ["Recipes"]\nhalf_lives = {Sport = 2}\n')
    half_lives = read_settings(tmp_path, {}).freshness
    days = half_lives.of(["news", "sport", "recipes"]) / (timedelta(days=1) / MICROSECOND)
    assert days.tolist() == [10, 2, math.inf]
