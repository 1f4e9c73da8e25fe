"""The API does what its own description says, as schemathesis tries it: every operation, with what it says it takes."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.reliability.demand import points
from tests.web.newsroom import TOKEN, Newsroom, bearer
from tests.web.routes.harbour import ARTICLES

schemathesis: Any = pytest.importorskip("schemathesis", reason="of the dev extra: make test installs it")
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [  # not that all the schema allows is accepted: no schema says that an article has a title or a body
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@schemathesis.serializer("application/x-ndjson")  # type: ignore[untyped-decorator, unused-ignore]
def as_lines(_: Any, value: Any) -> bytes:
    """What is described as one string of JSON lines, as it is sent; other shapes on one line."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("home"), ARTICLES)


def test_every_operation_answers_as_it_is_described(newsroom: Newsroom) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", newsroom.app)
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) > 5
    for operation in operations:

        @settings(
            max_examples=points(20, 2_000),
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def holds(case: Any) -> None:
            case.call_and_validate(checks=CHECKS, headers=bearer(TOKEN))

        holds()
