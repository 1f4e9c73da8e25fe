"""What the boxes of pages answer, as types: `web/answers.py` has the others."""

from typing import Annotated, Literal

from pydantic import Field

from search.result import Fallback, ForYouKind, ForYouRung, TopicKind
from web.answers import Answer, Card, RelatedItem, Served


class HotItem(Card):
    """A card that readers go to."""

    score: Annotated[float, Field(description="of its story: faded views, and a little for what is newly published")]
    views: Annotated[int, Field(description="of the article, within the window")]
    rising: Annotated[bool, Field(description="its story is read more than its own past and its section's let expect")]


class HotAnswer(Served):
    """What readers go to, one article a story."""

    window: str
    items: list[HotItem]
    fallback: Annotated[Literal["dates"] | None, Field(description="dates: nobody is known to have read any of these")]


class TopicLead(Answer):
    """What the site writes about, and the article that stands for it."""

    slug: str
    label: str
    kind: TopicKind
    size: Annotated[int, Field(description="how many articles it has, of the last 30 days; alone, of all time")]
    lead: Card


class Topic(TopicLead):
    """A topic with its articles, the lead first."""

    articles: list[Card]


class TopicsAnswer(Served):
    """What the site writes about: its tags and sections first, then stories."""

    topics: list[Topic]


class TopicAnswer(Served):
    """One topic, newest first."""

    topic: Topic


class Fallbacks(Answer):
    """What stands in where nothing is on topic, and where nobody is known to have read anything."""

    related: Fallback | None
    hot: Literal["dates"] | None


class ForYouReason(Answer):
    """Why an article is in a reader's list; `article` and `title` are those of what was read, where that is why."""

    kind: ForYouKind
    article: str | None
    title: str | None
    text: str


class ForYouItem(Card):
    """A card for a reader."""

    score: Annotated[float, Field(description="nearness to the interest times freshness; of what is hot, its own")]
    reason: ForYouReason


class ForYouAnswer(Served):
    """What to read next for somebody who told what they have read."""

    items: list[ForYouItem]
    fallback: Annotated[ForYouRung | None, Field(description="the last rung of the ladder that fills the list")]
    unknown: Annotated[int, Field(description="how many of the articles read are unknown, or nobody may see")]


class BoxesAnswer(Served):
    """The boxes of an article's page: no article twice, none a version of another, never the page's own."""

    article: str
    related: list[RelatedItem]
    hot: list[HotItem]
    topics: list[TopicLead]
    fallback: Fallbacks
