"""The contract's filters as labels that both legs know: tantivy as terms, the columns as sorted numbers."""

from collections.abc import Sequence

from search.article import Article
from search.request import Filters
from search.result import FacetField
from search.text.normalise import facet_key


def label(field: str, name: str) -> str:
    """How one value of one field is written in the index.

    >>> label("tag", "Harbour  Bridge")
    'tag:harbour bridge'
    """
    return f"{field}:{facet_key(name)}"


def values_of(article: Article) -> dict[FacetField, Sequence[str]]:
    """What an article may be found by, field by field, as it spells it; empty where it says nothing."""
    return {
        "section": (article.section,),
        "source": (article.source,),
        "language": (article.language,),
        "tag": article.tags,
        "author": article.authors,
        "access": (article.access,),
    }


def named(article: Article, field: FacetField, key: str) -> str:
    """A value as an article that carries it spells it."""
    return next(name for name in values_of(article)[field] if facet_key(name) == key)


def labels_of(article: Article) -> list[str]:
    """Every label an article carries, each once."""
    return list(
        dict.fromkeys(label(field, name) for field, names in values_of(article).items() for name in names if name)
    )


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
