"""Which paragraphs of a page are its article, and which are furniture: boxes of other stories, pleas, labels.

One page is judged by its shape: a box is a label over cards, and a card is a headline with at most one short
description. Where a shape could be either, the article keeps it: a card too many does less harm than a
paragraph too few, and `without_recurring` sees what no single page shows.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Sequence
from enum import Enum, auto
from hashlib import blake2b
from typing import NamedTuple

LONGEST_LABEL = 6  # words: "More on this story from Riverton"
LONGEST_HEADLINE = 20  # words: the longest seen in print are about 18
LONGEST_DESCRIPTION = 45  # words: two sentences under a card
SHORTEST_HEADLINE = 5  # words: a shorter line over prose is rather a subheading of the article
SHORTEST_REPEATED = 4  # words: shorter blocks ("He paused.") come back in good prose
SHORTEST_PROSE = 12  # words: tells an article's first paragraph from the lines above it
FEWEST_BEFORE = 3  # prose paragraphs before a box of unknown label: after fewer, its cards may be the article

# Without case and punctuation. Whole lines, which may have cards below them.
_BOX_LABELS = frozenset(
    """hot this week|hot now|hot topics|most read|most viewed|most shared|most popular|most commented|most watched
    |popular|popular now|popular posts|popular stories|popular articles|popular this week|trending|trending now
    |trending stories|trending topics|trending this week|topics|related|related articles|related stories|related news
    |related posts|related content|related topics|related coverage|related reading|read more|read also|read next
    |read this next|also read|see also|up next|next up|what to read next|more stories|more news|more headlines
    |more to read|more like this|more on this story|more on this|you may also like|you might also like
    |you may also be interested in|you might be interested in|you may have missed|in case you missed it|icymi
    |recommended|recommended reading|recommended stories|recommended for you|suggested for you|for you|latest news
    |latest stories|latest articles|latest headlines|latest posts|recent posts|recent articles|recent stories|top stories
    |top news|top headlines|todays top stories|editors picks|editors choice|editors pick|our picks|dont miss|must read
    |must reads|featured|featured stories|featured articles|other stories|other news|around the web|from around the web
    |from our partners|from the web|paid content|promoted stories|promoted content|sponsored|sponsored content
    |sponsored links|sponsored stories|partner content|tags|tagged|filed under|explore more|explore more topics|keep reading
    |continue reading|comments|latest comments|join the conversation|leave a comment|leave a reply|previous article
    |next article|previous post|next post|mehr zum thema|meistgelesen|das könnte sie auch interessieren|auch interessant
    |à lire aussi|lire aussi|les plus lus|sur le même sujet|lo más leído|te puede interesar|le puede interesar
    |noticias relacionadas|leia também|mais lidas|leggi anche|più letti|関連記事|おすすめ記事|相关阅读|相关新闻|관련기사|관련 기사
    |많이 본 뉴스|인기 기사|추천 기사""".replace("\n    ", "").split("|")
)
_OPEN_LABEL = re.compile(  # labels that name a place or a subject: at most LONGEST_LABEL words
    r"(?:more|most read|most popular|latest|trending|also|read more|related|recommended)"
    r" (?:from|in|on|about|by|to|for|stories|articles|posts|news)\b.*"
)
# Lines that are furniture by themselves and say nothing about the lines below.
_NOTICES = frozenset(
    """advertisement|advertisements|ad|article continues below|article continues after this advertisement
    |story continues below|story continues below advertisement|continue reading the main story|scroll to continue
    |scroll to continue with content|sign up|sign up now|sign up for our newsletter|sign up to our newsletter|subscribe
    |subscribe now|subscribe to our newsletter|newsletter|newsletters|our newsletters|share|share this|share this article
    |share this story|share this post|share on facebook|share on twitter|share on x|facebook|twitter|whatsapp|linkedin
    |copy link|print|print this article|email this article|save article|listen to this article|follow us|follow us on
    |follow us on facebook|follow us on twitter|follow us on instagram|follow us on google news|load more|show more
    |view all|see all|view comments|view all comments|show comments|post a comment|back to top|skip to content|log in
    |sign in|anzeige|werbung|publicité|publicidad|pubblicità""".replace("\n    ", "").split("|")
)
_INLINE_CARD = re.compile(  # "Read more: Bridge opens to traffic"
    r"(?:read more|read also|also read|read next|see also|related|related stor(?:y|ies)|more|watch|listen|don['’]t miss)"
    r"\s*(?:[:|»>›→]|[-–—]\s)\s*\S.*",
    re.IGNORECASE,
)
_PLEA = re.compile(
    r"(?:sign up|subscribe|follow us|join our|get (?:the|our))\b.*\b(?:newsletters?|inbox|alerts|channel|app)\b.*",
    re.IGNORECASE,
)

_CLOSERS = "\"'”’»)]›」』"
_SENTENCE_END = (".", "!", "。", "！", "؟", "।")
_UNFINISHED_END = (":", ";", ",")
_ABBREVIATION_END = re.compile(r"(?:\b\w\.){2,}$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr)\.$")  # "… Says U.S."
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # kana and ideographs: about two to a word
_NOT_A_SUBHEADING = re.compile(r"\d|^by ", re.IGNORECASE)  # a date or a byline within a card
_OWN_ENTRY = (
    re.compile(  # headlines that ask, count or tell the time: interviews, lists and live blogs have them
        r".*\?\W*|\W*(?:\d{1,3}[.):]\s|\d{1,2}[:.][0-5]\d(?=\s|$|[ap]\.?m)|(?:step|day|part|round)\s\w+\b).*",
        re.IGNORECASE | re.DOTALL,
    )
)


class _Kind(Enum):
    LABEL = auto()
    LINE = auto()  # like a headline
    PROSE = auto()


class _Group(NamedTuple):
    """Lines and the prose under them: the lines are blocks[start:prose], the prose is blocks[prose:end]."""

    start: int
    prose: int
    end: int

    @property
    def lines(self) -> int:
        return self.prose - self.start

    @property
    def paragraphs(self) -> int:
        return self.end - self.prose


def article_blocks(blocks: Sequence[str]) -> list[str]:
    """The blocks that are the article, in their order; all of them where nothing else would remain.

    >>> article_blocks(["Rain fell on the harbour.", "Most read", "Ferry fares to rise from the first of June"])
    ['Rain fell on the harbour.']
    """
    layout = _Layout(blocks)
    furniture = _repeated(blocks)
    repeated = frozenset(furniture)
    prose_before = place = 0
    while place < len(blocks):
        end = layout.furniture_end(place, prose_before)
        if end == place and layout.is_line(place) and place + 1 in repeated:
            end += (
                word_count(blocks[place]) <= LONGEST_LABEL
            )  # it stands right over repeated cards: their label
        furniture.update(range(place, end))
        prose_before += end == place and is_prose(blocks[place])
        place = max(end, place + 1)
    return [block for place, block in enumerate(blocks) if place not in furniture] or list(blocks)


def block_key(block: str) -> bytes:
    """16 bytes that are the same for blocks that read the same: case, spacing and character forms do not count.

    >>> block_key("Sign up  NOW") == block_key("sign up now")
    True
    """
    text = " ".join(unicodedata.normalize("NFKC", block).casefold().split())
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def without_recurring(blocks: Sequence[str], recurring: Container[bytes]) -> list[str]:
    """The blocks whose key does not recur on the site's other pages; all of them where nothing else would remain.

    All too when the first prose paragraph recurs: then the other pages are versions of this story.
    """
    lead = next((block for block in blocks if is_prose(block)), None)
    if lead is not None and block_key(lead) in recurring:
        return list(blocks)
    return [block for block in blocks if block_key(block) not in recurring] or list(blocks)


def is_prose(block: str) -> bool:
    """Whether a block is running text: whole sentences, 12 words or more.

    >>> is_prose("Ferry fares to rise from the first of June, and nobody on the quay is pleased")
    False
    """
    return _is_sentence(block) and word_count(block) >= SHORTEST_PROSE


def is_label(block: str) -> bool:
    """Whether a line is known furniture wherever it stands: the label of a box, a notice, or a plea to subscribe.

    >>> is_label("Editor’s Picks:"), is_label("Picks of the season")
    (True, False)
    """
    return _opens_box(block) or _is_notice(block)


def word_count(block: str) -> int:
    """How many words a block has; in scripts that set no spaces, two characters count as one."""
    return len(block.split()) + len(_UNSPACED.findall(block)) // 2


class _Layout:
    """A page as labels, lines and prose, and where the furniture on it ends."""

    def __init__(self, blocks: Sequence[str]) -> None:
        self._blocks = blocks
        self._kinds = [_kind(block) for block in blocks]
        self._run_end = list(range(1, len(blocks) + 1))  # where the run of one kind that a place is in ends
        for place in range(len(blocks) - 2, -1, -1):
            if self._kinds[place] is self._kinds[place + 1]:
                self._run_end[place] = self._run_end[place + 1]

    def is_line(self, place: int) -> bool:
        """Whether the block at a place is like a headline."""
        return self._kinds[place] is _Kind.LINE

    def furniture_end(self, place: int, prose_before: int) -> int:
        """Where the furniture that starts at a place ends; the place itself where none starts."""
        if self._kinds[place] is _Kind.LABEL:
            return self._box_end(place + 1)
        if prose_before >= FEWEST_BEFORE and self._is_unnamed_box(place):
            return self._box_end(place + 1)
        return place + _is_notice(self._blocks[place])

    def _box_end(self, start: int) -> int:
        """Where the cards from `start` on end: at the next label, or where the article resumes."""
        end, has_descriptions = start, False
        while (group := self._group(end)).lines:
            is_described = self._is_described(group)
            if has_descriptions and group.paragraphs and (self._is_subheading(group) or not is_described):
                return group.prose - 1
            if group.paragraphs != 1 or not (has_descriptions or self._owns_prose(group)):
                return group.prose + (has_descriptions and is_described)
            end, has_descriptions = group.end, True
        return end

    def _is_unnamed_box(self, place: int) -> bool:
        """Whether a short line stands right over two cards, whatever it says; its last card may adjoin the article."""
        label = self._blocks[place].rstrip(": ")
        if not self.is_line(place) or ":" in label or word_count(label) > LONGEST_LABEL:
            return False
        first = self._group(place + 1)
        second = self._group(first.end)
        return first.paragraphs == 1 and all(
            card.lines == 1
            and self._is_described(card)
            and word_count(self._blocks[card.start]) >= SHORTEST_HEADLINE
            and not _OWN_ENTRY.match(self._blocks[card.start])
            for card in (first, second)
        )

    def _group(self, start: int) -> _Group:
        """The lines at a place and the prose under them, either of which may be none."""
        prose = self._end_of(_Kind.LINE, start)
        return _Group(start, prose, self._end_of(_Kind.PROSE, prose))

    def _end_of(self, kind: _Kind, start: int) -> int:
        is_there = start < len(self._kinds) and self._kinds[start] is kind
        return self._run_end[start] if is_there else start

    def _owns_prose(self, group: _Group) -> bool:
        """Whether a box's first paragraph is its card's: it stands under one line, or under several as the next does."""
        if not self._is_described(group):
            return False
        following = self._group(group.end)
        return group.lines == 1 or (
            following.paragraphs == 1 and self._is_described(following) and not self._is_subheading(following)
        )

    def _is_described(self, group: _Group) -> bool:
        return group.paragraphs > 0 and word_count(self._blocks[group.prose]) <= LONGEST_DESCRIPTION

    def _is_subheading(self, group: _Group) -> bool:
        """Whether the line right over the prose is no card's headline: too short for one, or a notice."""
        line = self._blocks[group.prose - 1]
        is_short = word_count(line) < SHORTEST_HEADLINE and not _NOT_A_SUBHEADING.search(line)
        return group.lines > 0 and (is_short or _is_notice(line))


def _kind(block: str) -> _Kind:
    if _opens_box(block):
        return _Kind.LABEL
    if (
        _is_sentence(block)
        or block.rstrip().endswith(_UNFINISHED_END)
        or word_count(block) > LONGEST_HEADLINE
    ):
        return _Kind.PROSE
    return _Kind.LINE


def _is_sentence(block: str) -> bool:
    text = block.rstrip().rstrip(_CLOSERS)
    if text.endswith(("...", "…")):
        return word_count(text) > LONGEST_HEADLINE  # a shorter one is a teaser that was cut off
    is_abbreviation = (
        word_count(text) <= LONGEST_HEADLINE and _ABBREVIATION_END.search(text[-10:]) is not None
    )
    return text.endswith(_SENTENCE_END) and not is_abbreviation


def _label_words(block: str) -> str:
    letters = (c for c in unicodedata.normalize("NFKC", block).casefold() if c.isalnum() or c.isspace())
    return " ".join("".join(letters).split())


def _opens_box(block: str) -> bool:
    if len(block.split()) > LONGEST_LABEL or _is_sentence(block):
        return False
    words = _label_words(block)
    return words in _BOX_LABELS or _OPEN_LABEL.fullmatch(words) is not None


def _is_notice(block: str) -> bool:
    if word_count(block) > LONGEST_HEADLINE:
        return False
    if _PLEA.fullmatch(block.strip()) or _label_words(block) in _NOTICES:
        return True
    return not _is_sentence(block) and _INLINE_CARD.fullmatch(block.strip()) is not None


def _repeated(blocks: Sequence[str]) -> set[int]:
    """The places of blocks that stand on the page more than once, but for what stands in its head.

    Two repeated paragraphs in a row are running text: such a page shows its article twice (for print, for
    telephones), and the first showing stays.
    """
    keys = [block_key(block) if word_count(block) >= SHORTEST_REPEATED else b"" for block in blocks]
    counts = Counter(keys)
    again = [bool(key) and counts[key] > 1 for key in keys]
    prose = [is_again and is_prose(block) for is_again, block in zip(again, blocks, strict=True)]
    is_shown_twice = any(one and other for one, other in zip(prose, prose[1:], strict=False))
    head = next((place for place, block in enumerate(blocks) if is_prose(block)), -1) + 1
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    stays = {place for place in first.values() if is_shown_twice or place < head}
    return {place for place, is_again in enumerate(again) if is_again} - stays
