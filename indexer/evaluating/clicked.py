"""Judged queries from clicks: what readers found relevant, corrected for where it stood."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from indexer.evaluating.answering import Answer
from indexer.evaluating.counting import Cell
from indexer.evaluating.judgments import HIGHEST_GRADE, JudgedQuery
from search.article import ArticleId

FEWEST_LOOKS = 10  # at an article for a query: three clicks of ten are then a rate of .3 ± .15


def relevance(cells: Sequence[Cell], examined: Sequence[float]) -> dict[str, dict[ArticleId, float]]:
    """Each query's articles that enough readers looked at, and the share of those who looked that clicked.

    Looks are impressions weighted by examination, so that a click far down counts for as many as did not get there:
    inverse propensity scoring (Joachims, Swaminathan and Schnabel 2017, arXiv 1608.04468), as the ratio of the two
    sums, which for an article at several positions varies less than the sum of ratios. `examined[0]` is position 1.

    >>> relevance([Cell("storm", "first", 1, 100, 30), Cell("storm", "fifth", 5, 100, 10)], [1, 0.5, 0.4, 0.3, 0.2])
    {'storm': {'first': 0.3, 'fifth': 0.5}}
    """
    looks: dict[tuple[str, ArticleId], float] = defaultdict(float)
    clicks: dict[tuple[str, ArticleId], int] = defaultdict(int)
    for cell in cells:
        looks[cell.query, cell.article] += cell.shown * examined[cell.position - 1]
        clicks[cell.query, cell.article] += cell.clicks
    found: dict[str, dict[ArticleId, float]] = defaultdict(dict)
    for (query, article), count in looks.items():
        if count >= FEWEST_LOOKS:
            found[query][article] = min(clicks[query, article] / count, 1.0)
    return dict(found)


def clicked_queries(
    cells: Sequence[Cell], examined: Sequence[float], published: Collection[ArticleId]
) -> list[JudgedQuery]:
    """The queries whose published articles differ in relevance, each graded 0 to 100: 100 is the query's best.

    nDCG takes grades in proportion, so that a query's scale changes nothing; this one loses least to whole numbers.

    >>> cells = [Cell("storm", "a", 1, 100, 40), Cell("storm", "b", 2, 100, 5), Cell("storm", "gone", 3, 100, 50)]
    >>> clicked_queries(cells, [1.0, 0.5, 0.4], {"a", "b"})
    [JudgedQuery(id='storm', text='storm', grades={'a': 100, 'b': 25})]
    """
    queries = []
    for text, shares in relevance(cells, examined).items():
        visible = {article: share for article, share in shares.items() if article in published}
        best = max(visible.values(), default=0.0)
        if not best:
            continue
        grades = {article: round(HIGHEST_GRADE * share / best) for article, share in visible.items()}
        if len(set(grades.values())) > 1:
            queries.append(JudgedQuery(text, text, grades))
    return queries


def among_judged(answer: Answer) -> Answer:
    """The answers that the query's grades name, in their order: a condensed list (Sakai 2007, "Alternatives to Bpref").

    What was never shown is not known to be wrong: left in, it would speak for whatever ranked while the log was kept.
    """
    return lambda query: [id_ for id_ in answer(query) if id_ in query.grades]
