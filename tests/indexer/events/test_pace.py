from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b

from indexer.events.pace import MINUTE, MOST_A_MINUTE, MOST_ARTICLES, Pace
from indexer.events.seen import DIGEST_BYTES
from tests.builders import NOW


def digest_of(visitor: str) -> Callable[[str], bytes]:
    return lambda did: blake2b(f"{did} {visitor}".encode(), digest_size=DIGEST_BYTES).digest()


def read(pace: Pace, visitor: str = "v", article: str = "storm", at: datetime = NOW) -> bool:
    return pace.is_a_persons(digest_of(visitor), article, at)


def test_who_reads_more_in_a_minute_than_people_do_is_a_robot_for_the_day() -> None:
    pace = Pace()
    assert all(read(pace) for _ in range(MOST_A_MINUTE))
    assert not read(pace)
    assert not read(pace, at=NOW + 60 * MINUTE)
    assert read(pace, "somebody else")


def test_who_reads_as_much_in_an_hour_is_none() -> None:
    pace = Pace()
    assert all(read(pace, at=NOW + n * MINUTE) for n in range(60) for _ in range(3))


def test_who_reads_more_widely_than_people_do_is_a_robot_however_slow() -> None:
    pace = Pace()
    crawl = partial(read, pace, "crawler")
    assert all(crawl(f"a{n}", NOW + n * MINUTE) for n in range(MOST_ARTICLES))
    assert not crawl("one more", NOW + MOST_ARTICLES * MINUTE)
    assert not crawl("a1", NOW + timedelta(hours=5))
    assert read(pace, "reader", "one more")


def test_a_few_articles_read_often_are_no_breadth() -> None:
    pace = Pace()
    assert all(read(pace, article=f"a{n % 9}", at=NOW + n * MINUTE) for n in range(MOST_ARTICLES * 2))


def test_a_flood_of_visitors_makes_no_robot_of_the_next_for_longer_than_a_sketch_lasts() -> None:
    pace = Pace(minute_cells=64, day_cells=64)
    for n in range(1_000):
        read(pace, f"robot {n}")
    assert sum(read(pace, f"reader {n}") for n in range(100)) > 50
