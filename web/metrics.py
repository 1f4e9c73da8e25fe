"""What operators count, in the text format of Prometheus (version 0.0.4)."""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds, each inclusive
MIMETYPE = "text/plain; version=0.0.4"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure as it is now."""

    name: str
    help: str
    value: float


class Metrics:
    """Counts of this process since it started; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()  # route, method, status
        self._buckets: dict[str, list[int]] = {}  # by route: how many took no longer than each of BUCKETS, then longer
        self._seconds: Counter[str] = Counter()
        self._cache: Counter[str] = Counter()

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request that was answered."""
        with self._lock:
            self._requests[route, method, status] += 1
            buckets = self._buckets.setdefault(route, [0] * (len(BUCKETS) + 1))
            buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]

    def note_cache(self, *, is_hit: bool) -> None:
        """Counts a read: answered from the cache, or made."""
        with self._lock:
            self._cache["hit" if is_hit else "miss"] += 1

    def text(self, gauges: Sequence[Gauge]) -> str:
        """Everything that was counted, and the gauges."""
        with self._lock:
            lines = [*self._counted(), *self._timed(), *self._cached()]
        for gauge in gauges:
            lines += [*_head(gauge.name, gauge.help, "gauge"), f"{gauge.name} {gauge.value:g}"]
        return "\n".join(lines) + "\n"

    def _counted(self) -> Iterator[str]:
        yield from _head("broadsheet_requests_total", "Requests answered.", "counter")
        for (route, method, status), count in sorted(self._requests.items()):
            labels = f'route="{route}",method="{method}",status="{status}"'
            yield f"broadsheet_requests_total{{{labels}}} {count}"

    def _timed(self) -> Iterator[str]:
        name = "broadsheet_request_seconds"
        yield from _head(name, "Seconds from a request's first line to its answer.", "histogram")
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, count in zip([*BUCKETS, float("inf")], buckets, strict=True):
                total += count
                le = "+Inf" if bound == float("inf") else f"{bound:g}"
                yield f'{name}_bucket{{route="{route}",le="{le}"}} {total}'
            yield f'{name}_sum{{route="{route}"}} {self._seconds[route]:.6f}'
            yield f'{name}_count{{route="{route}"}} {total}'

    def _cached(self) -> Iterator[str]:
        yield from _head("broadsheet_answers_total", "Reads, by whether the cache had the answer.", "counter")
        for outcome in ("hit", "miss"):
            yield f'broadsheet_answers_total{{cache="{outcome}"}} {self._cache[outcome]}'


def _head(name: str, text: str, kind: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
