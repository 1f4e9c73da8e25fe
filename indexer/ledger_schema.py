"""The ledger's tables, and its longer statements."""

SCHEMA_VERSION = 5
SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    content_hash BLOB,      -- null: withdrawn
    text_hash BLOB,
    embargo_until REAL,     -- seconds since 1970
    expires_at REAL,
    article BLOB,           -- JSON
    withdrawn_at INTEGER    -- the sequence of its last withdrawal, or when it was free no more; kept when it comes back
);
CREATE TABLE generations (  -- every build: an index that is not here is not of this ledger, or of a later state of it
    token TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL
);
CREATE TABLE embeddings (
    model TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL,   -- float32, little-endian, unit length: one a passage, the lead's first
    passages INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (model, text_hash)
);
CREATE TABLE page_blocks (
    site TEXT NOT NULL,
    block BLOB NOT NULL,
    page TEXT NOT NULL,
    lead BLOB NOT NULL,     -- the page's first paragraph: pages that share it are versions of one story
    PRIMARY KEY (site, block, page)
) WITHOUT ROWID;
"""
MIGRATION_2 = "ALTER TABLE embeddings ADD COLUMN passages INTEGER NOT NULL DEFAULT 1"  # before, each text was one
EVENT_TABLES = """
CREATE TABLE events_taken (count INTEGER NOT NULL);
INSERT INTO events_taken VALUES (0);
CREATE TABLE reads (            -- of two weeks, by the hour
    hour INTEGER NOT NULL,      -- whole hours since 1970
    article TEXT NOT NULL,
    views INTEGER NOT NULL,
    clicks INTEGER NOT NULL,
    PRIMARY KEY (hour, article)
) WITHOUT ROWID;
CREATE TABLE popularity (
    article TEXT PRIMARY KEY,
    heat REAL NOT NULL          -- of its views: indexer/events/decay.py
) WITHOUT ROWID;
CREATE INDEX popularity_heat ON popularity (heat);
CREATE TABLE queries (          -- what several visitors asked on one day
    folded TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    article TEXT NOT NULL,      -- which it was seen to find
    visitors INTEGER NOT NULL,  -- the most on one day
    heat REAL NOT NULL,
    asked_at REAL NOT NULL      -- seconds since 1970, the last time
) WITHOUT ROWID;
"""  # new in schema 3
SIGNAL_TABLES = """
CREATE TABLE signals (
    id TEXT PRIMARY KEY,
    signal BLOB NOT NULL    -- JSON
);
CREATE TABLE signal_changes (  -- the log: nothing is ever taken out of it
    number INTEGER PRIMARY KEY,
    at REAL NOT NULL,       -- seconds since 1970
    action TEXT NOT NULL,   -- put or delete
    author TEXT NOT NULL,
    signal BLOB NOT NULL    -- JSON: as it was put, or as it was when it was deleted
);
"""  # new in schema 4
REPORT_TABLES = """
CREATE TABLE shown (            -- links shown and clicked, of 90 days, as all of these
    day INTEGER NOT NULL,       -- whole days since 1970
    place TEXT NOT NULL,
    position INTEGER NOT NULL,  -- 0: not told, or too deep
    team TEXT NOT NULL,         -- of two rankings that are interleaved, else empty
    impressions INTEGER NOT NULL,
    clicks INTEGER NOT NULL,
    PRIMARY KEY (day, place, position, team)
) WITHOUT ROWID;
CREATE TABLE searched (         -- searches of one visitor, query and day: of all queries together
    day INTEGER PRIMARY KEY,
    searches INTEGER NOT NULL,
    unanswered INTEGER NOT NULL,   -- that found nothing
    clicked INTEGER NOT NULL    -- that led to a click
);
CREATE TABLE choices (          -- searches where two rankings were interleaved and a hit of the one was clicked
    day INTEGER NOT NULL,
    queries INTEGER NOT NULL,   -- which of 64 groups of queries
    first INTEGER NOT NULL,
    second INTEGER NOT NULL,
    PRIMARY KEY (day, queries)
) WITHOUT ROWID;
CREATE TABLE asked (            -- the same of queries that several visitors asked on that day
    day INTEGER NOT NULL,
    folded TEXT NOT NULL,
    text TEXT NOT NULL,
    searches INTEGER NOT NULL,
    unanswered INTEGER NOT NULL,
    clicked INTEGER NOT NULL,
    PRIMARY KEY (day, folded)
) WITHOUT ROWID;
"""  # new in schema 5

PUT = """
INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, NULL)
ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, content_hash = excluded.content_hash,
    text_hash = excluded.text_hash, embargo_until = excluded.embargo_until, expires_at = excluded.expires_at,
    article = excluded.article, withdrawn_at = CASE
        WHEN json_extract(CAST(excluded.article AS TEXT), '$.access') = 'subscriber'
            AND articles.article IS NOT NULL AND json_extract(CAST(articles.article AS TEXT), '$.access') IS NULL
        THEN excluded.sequence ELSE withdrawn_at END
"""  # an access that is not written is free
WITHDRAW = """
UPDATE articles SET sequence = ?1, withdrawn_at = ?1, content_hash = NULL, text_hash = NULL, embargo_until = NULL,
    expires_at = NULL, article = NULL WHERE id = ?2
"""
CHANGES = """
SELECT a.sequence, a.id, a.article, e.vector, e.passages FROM articles a
LEFT JOIN embeddings e ON e.model = ? AND e.text_hash = a.text_hash
WHERE a.sequence > ? ORDER BY a.sequence LIMIT ?
"""
HIDDEN = """
WITH index_(sequence) AS (SELECT coalesce(max(sequence), 0) FROM generations WHERE token = ?1)
SELECT id FROM articles a, index_ i
WHERE a.sequence > i.sequence AND (withdrawn_at > i.sequence OR embargo_until > ?2 OR expires_at <= ?2)
"""
