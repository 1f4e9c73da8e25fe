"""The newsroom's signals in the ledger, and the log of who changed them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from indexer.ledger import Ledger
from search.errors import InvalidValue
from search.signal import Action, Signal, SignalChange, from_json, to_json

MOST_SIGNALS = 1_000  # at one time: every request looks through them


class Signals:
    """The signals of a ledger; of one connection there is one, which knows by SQLite when others have changed them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read: tuple[int, Sequence[Signal]] | None = None  # the file's version, and what it held

    def all(self) -> Sequence[Signal]:
        """Every signal by id, also those that wait or are over; the file is read only after a change of it."""
        ((version,),) = self._ledger.rows("PRAGMA data_version")
        known = self._read
        if known is None or known[0] != version:
            rows = self._ledger.rows("SELECT signal FROM signals ORDER BY id")
            known = self._read = version, tuple(from_json(data) for (data,) in rows)
        return known[1]

    def put(self, signal: Signal, now: datetime) -> None:
        """Keeps a signal in place of the one with its id. The same once more changes and logs nothing.

        Raises InvalidValue for one more than there is room for.
        """
        with self._ledger.transaction():
            rows = self._ledger.rows("SELECT signal FROM signals WHERE id = ?", (signal.id,))
            if rows and from_json(rows[0][0]) == signal:
                return
            ((count,),) = self._ledger.rows("SELECT count(*) FROM signals")
            if not rows and count >= MOST_SIGNALS:
                raise InvalidValue("id", signal.id, f"one of the {MOST_SIGNALS:,} signals there are: delete some first")
            self._ledger.rows("INSERT OR REPLACE INTO signals VALUES (?, ?)", (signal.id, to_json(signal)))
            self._note("put", signal.author, signal, now)

    def delete(self, id_: str, author: str, now: datetime) -> Signal | None:
        """Forgets a signal, and returns it; None where there is none."""
        with self._ledger.transaction():
            rows = self._ledger.rows("DELETE FROM signals WHERE id = ? RETURNING signal", (id_,))
            if not rows:
                return None
            signal = from_json(rows[0][0])
            self._note("delete", author, signal, now)
            return signal

    def log(self, limit: int) -> list[SignalChange]:
        """The latest changes, the last one first."""
        statement = "SELECT number, at, action, author, signal FROM signal_changes ORDER BY number DESC LIMIT ?"
        return [
            SignalChange(number, datetime.fromtimestamp(at, UTC), action, author, from_json(data))
            for number, at, action, author, data in self._ledger.rows(statement, (limit,))
        ]

    def _note(self, action: Action, author: str, signal: Signal, now: datetime) -> None:
        self._read = None  # SQLite tells a connection of others' changes alone
        values = now.timestamp(), action, author, to_json(signal)
        self._ledger.rows("INSERT INTO signal_changes (at, action, author, signal) VALUES (?, ?, ?, ?)", values)
