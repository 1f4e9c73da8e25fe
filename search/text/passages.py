"""Passages: what of an article the model reads, cut to the length it reads at once.

A model of 256 word pieces sees the first two hundred words of an article of a thousand. Each passage is embedded under
the headline, and the best one counts (MaxP: Dai and Callan 2019, arXiv 1905.09217); the first is the lead, where news
says what it is about.
"""

PASSAGE_WORDS = 120  # 100 to 200 compared: docs/ranking.md
PASSAGE_STEP = 100  # words from one passage to the next: what is cut in one stands whole in its neighbour
MOST_PASSAGES = 30  # 3,000 words: a book does not outweigh the archive


def passages(title: str, text: str) -> list[str]:
    """The passages of an article, its lead first, at least one; white space is folded.

    >>> [len(passage.split()) for passage in passages("Storm", "wave " * 400)]
    [121, 121, 121, 101]
    """
    words = text.split()
    starts = range(0, max(len(words) - PASSAGE_WORDS + PASSAGE_STEP, 1), PASSAGE_STEP)[:MOST_PASSAGES]
    windows = (" ".join(words[start : start + PASSAGE_WORDS]) for start in starts)
    return ["\n".join(part for part in (title, window) if part) for window in windows]
