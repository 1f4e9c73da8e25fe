"""Which paragraphs of a page are its article, and which are furniture: boxes of other stories, pleas, labels.

One page is judged by its shape: a box is a label over cards, and a card is a headline with at most one short
description. What could be either is kept: a card left in does less harm than a paragraph lost. Furniture that
one page does not give away recurs on other pages of the site: `without_recurring` removes that.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Sequence
from enum import Enum, auto
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

LONGEST_LABEL = 6  # words: "More on this story from Riverton"
LONGEST_HEADLINE = 20  # words: the longest seen in print are about 18
LONGEST_DESCRIPTION = 45  # words: two sentences under a card
SHORTEST_HEADLINE = 5  # words: a shorter line over prose is rather a subheading of the article
SHORTEST_REPEATED = 4  # words: shorter blocks ("He paused.") come back in good prose
SHORTEST_PROSE = 12  # words: tells an article's first paragraph from the lines above it
FEWEST_BEFORE = 3  # prose paragraphs above a box with an unknown label: under fewer, its cards may be the article

# Both match `_label_words`: lower case, no punctuation. The label of a box, with cards under it or not:
_BOX_LABEL = re.compile(
    r"(?:(?:todays? |the |our )?(?:hot|most|most popular|latest|recent|related|popular|trending|top|other"
    r"|more|featured|recommended|suggested|promoted|sponsored|partner|paid|editors|must|previous|next)"
    r" (?:stories|story|articles?|posts?|news|headlines|topics|content|reading|coverage|links|videos|picks?"
    r"|choice|comments|tags|reads?|viewed|watched|shared|commented|popular|now|this week|today))"
    r"|popular|trending|related|recommended|suggested|featured|sponsored|topics|tags|tagged|comments"
    r"|(?:recommended |suggested )?for you|(?:read|see) (?:more|also|next|this next)|also read|up next"
    r"|(?:keep|continue) reading|what to read next|explore more(?: topics)?|our picks|filed under"
    r"|more (?:like this|to read|to explore|on this|on this story)|dont miss(?: it| this)?|icymi"
    r"|you (?:may|might) (?:also )?(?:like|be interested in)|you may have missed|in case you missed it"
    r"|you (?:may|might) also be interested in|(?:from )?around the web|from (?:our partners|the web)"
    r"|join the conversation|leave a (?:comment|reply)"
    r"|(?:more|also|latest|trending|most read|most popular|read more) (?:from|in|on|about|by) .*"
    r"|mehr zum thema|meistgelesen|das könnte sie auch interessieren|auch interessant|les plus lus"
    r"|(?:à )?lire aussi|lo más leído|[tl]e puede interesar|noticias relacionadas|leia também|leggi anche"
    r"|関連記事|相关(?:阅读|新闻)|관련 ?(?:기사|뉴스)|많이 본 (?:기사|뉴스)|(?:인기|추천) ?(?:기사|뉴스)"
)
# A notice is furniture alone: it says nothing about the blocks under it.
_NOTICE = re.compile(
    r"ads?|advertisements?|(?:story|article) continues (?:below|after)(?: (?:this )?advertisement)?"
    r"|continue reading the main story|scroll to continue(?: with content)?|(?:our )?newsletters?"
    r"|(?:sign up|subscribe)(?: now| here| today)?|(?:sign up|subscribe) (?:for|to) .*newsletters?"
    r"|share|share (?:this|on|via)(?: (?:article|story|post|page|facebook|x|whatsapp|email|linkedin))?"
    r"|facebook|twitter|whatsapp|linkedin|copy link|(?:print|email|save)(?: this)?(?: article| story)?"
    r"|follow us(?: on(?: \w+){1,2})?|listen to this (?:article|story)|(?:load|show|view|see) (?:more|all)"
    r"|(?:view|show|post) (?:all |a )?comments?|back to top|skip to (?:main )?content|(?:log|sign) in"
    r"|\d+ min(?:ute)?s? read|anzeige|werbung|publicité|publicidad|pubblicità|광고"
)
_INLINE_CARD = re.compile(  # "Read more: Bridge opens to traffic"
    r"(?:read (?:more|also|next)|also read|see also|related(?: stor(?:y|ies))?|more|watch|listen)"
    r"\s*(?:[:|»>›→]|[-–—]\s)\s*\S.*",
    re.IGNORECASE,
)
_PLEA = re.compile(
    r"(?:sign up|subscribe|follow us|join our|get (?:the|our))\b.*\b(?:newsletter|inbox|alert|channel)s?\b.*",
    re.IGNORECASE,
)

_CLOSERS = "\"'”’»)]›」』"
_SENTENCE_END = (".", "!", "。", "！", "؟", "।")
_UNFINISHED_END = (":", ";", ",")
_ABBREVIATION_END = re.compile(r"(?:\b\w\.){2,}$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr)\.$")  # "… Says U.S."
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # kana and ideographs: about two to a word
_NOT_A_SUBHEADING = re.compile(r"\d|^by ", re.IGNORECASE)  # a date or a byline, which cards have too
# Lines like headlines that head parts of an article: questions, numbers, times (interviews, lists, live blogs).
_OWN_ENTRY = re.compile(
    r".*\?|\W*(?:\d{1,3}[.):]\s|\d{1,2}[:.][0-5]\d(?=\s|$|[ap]\.?m)|(?:step|day|part|round)\s\w+\b)",
    re.IGNORECASE | re.DOTALL,
)


class _Kind(Enum):
    LABEL = auto()
    LINE = auto()  # like a headline
    PROSE = auto()


class _Group(NamedTuple):
    """Lines, blocks[start:prose], and the prose under them, blocks[prose:end]; either may be none."""

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
    """The blocks that are the article, in their order; all of them if none would remain.

    >>> article_blocks(["Rain fell on the harbour.", "Most read", "Ferry fares to rise from June"])
    ['Rain fell on the harbour.']
    """
    layout = _Layout(blocks)
    furniture = _repeated(blocks)
    repeated = frozenset(furniture)
    prose_before = place = 0
    while place < len(blocks):
        end = layout.furniture_end(place, prose_before)
        stands_on_repeated = layout.is_line(place) and place + 1 in repeated  # over cards: their label
        if end == place and stands_on_repeated and word_count(blocks[place]) <= LONGEST_LABEL:
            end = place + 1
        furniture.update(range(place, end))
        prose_before += end == place and is_prose(blocks[place])
        place = max(end, place + 1)
    return [block for place, block in enumerate(blocks) if place not in furniture] or list(blocks)


def block_key(block: str) -> bytes:
    """16 bytes, the same for blocks that read the same: case, spacing and character forms do not count.

    >>> block_key("Sign up  NOW") == block_key("sign up now")
    True
    """
    text = " ".join(unicodedata.normalize("NFKC", block).casefold().split())
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def without_recurring(blocks: Sequence[str], recurring: Container[bytes]) -> list[str]:
    """The blocks without those that recur, by key, on other pages of the site; all of them if none would remain.

    Also all of them if the first prose paragraph recurs: then the other pages are versions of this story.
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
    """Whether a line is furniture wherever it stands: the label of a box, a notice, a plea to subscribe.

    >>> is_label("Editor’s Picks:"), is_label("Picks of the season")
    (True, False)
    """
    return _opens_box(block) or _is_notice(block)


def word_count(block: str) -> int:
    """How many words a block has; in scripts that set no spaces, two characters count as one."""
    return len(block.split()) + len(_UNSPACED.findall(block)) // 2


class _Layout:
    """The blocks of a page as labels, lines and prose; tells where furniture ends. A place is an index of a block."""

    def __init__(self, blocks: Sequence[str]) -> None:
        self._blocks = blocks
        self._kinds = [_kind(block) for block in blocks]
        self._run_end = list(range(1, len(blocks) + 1))  # per place: where the run of blocks of its kind ends
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
        """Whether a short line stands right over two cards, whatever it says."""
        label = self._blocks[place].rstrip(": ")
        if not self.is_line(place) or ":" in label or word_count(label) > LONGEST_LABEL:
            return False
        first = self._group(place + 1)
        second = self._group(first.end)
        headlines = [self._blocks[card.start] for card in (first, second) if self._is_card(card)]
        is_box = len(headlines) == 2 and first.paragraphs == 1
        return is_box and not all(map(_OWN_ENTRY.match, headlines))

    def _is_card(self, group: _Group) -> bool:
        is_headline = group.lines == 1 and word_count(self._blocks[group.start]) >= SHORTEST_HEADLINE
        return is_headline and self._is_described(group)

    def _group(self, start: int) -> _Group:
        """The lines from a place on, and the prose under them."""
        prose = self._end_of(_Kind.LINE, start)
        return _Group(start, prose, self._end_of(_Kind.PROSE, prose))

    def _end_of(self, kind: _Kind, start: int) -> int:
        is_there = start < len(self._kinds) and self._kinds[start] is kind
        return self._run_end[start] if is_there else start

    def _owns_prose(self, group: _Group) -> bool:
        """Whether the first prose in a box describes a card: it has one line over it, or another card follows."""
        if not self._is_described(group):
            return False
        following = self._group(group.end)
        return group.lines == 1 or (
            following.paragraphs == 1 and self._is_described(following) and not self._is_subheading(following)
        )

    def _is_described(self, group: _Group) -> bool:
        return group.paragraphs > 0 and word_count(self._blocks[group.prose]) <= LONGEST_DESCRIPTION

    def _is_subheading(self, group: _Group) -> bool:
        """Whether the line right over the prose heads a part of the article, not a card: it is short, or a notice."""
        line = self._blocks[group.prose - 1]
        is_short = word_count(line) < SHORTEST_HEADLINE and not _NOT_A_SUBHEADING.search(line)
        return group.lines > 0 and (is_short or _is_notice(line))


def _kind(block: str) -> _Kind:
    if _opens_box(block):
        return _Kind.LABEL
    if _is_sentence(block) or block.rstrip().endswith(_UNFINISHED_END) or word_count(block) > LONGEST_HEADLINE:
        return _Kind.PROSE
    return _Kind.LINE


def _is_sentence(block: str) -> bool:
    text = block.rstrip().rstrip(_CLOSERS)
    if text.endswith(("...", "…")):
        return word_count(text) > LONGEST_HEADLINE  # a shorter one is a teaser that was cut off
    is_abbreviation = word_count(text) <= LONGEST_HEADLINE and _ABBREVIATION_END.search(text[-10:]) is not None
    return text.endswith(_SENTENCE_END) and not is_abbreviation


def _label_words(block: str) -> str:
    letters = (c for c in unicodedata.normalize("NFKC", block).casefold() if c.isalnum() or c.isspace())
    return " ".join("".join(letters).split())


def _opens_box(block: str) -> bool:
    if len(block.split()) > LONGEST_LABEL or _is_sentence(block):
        return False
    return _BOX_LABEL.fullmatch(_label_words(block)) is not None


def _is_notice(block: str) -> bool:
    if word_count(block) > LONGEST_HEADLINE:
        return False
    if _PLEA.fullmatch(block.strip()) or _NOTICE.fullmatch(_label_words(block)):
        return True
    return not _is_sentence(block) and _INLINE_CARD.fullmatch(block.strip()) is not None


def _repeated(blocks: Sequence[str]) -> set[int]:
    """The places of blocks that the page has more than once, but not their first if it is in the page's head.

    The head ends with the first prose. Two repeated paragraphs of prose in a row mean that the page has its
    article twice (for print, for telephones): then the first of everything stays.
    """
    keys = [block_key(block) if word_count(block) >= SHORTEST_REPEATED else b"" for block in blocks]
    counts = Counter(keys)
    again = [bool(key) and counts[key] > 1 for key in keys]
    prose = [is_again and is_prose(block) for is_again, block in zip(again, blocks, strict=True)]
    is_shown_twice = any(one and other for one, other in pairwise(prose))
    head = next((place for place, block in enumerate(blocks) if is_prose(block)), -1) + 1
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    stays = {place for place in first.values() if is_shown_twice or place < head}
    return {place for place, is_again in enumerate(again) if is_again} - stays
