"""What the ledger keeps of readers' events: counts and sums, of no visitor.

Memory and disk do not grow with the events: reads are kept by article and hour for two weeks, popularity by article,
and of queries the 20,000 hottest; what the report tells is in `indexer/ledger_report.py`. Views and clicks of articles
that the ledger never held are dropped; a withdrawn article keeps its counts, and is shown by nobody.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from indexer.events.decay import NO_HEAT, amount, joined
from indexer.events.query import folded
from indexer.events.tally import HOUR, Batch
from indexer.ledger import Ledger
from indexer.ledger_report import add_to_report, drop_old
from search.article import ArticleId
from search.ranking.hotness import Traffic
from search.result import EPOCH

HOURS_KEPT = timedelta(days=14)
QUERIES_KEPT = timedelta(days=90)  # after they were last asked
MOST_QUERIES = 20_000
LOOKED_AT = 4  # queries for each that is wanted: some lead to what nobody may see
AFTER_ALL = "\U0010ffff"  # sorts after whatever a query goes on with

KNOWN = "SELECT 1 FROM articles WHERE id = ?"
ADD_READS = """
INSERT INTO reads VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks
"""
ADD_QUERY = """
INSERT INTO queries VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET text = excluded.text, article = excluded.article, heat = excluded.heat,
    visitors = max(visitors, excluded.visitors), asked_at = max(asked_at, excluded.asked_at)
"""
DROP_COLDEST = """
DELETE FROM queries WHERE folded IN
    (SELECT folded FROM queries ORDER BY heat LIMIT max(0, (SELECT count(*) FROM queries) - ?))
"""
TRAFFIC = """
SELECT article, sum(views), sum(views * pow(2.0, (hour - ?1) / ?2)), sum(iif(hour >= ?3, views, 0)) AS recent
FROM reads WHERE hour >= ?4 AND views > 0 GROUP BY article ORDER BY 3 DESC, article LIMIT ?5
"""
PAST_QUERIES = """
SELECT q.text FROM
    (SELECT text, article, heat FROM queries WHERE folded >= ?1 AND folded < ?2 ORDER BY heat DESC LIMIT ?3) q
JOIN articles a ON a.id = q.article
WHERE a.content_hash IS NOT NULL AND coalesce(a.embargo_until, 0) <= ?4 AND coalesce(a.expires_at, ?4 + 1) > ?4
ORDER BY q.heat DESC, q.text LIMIT ?5
"""


class Reads(NamedTuple):
    """How often an article was viewed, and links to it were clicked."""

    views: int
    clicks: int


class EventStore:
    """The counts of events in a ledger; shares its connection."""

    def __init__(self, ledger: Ledger, most_queries: int = MOST_QUERIES) -> None:
        self._ledger, self._most_queries = ledger, most_queries
        self._tidied = -1  # the hour in which what is old was last dropped

    def record(self, batch: Batch, now: datetime) -> None:
        """Adds a batch in one durable transaction."""
        with self._ledger.transaction() as database:
            database.execute("UPDATE events_taken SET count = count + ?", (batch.events,))
            articles = {article for _, article in batch.reads}
            known = {article for article in articles if database.execute(KNOWN, (article,)).get}
            rows = [(*key, *reads) for key, reads in batch.reads.items() if key[1] in known]
            database.executemany(ADD_READS, rows)
            self._add_heats({article: heat for article, heat in batch.heats.items() if article in known})
            self._add_queries(batch)
            add_to_report(self._ledger, batch)
            hour = (now - EPOCH) // HOUR
            if hour != self._tidied:
                database.execute("DELETE FROM reads WHERE hour < ?", ((now - HOURS_KEPT - EPOCH) // HOUR,))
                database.execute("DELETE FROM queries WHERE asked_at < ?", ((now - QUERIES_KEPT).timestamp(),))
                drop_old(self._ledger, now)
        self._tidied = hour

    def count(self) -> int:
        """How many events were ever taken in."""
        with self._ledger.reading() as database:
            return int(database.execute("SELECT count FROM events_taken").get)

    def reads_since(self, first: datetime) -> Mapping[ArticleId, Reads]:
        """The reads of every article since the hour of a moment, at most two weeks ago."""
        query = "SELECT article, sum(views), sum(clicks) FROM reads WHERE hour >= ? GROUP BY article"
        with self._ledger.reading() as database:
            return {article: Reads(*counts) for article, *counts in database.execute(query, ((first - EPOCH) // HOUR,))}

    def traffic(
        self, first: datetime, recent: datetime, now: datetime, half_life: timedelta, limit: int
    ) -> Mapping[ArticleId, Traffic]:
        """The most viewed articles since the hour of a moment, faded by half with each half-life; recent ones apart."""
        given = ((now - EPOCH) / HOUR, half_life / HOUR, (recent - EPOCH) // HOUR, (first - EPOCH) // HOUR, limit)
        with self._ledger.reading() as database:
            return {article: Traffic(*counts) for article, *counts in database.execute(TRAFFIC, given)}

    def most_read(self, now: datetime, limit: int) -> Mapping[ArticleId, float]:
        """The most read articles, the first the most, and their views, faded by half in every week."""
        query = "SELECT article, heat FROM popularity ORDER BY heat DESC, article LIMIT ?"
        with self._ledger.reading() as database:
            return {article: amount(heat, now) for article, heat in database.execute(query, (limit,))}

    def past_queries(self, beginning: str, now: datetime, limit: int) -> list[str]:
        """What three visitors or more asked on one day that begins so, case and accents aside; the most asked first.

        Only queries that found an article which readers may see.
        """
        first = folded(beginning)
        if not first:
            return []
        given = (first, first + AFTER_ALL, limit * LOOKED_AT, now.timestamp(), limit)
        with self._ledger.reading() as database:
            return [text for (text,) in database.execute(PAST_QUERIES, given)]

    def _add_heats(self, heats: Mapping[ArticleId, float]) -> None:
        with self._ledger.transaction() as database:
            query = "SELECT heat FROM popularity WHERE article = ?"
            rows = [
                (article, joined(NO_HEAT if old is None else old, heat))
                for article, heat in heats.items()
                for old in [database.execute(query, (article,)).get]
            ]
            database.executemany("INSERT OR REPLACE INTO popularity VALUES (?, ?)", rows)

    def _add_queries(self, batch: Batch) -> None:
        with self._ledger.transaction() as database:
            query = "SELECT heat FROM queries WHERE folded = ?"
            found = {key: each for key, each in batch.queries.items() if each.article and each.heat != NO_HEAT}
            for key, each in found.items():
                old = database.execute(query, (key,)).get
                heat = joined(NO_HEAT if old is None else old, each.heat)
                row = (key, each.text, each.article, each.visitors, heat, each.at.timestamp())
                database.execute(ADD_QUERY, row)
            if found:
                database.execute(DROP_COLDEST, (self._most_queries,))
