"""The site's own synonyms, read from its HOME."""

from pathlib import Path

from search.errors import InvalidValue, Unavailable
from search.settings import Settings
from search.text.analysis import Analyzer
from search.text.synonyms import LARGEST_FILE, Synonyms, parse_synonyms


def site_synonyms(settings: Settings, analyzer: Analyzer) -> Synonyms:
    """What HOME/synonyms.txt says now, nothing where there is none. Raises InvalidValue for a wrong line."""
    text = _read(settings.synonyms)
    return Synonyms(parse_synonyms(text, str(settings.synonyms)), analyzer)


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Unavailable(f"cannot read {file}: {error.strerror}") from error
    if len(content) > LARGEST_FILE:
        raise InvalidValue(str(file), f"more than {LARGEST_FILE:,} bytes", f"at most {LARGEST_FILE:,}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidValue(f"{file}:{line}", content[error.start : error.end], "UTF-8") from error
