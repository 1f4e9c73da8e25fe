"""Everything that can be set: the environment first, then HOME/settings.toml, then the defaults here."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from search.errors import InvalidValue

DEFAULT_HOME = Path("data/local")
BUNDLED_MODEL = "all-MiniLM-L6-v2"
ENGINES = ("local",)
LANGUAGES = (
    "danish dutch english finnish french german hungarian italian norwegian portuguese russian spanish swedish"
).split()
ENVIRONMENT = {
    "engine": "SEARCH_ENGINE",
    "model": "SEARCH_MODEL",
    "language": "SEARCH_LANGUAGE",
    "semantic_weight": "SEARCH_SEMANTIC_WEIGHT",
    "site_name": "SEARCH_SITE_NAME",
    "admin_token": "SEARCH_ADMIN_TOKEN",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """One site's settings. `model` is the bundled one's name, a folder, or a name on the Hugging Face hub."""

    home: Path = DEFAULT_HOME
    engine: str = "local"
    model: str = BUNDLED_MODEL
    language: str = "english"  # whose stems and stop words: the archive is taken to be in one language
    semantic_weight: float = 0.5  # of the semantic leg in the fused score: docs/quality.md
    site_name: str = "Broadsheet"
    admin_token: str = ""  # empty: PUT and DELETE are off

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise InvalidValue("engine", self.engine, " or ".join(ENGINES))
        if self.language not in LANGUAGES:
            raise InvalidValue("language", self.language, ", ".join(LANGUAGES))
        if not (self.admin_token.isascii() and self.admin_token.isprintable()):
            raise InvalidValue("admin_token", "…", "printable ASCII, as a header can carry it")
        if not 0 <= self.semantic_weight <= 1:
            raise InvalidValue("semantic_weight", self.semantic_weight, "0 to 1")

    @property
    def weights(self) -> Mapping[str, float]:
        """What each leg counts in a fused score, summing to 1."""
        return {"lexical": 1 - self.semantic_weight, "semantic": self.semantic_weight}

    @property
    def ledger(self) -> Path:
        """Where the truth is kept."""
        return self.home / "ledger.sqlite3"

    @property
    def synonyms(self) -> Path:
        """The site's own synonyms, where it has any."""
        return self.home / "synonyms.txt"

    @property
    def index(self) -> Path:
        """Where the generations are: derived, safe to delete."""
        return self.home / "index"


def read_settings(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Raises InvalidValue for a wrong or unknown one, naming where it stands."""
    home = home or Path(environment.get("SEARCH_HOME") or DEFAULT_HOME)
    values = _from_file(home / "settings.toml")
    values |= {name: environment[variable] for name, variable in ENVIRONMENT.items() if environment.get(variable)}
    if "semantic_weight" in values:
        values["semantic_weight"] = _number("semantic_weight", values["semantic_weight"])
    return Settings(home=home, **values)


def to_environment(settings: Settings) -> dict[str, str]:
    """The variables that make another process read the same settings, whatever its HOME's file says."""
    values = {variable: str(getattr(settings, name)) for name, variable in ENVIRONMENT.items()}
    return {"SEARCH_HOME": str(settings.home.resolve()), **values}


def _number(name: str, value: str | float) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise InvalidValue(name, value, "a number") from error


def _from_file(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidValue(str(file), str(error), "TOML in UTF-8") from error
    kinds = {field.name: field.type for field in fields(Settings) if field.name != "home"}
    for name, value in values.items():
        if name not in kinds:
            raise InvalidValue(f"setting in {file}", name, ", ".join(kinds))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (is_number if kinds[name] is float else isinstance(value, str)):
            raise InvalidValue(name, value, f"{'a number' if kinds[name] is float else 'a string'}, in {file}")
    return values
