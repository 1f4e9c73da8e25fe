"""Matching: what answers a query in one generation, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.article import ArticleId
from search.embedding.queries import Encoded
from search.engines.engine import Reader
from search.ranking.candidates import NO_CANDIDATES, Candidates
from search.ranking.feedback import FEEDBACK_ARTICLES, FEEDBACK_CHARACTERS, FEEDBACK_WORDS, moved, weights_of, widened
from search.ranking.freshness import BURST_DEPTH, HalfLives, aged, freshness, recency
from search.ranking.fusion import CANDIDATES, LegScores, fuse, pooled
from search.ranking.popularity import Popularity, read
from search.ranking.threshold import above_floor, answer_floor, is_answered
from search.request import Filters, Mode
from search.text.query_syntax import ParsedQuery
from search.wording import Wording


@dataclass(frozen=True, slots=True)
class Weighing:
    """What makes one ranking another: the weights of the legs, and how fast news fades."""

    weights: Mapping[str, float]
    half_lives: HalfLives

    def weights_of(self, legs: LegScores) -> Mapping[str, float]:
        """What each of the legs counts; one alone counts all."""
        return self.weights if len(legs) > 1 else dict.fromkeys(legs, 1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is put to one generation: in words, in meaning, and what may be found."""

    reader: Reader
    query: ParsedQuery
    wording: Wording
    encoded: Encoded
    filters: Filters

    def rankings(self, mode: Mode, weighings: Sequence[Weighing], popularity: Popularity) -> list[Candidates]:
        """What matches, versions of one text among it, in each of the rankings; nothing where nothing answers."""
        candidates, scores = self._found(mode)
        if not candidates or not self.is_answered(candidates, scores.get("semantic", {})):
            return [NO_CANDIDATES for _ in weighings]
        return [self._ranking(candidates, scores, each, popularity) for each in weighings]

    def is_answered(self, candidates: Candidates, cosines: Mapping[ArticleId, float]) -> bool:
        """Whether any candidate answers the query, and is not just the least unlike it; any does if nothing can tell.

        There is one at least.
        """
        vector, fidelity = self.encoded.vector, self.encoded.fidelity
        if vector is None:
            return True
        near, likeness = candidates.column(cosines, 0.0) / fidelity, self.reader.likeness()
        if near.max() >= answer_floor(likeness, vector, is_heard=False):
            return True  # so near that no word need be looked at
        coverage = self.reader.coverage(self.query.wanted, candidates.ids, self.wording.instead)
        floor = answer_floor(likeness, vector, is_heard=bool(coverage))
        return is_answered(near, candidates.column(coverage, 0.0), floor)

    def _found(self, mode: Mode) -> tuple[Candidates, LegScores]:
        """The candidates of the legs that the mode asks for; where there is no vector, of words."""
        legs = {}
        if mode is not Mode.SEMANTIC or self.encoded.vector is None:
            legs["lexical"] = self.reader.match_text(self.query.wanted, self.filters, CANDIDATES, self.wording.beside)
        if self.encoded.vector is not None:
            legs["semantic"] = above_floor(self.reader.match_vector(self.encoded.vector, self.filters, CANDIDATES))
        return pooled(legs)

    def _ranking(
        self, candidates: Candidates, scores: LegScores, weighing: Weighing, popularity: Popularity
    ) -> Candidates:
        """The candidates fused, judged by what the best of them tell, and less what age and want of readers take."""
        weights, now = weighing.weights_of(scores), self.filters.now
        fused = fuse(candidates, scores, weights)
        judged = fuse(fused, self._judged(fused), weights)
        asked = recency(self.query.words, [hit.published for hit in judged.best(BURST_DEPTH)], self.reader.newest(now))
        sections = self.reader.sections(judged.ids)
        half_lives = weighing.half_lives.of([sections.get(id_, "") for id_ in judged.ids])
        fresh = freshness(judged.published, asked.first, asked.last, half_lives)
        dated = judged.times("freshness", aged(fresh, asked.weight))
        return read(dated, popularity(dated.ids, now))

    def _judged(self, fused: Candidates) -> LegScores:
        """The scores of each leg, by all that is known now: neighbouring words and feedback."""
        best, vector = fused.best(FEEDBACK_ARTICLES), self.encoded.vector
        weights = weights_of([hit.score for hit in best])
        judged: dict[str, Mapping[ArticleId, float]] = {}
        if "lexical" in fused.legs:
            articles = self.reader.articles([hit.id for hit in best])
            leads = [f"{articles[hit.id].title}\n{articles[hit.id].text[:FEEDBACK_CHARACTERS]}" for hit in best]
            words = [self.reader.strongest_words(lead, FEEDBACK_WORDS) for lead in leads]
            question = self.wording.question(widened(self.wording.words, words, weights))
            judged["lexical"] = self.reader.score_text(question, fused.ids)
        if vector is not None:
            vectors = self.reader.vectors([hit.id for hit in best])
            towards = moved(vector, np.stack([vectors[hit.id] for hit in best]), weights)
            judged["semantic"] = self.reader.score_vector(towards, fused.ids)
        return judged
