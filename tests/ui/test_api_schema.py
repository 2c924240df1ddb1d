"""The API and its own description: what it says it takes and gives is what it takes and gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.settings import Settings
from tests.ui.scripted import Scripted


class Searching(Scripted):
    """Scripted turns, and a searcher that finds one passage."""

    def __init__(self) -> None:
        super().__init__(0)
        from types import SimpleNamespace

        passage = SimpleNamespace(id="a#1", doc_id="a", section="A > B", text="Words.")
        self.searcher = SimpleNamespace(search=lambda q, k: SimpleNamespace(no_answer=False, hits=[SimpleNamespace(passage=passage, score=0.5)][:k]))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from ui.server import create_app

    made = create_app(Searching, Settings(data=tmp_path_factory.mktemp("api")))
    from starlette.testclient import TestClient

    client = TestClient(made)
    for _ in range(200):
        if client.get("/readyz").status_code == 200:
            break
    yield made


def described(app: Any) -> dict[str, Any]:
    from starlette.testclient import TestClient

    answer = TestClient(app).get("/api/v1/openapi.json")
    assert answer.status_code == 200
    document = answer.json()
    assert isinstance(document, dict)
    return document


def conforms(app: Any, examples: int) -> None:
    """Requests made from the description, right and wrong ones, each answered as described."""
    import schemathesis

    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    tried = set()

    for result in schema.get_all_operations():
        operation = result.ok()
        tried.add(f"{operation.method.upper()} {operation.path}")
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            def check(case: Any) -> None:
                case.call_and_validate()

            from hypothesis import given

            test = given(case=operation.as_strategy(generation_mode=mode))(check)
            settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))(test)()
    assert tried == {"POST /api/v1/chat", "GET /api/v1/search", "POST /api/v1/feedback"}


def test_the_api_is_what_its_description_says(app: Any) -> None:
    conforms(app, 12)


@pytest.mark.slow
def test_the_api_is_what_its_description_says_at_length(app: Any) -> None:
    conforms(app, 400)


def test_the_description_has_examples_that_work_and_names_nothing_of_gradio(app: Any) -> None:
    from starlette.testclient import TestClient

    document = described(app)
    assert sorted(document["paths"]) == ["/api/v1/chat", "/api/v1/feedback", "/api/v1/search"]
    client = TestClient(app)
    tried = 0
    for path, operations in document["paths"].items():
        for example in operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {}).values():
            assert client.post(path, json=example["value"]).status_code in (200, 204)
            tried += 1
    assert tried == 3
    assert client.get("/api/v1/search", params={"q": "side effects", "k": 1}).json()["hits"][0]["doc_id"] == "a"


def test_search_before_the_library_is_ready_says_when_to_come_back(tmp_path: Path) -> None:
    import threading

    from starlette.testclient import TestClient

    from ui.server import create_app

    gate = threading.Event()

    def build() -> Scripted:
        gate.wait(10)
        return Scripted(0)

    client = TestClient(create_app(build, Settings(data=tmp_path)))
    answer = client.get("/api/v1/search", params={"q": "biopsy"})
    assert answer.status_code == 503 and answer.headers["retry-after"] == "10"
    gate.set()
