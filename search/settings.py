"""Everything that can be set: the environment first, then HOME/settings.toml, then the defaults here."""

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from search.errors import InvalidValue
from search.ranking.freshness import HalfLives
from search.text.normalise import facet_key

DEFAULT_HOME = Path("data/local")
BUNDLED_MODEL = "all-MiniLM-L6-v2"
ENGINES = ("local",)
HASHING = "hashing"  # the model that is none
COMPILED, REFERENCE = ENCODERS = ("compiled", "reference")
LANGUAGES = (
    "danish dutch english finnish french german hungarian italian norwegian portuguese russian spanish swedish"
).split()
QUERY_ENCODERS = ("model", "static", "auto")
LONGEST_HALF_LIFE = 36_500  # days
MALLOC_ARENAS = "MALLOC_ARENA_MAX"  # which glibc reads as a process starts
ARENAS = "2"  # else it has 8 a core, which keep what is freed: docs/reliability.md
ENVIRONMENT = {  # what is a list or a table is in the file only
    "engine": "SEARCH_ENGINE",
    "model": "SEARCH_MODEL",
    "encoder": "SEARCH_ENCODER",
    "language": "SEARCH_LANGUAGE",
    "query_encoder": "SEARCH_QUERY_ENCODER",
    "semantic_weight": "SEARCH_SEMANTIC_WEIGHT",
    "half_life_days": "SEARCH_HALF_LIFE_DAYS",
    "site_name": "SEARCH_SITE_NAME",
    "admin_token": "SEARCH_ADMIN_TOKEN",
    "threads": "SEARCH_THREADS",
}


NUMBERS = {"semantic_weight", "half_life_days"}
RANKING = NUMBERS | {"half_lives", "evergreen"}  # what makes another order of the same hits
MOST_THREADS = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """One site's settings. `model` is the bundled one's name, a folder, or a name on the Hugging Face hub."""

    home: Path = DEFAULT_HOME
    engine: str = "local"
    model: str = BUNDLED_MODEL
    language: str = "english"  # whose stems and stop words: the archive is taken to be in one language
    semantic_weight: float = 0.5  # of the semantic leg in the fused score: docs/quality.md
    half_life_days: float = 30.0  # after which an article's freshness is halved: search/ranking/freshness.py
    half_lives: Mapping[str, float] = field(default_factory=dict)  # days, by section, where it is another
    evergreen: Sequence[str] = ()  # sections whose articles do not age
    encoder: str = COMPILED  # what runs the model; `reference` is sentence-transformers
    site_name: str = "Broadsheet"
    admin_token: str = ""  # empty: changes are off
    threads: int = 4  # requests that are worked on at once: native code releases the GIL, so two cores stay busy
    query_encoder: str = "model"  # what encodes queries: search/embedding/queries.py
    interleave: Mapping[str, Any] = field(default_factory=dict)  # settings of a second ranking to compare with readers

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise InvalidValue("engine", self.engine, " or ".join(ENGINES))
        if self.encoder not in ENCODERS:
            raise InvalidValue("encoder", self.encoder, " or ".join(ENCODERS))
        if self.language not in LANGUAGES:
            raise InvalidValue("language", self.language, ", ".join(LANGUAGES))
        if self.query_encoder not in QUERY_ENCODERS:
            raise InvalidValue("query_encoder", self.query_encoder, ", ".join(QUERY_ENCODERS))
        if not (self.admin_token.isascii() and self.admin_token.isprintable()):
            raise InvalidValue("admin_token", "…", "printable ASCII, as a header can carry it")
        if not 0 <= self.semantic_weight <= 1:
            raise InvalidValue("semantic_weight", self.semantic_weight, "0 to 1")
        if not 1 <= self.threads <= MOST_THREADS:
            raise InvalidValue("threads", self.threads, f"1 to {MOST_THREADS}")
        if not set(self.interleave) <= RANKING:
            raise InvalidValue("interleave", dict(self.interleave), f"a table of {', '.join(sorted(RANKING))}")
        try:
            self.second()
        except InvalidValue as error:
            raise InvalidValue(f"interleave.{error.field}", error.given, error.allowed) from error
        for name, days in self._half_lives().items():
            if not 0 < days <= LONGEST_HALF_LIFE:
                raise InvalidValue(name, days, f"more than 0, at most {LONGEST_HALF_LIFE:,} days")

    def _half_lives(self) -> dict[str, float]:
        own = {f"half_lives.{name}": days for name, days in self.half_lives.items()}
        return {"half_life_days": self.half_life_days, **own}

    def second(self) -> "Settings | None":
        """The settings of the ranking that is interleaved with these, None where none is."""
        return replace(self, **{**self.interleave, "interleave": {}}) if self.interleave else None

    @property
    def weights(self) -> Mapping[str, float]:
        """What each leg counts in a fused score, summing to 1."""
        return {"lexical": 1 - self.semantic_weight, "semantic": self.semantic_weight}

    @property
    def freshness(self) -> HalfLives:
        """How fast news fades, section by section."""
        own = {facet_key(name): timedelta(days=days) for name, days in self.half_lives.items()}
        evergreen = {facet_key(name): None for name in self.evergreen}
        return HalfLives(timedelta(days=self.half_life_days), {**own, **evergreen})

    @property
    def ledger(self) -> Path:
        """Where the truth is kept."""
        return self.home / "ledger.sqlite3"

    @property
    def synonyms(self) -> Path:
        """The site's own synonyms, where it has any."""
        return self.home / "synonyms.txt"

    @property
    def models(self) -> Path:
        """Where compiled models are: made by a rebuild, safe to delete."""
        return self.home / "models"

    @property
    def static_encoder(self) -> Path:
        """The query encoder that was distilled from the archive, where one was."""
        return self.home / "query_encoder"

    @property
    def index(self) -> Path:
        """Where the generations are: derived, safe to delete."""
        return self.home / "index"


def read_settings(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Raises InvalidValue for a wrong or unknown one, naming where it stands."""
    home = home or Path(environment.get("SEARCH_HOME") or DEFAULT_HOME)
    values = _from_file(home / "settings.toml")
    values |= {name: environment[variable] for name, variable in ENVIRONMENT.items() if environment.get(variable)}
    for name in NUMBERS & values.keys():
        values[name] = _number(name, values[name])
    if "threads" in values:
        values["threads"] = _whole("threads", values["threads"])
    return Settings(home=home, **values)


def to_environment(settings: Settings) -> dict[str, str]:
    """The variables that make another process read the same settings, whatever its HOME's file says.

    And have it hold on to little of the memory that it frees, unless this process was told how much.
    """
    values = {variable: str(getattr(settings, name)) for name, variable in ENVIRONMENT.items()}
    arenas = {MALLOC_ARENAS: os.environ.get(MALLOC_ARENAS) or ARENAS}
    return {"SEARCH_HOME": str(settings.home.resolve()), **arenas, **values}


def _number(name: str, value: str | float) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise InvalidValue(name, value, "a number") from error


def _whole(name: str, value: str | int) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise InvalidValue(name, value, "a whole number") from error


def _from_file(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidValue(str(file), str(error), "TOML in UTF-8") from error
    names = [setting.name for setting in fields(Settings) if setting.name != "home"]
    for name in values:
        if name not in names:
            raise InvalidValue(f"setting in {file}", name, ", ".join(names))
    _check_kinds(values, "", file)
    _check_kinds(values.get("interleave", {}), "interleave.", file)
    return values


def _check_kinds(values: Mapping[str, Any], within: str, file: Path) -> None:
    for name, value in values.items():
        allowed, is_allowed = _KINDS.get(name, ("a string", _is_string))
        if not is_allowed(value):
            raise InvalidValue(f"{within}{name}", value, f"{allowed}, in {file}")


def _is_string(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_strings(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_string, value))


def _are_numbers(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


_KINDS: Mapping[str, tuple[str, Callable[[object], bool]]] = {  # of what is no string
    **dict.fromkeys(NUMBERS, ("a number", _is_number)),
    "threads": ("a whole number", _is_whole),
    "half_lives": ("a table of sections and their days", _are_numbers),
    "evergreen": ("a list of sections", _are_strings),
    "interleave": ("a table", lambda value: isinstance(value, dict)),
}
