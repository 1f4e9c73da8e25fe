"""Answers as the contract's JSON; the service and the command line say the same."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from search.article import Article
from search.reasons import because_read
from search.request import HotRequest, SearchRequest
from search.result import (
    BoxesResult,
    Facets,
    ForYouItem,
    ForYouResult,
    HotItem,
    HotResult,
    Part,
    Ranked,
    RelatedItem,
    RelatedResult,
    SearchResult,
    Suggestion,
    SuggestResult,
    Topic,
    TopicPage,
    TopicsResult,
)
from search.signal import Signal, SignalChange

Json = dict[str, object]


def card(article: Article) -> Json:
    """What stands for an article in every list."""
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "summary": article.dek,
        "section": article.section,
        "authors": list(article.authors),
        "published": _time(article.published),
        "image": article.image,
        "access": article.access,
    }


def whole(article: Article) -> Json:
    """An article as published."""
    return {
        **card(article),
        "summary": article.summary,
        "body": article.body,
        "updated": _time(article.updated),
        "tags": list(article.tags),
        "source": article.source,
        "language": article.language,
        "embargo_until": _time(article.embargo_until),
        "expires_at": _time(article.expires_at),
    }


def search_answer(request: SearchRequest, result: SearchResult, *, explain: bool) -> Json:
    """`GET /api/search`."""
    hits = [
        {
            **card(hit.article),
            "score": round(hit.ranked.hit.score, 6),
            "highlights": {"title": hit.highlights.title, "body": hit.highlights.body},
            "versions": list(hit.ranked.versions),
            **({"team": hit.ranked.credited} if hit.ranked.credited else {}),
            **({"explain": _explanation(hit.ranked)} if explain else {}),
        }
        for hit in result.hits
    ]
    return {
        "query": {
            "text": request.text,
            "corrected": result.corrected,
            "broader": list(result.broader),
            "mode": request.mode,
        },
        "total": result.total,
        "page": request.page,
        "size": request.size,
        "hits": hits,
        **({} if result.facets is None else {"facets": _facets(result.facets)}),
        "generation": result.generation,
        "degraded": list(result.degraded),
    }


def _facets(facets: Facets) -> Json:
    return {name: [{"value": each.value, "count": each.count} for each in counts] for name, counts in facets.items()}


def related_answer(result: RelatedResult, *, explain: bool) -> Json:
    """`GET /api/articles/ID/related`."""
    items = [
        {**related_item(item), **({"explain": _explanation(item.ranked)} if explain else {})} for item in result.items
    ]
    return {
        "article": result.article.id,
        "items": items,
        "fallback": result.fallback,
        "generation": result.generation,
        "degraded": list(result.degraded),
    }


def related_item(item: RelatedItem) -> Json:
    """A card to read next."""
    return {
        **card(item.article),
        "score": round(item.ranked.hit.score, 6),
        "reason": {"kind": item.reason.kind, "shared": list(item.reason.shared), "text": item.reason.text},
        "versions": list(item.ranked.versions),
    }


def hot_answer(request: HotRequest, result: HotResult) -> Json:
    """`GET /api/hot`."""
    return {
        "window": f"{request.days}d",
        "items": [hot_item(item) for item in result.items],
        "fallback": result.fallback,
        "generation": result.generation,
        "degraded": [],
    }


def hot_item(item: HotItem) -> Json:
    """A card that is hot."""
    score = round(item.ranked.hit.score, 6)
    return {**card(item.article), "score": score, "views": item.views, "rising": item.is_rising}


def topics_answer(result: TopicsResult) -> Json:
    """`GET /api/topics`."""
    topics = [_with_articles(topic) for topic in result.topics]
    return {"topics": topics, "generation": result.generation, "degraded": []}


def topic_answer(result: TopicPage) -> Json:
    """`GET /api/topics/SLUG`."""
    return {"topic": _with_articles(result.topic), "generation": result.generation, "degraded": []}


def boxes_answer(result: BoxesResult) -> Json:
    """`GET /api/articles/ID/widgets`."""
    return {
        "article": result.related.article.id,
        "related": [related_item(item) for item in result.related.items],
        "hot": [hot_item(item) for item in result.hot.items],
        "topics": [_topic(topic) for topic in result.topics.topics],
        "fallback": {"related": result.related.fallback, "hot": result.hot.fallback},
        "generation": result.generation,
        "degraded": list(result.related.degraded),
    }


def for_you_answer(result: ForYouResult) -> Json:
    """`POST /api/recommend`."""
    return {
        "items": [_for_you_item(item) for item in result.items],
        "fallback": result.fallback,
        "unknown": result.unknown,
        "generation": result.generation,
        "degraded": [],
    }


def _for_you_item(item: ForYouItem) -> Json:
    because = item.because
    reason = {
        "kind": item.kind,
        "article": because.id if because else None,
        "title": because.title if because else None,
        "text": because_read(item),
    }
    return {**card(item.article), "score": round(item.ranked.hit.score, 6), "reason": reason}


def _topic(topic: Topic) -> Json:
    said: Json = {"slug": topic.slug, "label": topic.label, "kind": topic.kind, "size": topic.size}
    return {**said, "lead": card(topic.lead)}


def _with_articles(topic: Topic) -> Json:
    return {**_topic(topic), "articles": [card(article) for article in topic.articles]}


def suggest_answer(result: SuggestResult, address: Callable[[Suggestion], str]) -> Json:
    """`GET /api/suggest`; `address` says where a suggestion leads."""
    suggestions = [{"text": each.text, "kind": each.kind, "url": address(each)} for each in result.suggestions]
    return {"suggestions": suggestions, "generation": result.generation, "degraded": []}


def signal_shown(signal: Signal, now: datetime) -> Json:
    """A signal of `GET /api/signals`, and whether it holds now."""
    return {
        "id": signal.id,
        "kind": signal.kind,
        "article": signal.article,
        "place": signal.place,
        "section": signal.section,
        "query": signal.query,
        "position": signal.position,
        "start": _time(signal.start),
        "end": _time(signal.end),
        "author": signal.author,
        "note": signal.note,
        "is_live": signal.is_live(now),
    }


def signal_log(changes: Sequence[SignalChange], now: datetime) -> list[Json]:
    """`GET /api/signals/audit`."""
    return [
        {
            "number": change.number,
            "at": _time(change.at),
            "action": change.action,
            "author": change.author,
            "signal": signal_shown(change.signal, now),
        }
        for change in changes
    ]


def _explanation(ranked: Ranked) -> Json:
    """The parts of a score, whose weights × normalised are summed, and the factors that multiply the sum."""
    factors: Json = {name: round(factor, 6) for name, factor in ranked.factors.items()}
    return {**_parts(ranked.parts), **factors, **({"pinned": True} if ranked.is_pinned else {})}


def _parts(parts: Mapping[str, Part]) -> Json:
    return {
        leg: {
            "rank": part.rank,
            "score": round(part.score, 6),
            "normalised": round(part.normalised, 6),
            "weight": part.weight,
        }
        for leg, part in parts.items()
    }


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat().replace("+00:00", "Z")
