"""The contract's filters as labels that both legs know: tantivy as terms, the columns as sorted numbers."""

from search.article import Article
from search.engines.engine import NamedField
from search.request import Filters
from search.text.normalise import facet_key


def label(field: str, name: str) -> str:
    """How one value of one field is written in the index.

    >>> label("tag", "Harbour  Bridge")
    'tag:harbour bridge'
    """
    return f"{field}:{facet_key(name)}"


def named(article: Article, field: NamedField, key: str) -> str:
    """The name of a section or tag as an article that carries it spells it."""
    names = (article.section,) if field == "section" else article.tags
    return next(name for name in names if facet_key(name) == key)


def labels_of(article: Article) -> list[str]:
    """Every label an article carries, each once."""
    single = {"section": article.section, "source": article.source, "language": article.language}
    labels = [label(field, name) for field, name in single.items() if name]
    labels += [label("tag", tag) for tag in article.tags]
    labels += [label("author", author) for author in article.authors]
    labels.append(label("access", article.access))
    return list(dict.fromkeys(labels))


def wanted_labels(filters: Filters) -> list[list[str]]:
    """Groups of labels: an article must carry one of each group."""
    fields = {
        "section": filters.sections,
        "tag": filters.tags,
        "author": filters.authors,
        "source": filters.sources,
        "language": filters.languages,
        "access": filters.access,
    }
    return [[label(field, name) for name in names] for field, names in fields.items() if names]
