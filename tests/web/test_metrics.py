from web.metrics import BUCKETS, Gauge, Metrics


def test_requests_are_counted_and_timed_by_route() -> None:
    metrics = Metrics()
    for seconds in (0.0005, 0.001, 0.3, 60.0):
        metrics.note("/api/search", "GET", 200, seconds)
    metrics.note("/api/search", "GET", 400, 0.002)
    lines = metrics.text([]).splitlines()
    assert 'broadsheet_requests_total{route="/api/search",method="GET",status="200"} 4' in lines
    assert 'broadsheet_requests_total{route="/api/search",method="GET",status="400"} 1' in lines
    buckets = [line.rsplit(" ", 1)[1] for line in lines if line.startswith("broadsheet_request_seconds_bucket")]
    assert buckets == ["2", "3", "3", "3", "3", "3", "3", "3", "4", "4", "4", "4", "5"]
    assert len(buckets) == len(BUCKETS) + 1
    assert 'broadsheet_request_seconds_count{route="/api/search"} 5' in lines
    assert 'broadsheet_request_seconds_sum{route="/api/search"} 60.303500' in lines


def test_every_family_says_what_it_is_before_its_samples() -> None:
    metrics = Metrics()
    metrics.note("/", "GET", 200, 0.1)
    metrics.note_cache(is_hit=True)
    known: set[str] = set()
    for line in metrics.text([Gauge("broadsheet_age_seconds", "An age.", 2.5)]).splitlines():
        if line.startswith("# TYPE "):
            known.add(line.split()[2])
        elif not line.startswith("#"):
            assert any(line.startswith(name) for name in known), line
    assert known == {
        "broadsheet_requests_total",
        "broadsheet_request_seconds",
        "broadsheet_answers_total",
        "broadsheet_age_seconds",
    }
