"""What the server answers, to whom, with which headers; and what of Gradio it does not let anybody reach."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.settings import Settings
from tests.ui.conftest import Hosts
from tests.ui.scripted import Scripted
from ui.headers import embed_origins


def call(base: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    sent = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request(method, path, data, sent)
    response = connection.getresponse()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


@pytest.mark.parametrize("path", ["/", "/es/", "/embed/", "/embed/es/"])
def test_a_page_says_what_it_is_before_any_script_runs(scripted: str, path: str) -> None:
    status, headers, body = call(scripted, "GET", path)
    text = body.decode()
    assert status == 200
    language = "es" if "es" in path else "en"
    assert f'<html lang="{language}"' in text
    assert "<title>Oncolantern</title>" in text.partition("<body")[0]
    assert ("no consejo médico" if language == "es" else "not medical advice") in text
    assert 'href="tel:911"' in text and "<noscript>" in text
    assert "raw.githubusercontent.com" not in text and "@Gradio" not in text
    assert int(headers["content-length"]) == len(body)


def test_only_the_embed_may_be_framed_and_only_by_named_sites(scripted: str, hosts: Hosts) -> None:
    def ancestors(path: str) -> str:
        return call(scripted, "GET", path)[1]["content-security-policy"].rpartition("frame-ancestors ")[2]

    assert ancestors("/embed/") == f"'self' http://localhost:{hosts.allowed}"
    for path in ("/", "/es/", "/healthz", "/embedded", "/static/chat.css", "/api/v1/search"):
        assert ancestors(path) == "'none'", path


@pytest.mark.parametrize("origin", ["*", "https://*", "example.org", "https://a.org/path", "https://a.org; script-src *", "'self'", "null", "http://*.*"])
def test_an_embed_origin_that_is_everybody_or_no_origin_is_refused(origin: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ONCOLANTERN_EMBED_ORIGINS"):
        embed_origins([origin])


def test_a_server_does_not_start_with_an_open_embed(tmp_path: Path) -> None:
    from ui.server import create_app

    with pytest.raises(ValueError, match="refused"):
        create_app(Scripted, Settings(data=tmp_path, embed_origins=("*",)))


def test_security_headers_are_on_every_answer(scripted: str) -> None:
    for path in ("/", "/healthz", "/nowhere", "/gradio_api/upload", "/static/chat.js"):
        headers = call(scripted, "GET", path)[1]
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("prefix", ["", "/es", "/embed", "/embed/es"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/info"), ("GET", "/gradio_api/openapi.json"), ("POST", "/gradio_api/call/answer"),
        ("POST", "/gradio_api/api/answer"), ("GET", "/gradio_api/file=/etc/passwd"), ("GET", "/gradio_api/file/etc/passwd"), ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"), ("POST", "/gradio_api/run/answer"), ("GET", "/gradio_api/proxy=https://evil.example"), ("POST", "/login"),
        ("POST", "/gradio_api/vibe-code"), ("POST", "/gradio_api/component_server"), ("GET", "/gradio_api/deep_link"), ("GET", "/?deep_link=x"),
    ],
)  # fmt: skip
def test_what_the_page_does_not_need_of_gradio_is_not_there(scripted: str, prefix: str, method: str, path: str) -> None:
    assert call(scripted, method, prefix + path, {} if method == "POST" else None)[0] == 404


@pytest.mark.parametrize(
    "value",
    [
        {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
        [{"role": "user", "content": [{"type": "file", "file": {"path": "http://evil.example/x"}}]}],
        [{"role": "user", "content": [{"type": "component", "component": "textbox", "value": "", "constructor_args": {}, "props": {}}]}],
    ],
)
def test_a_message_that_names_a_file_or_a_component_never_reaches_gradio(scripted: str, value: Any) -> None:
    body = {"data": [value], "fn_index": 0, "session_hash": "x", "trigger_id": 1}
    for path in ("/gradio_api/queue/join", "/embed/gradio_api/run/predict"):
        assert call(scripted, "POST", path, body)[0] == 400
    hidden = json.dumps(body).replace("_type", "\\u005ftype").replace('"file"', '"\\u0066ile"').replace('"component"', '"\\u0063omponent"')
    assert call(scripted, "POST", "/gradio_api/queue/join", hidden.encode())[0] == 400


def test_a_body_too_large_is_refused(scripted: str) -> None:
    assert call(scripted, "POST", "/gradio_api/queue/join", b"[" + b"1," * 2_100_000 + b"1]")[0] == 413


def test_no_other_site_may_read_and_a_named_one_only_the_api(scripted: str, hosts: Hosts) -> None:
    named = f"http://localhost:{hosts.allowed}"
    for path in ("/", "/config", "/embed/", "/api/v1/search?q="):
        assert "access-control-allow-origin" not in call(scripted, "GET", path, origin="https://evil.example")[1], path
    assert "access-control-allow-origin" not in call(scripted, "GET", "/embed/config", origin=named)[1]
    headers = call(scripted, "GET", "/api/v1/search?q=", origin=named)[1]
    assert headers["access-control-allow-origin"] == named
    assert "access-control-allow-credentials" not in headers
    assert call(scripted, "OPTIONS", "/api/v1/chat", origin="https://evil.example")[0] == 403
    assert call(scripted, "OPTIONS", "/api/v1/chat", origin=named)[0] == 204


def test_a_turn_over_the_api_is_an_answer_or_its_events(scripted: str) -> None:
    body = {"messages": [{"role": "user", "content": "What is immunotherapy?"}]}
    status, headers, answer = call(scripted, "POST", "/api/v1/chat", body)
    assert status == 200 and json.loads(answer)["action"] == "answer"
    assert headers["cache-control"] == "no-store"
    status, headers, events = call(scripted, "POST", "/api/v1/chat", body, accept="text/event-stream")
    names = [line[7:] for line in events.decode().splitlines() if line.startswith("event: ")]
    assert headers["content-type"].startswith("text/event-stream")
    assert names[0] == "status" and "sentence" in names and "replace" in names and names[-1] == "done"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"messages": []}, 422), ({"messages": [{"role": "system", "content": "x"}]}, 422), (b"{", 422), ({"messages": [{"content": "x" * 30_000}]}, 413),
        ({"messages": [{"content": "please fail"}]}, 500), ({"messages": [{"content": "hi", "name": "Zaphod"}]}, 422),
    ],
)  # fmt: skip
def test_what_goes_wrong_over_the_api_is_a_problem_with_a_safe_reply(scripted: str, body: Any, status: int) -> None:
    code, headers, answer = call(scripted, "POST", "/api/v1/chat", body)
    assert code == status
    assert headers["content-type"].startswith("application/problem+json")
    problem = json.loads(answer)
    assert problem["status"] == status
    assert "911" in problem["safe_reply"] and "not medical advice" in problem["safe_reply"]
    assert "Zaphod" not in answer.decode() and "scripted failure" not in answer.decode()


def test_a_broken_stream_ends_in_an_error_event_with_the_safe_reply(scripted: str) -> None:
    body = {"messages": [{"content": "please fail"}]}
    _, _, events = call(scripted, "POST", "/api/v1/chat", body, accept="text/event-stream")
    last = events.decode().strip().split("\n\n")[-1]
    assert last.startswith("event: error")
    assert "safe_reply" in last and "scripted failure" not in last


def test_health_is_at_once_and_readiness_when_the_assistant_is_built(scripted: str, tmp_path: Path) -> None:
    assert call(scripted, "GET", "/healthz")[0] == 200
    assert call(scripted, "GET", "/readyz")[0] == 200
    import threading

    from starlette.testclient import TestClient

    from ui.server import create_app

    gate = threading.Event()

    def build() -> Scripted:
        gate.wait(10)
        return Scripted(0)

    client = TestClient(create_app(build, Settings(data=tmp_path)))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.post("/api/v1/chat", json={"messages": [{"content": "hi"}]}).status_code == 503
    gate.set()


def test_addresses_without_the_closing_slash_lead_on_and_keep_their_query(scripted: str) -> None:
    status, headers, _ = call(scripted, "GET", "/embed?theme=dark")
    assert status == 307 and headers["location"] == "embed/?theme=dark"


def test_a_prefix_of_a_proxy_changes_nothing(tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from ui.server import create_app

    client = TestClient(create_app(Scripted, Settings(data=tmp_path)), root_path="/care")
    assert client.get("/care/embed/").headers["content-security-policy"].endswith("frame-ancestors 'self'")
    assert "not medical advice" in client.get("/care/").text
    assert client.get("/care/gradio_api/info").status_code == 404


@pytest.mark.parametrize(("raises", "status"), [(KeyError("event"), 200), (None, 503)])
def test_a_stop_that_meets_the_end_of_its_answer_is_no_error(raises: Exception | None, status: int) -> None:
    """Gradio's own cancel deletes the event twice then; any other failure of it stays one."""
    from starlette.testclient import TestClient
    from starlette.types import Receive, Scope, Send

    from ui.gate import Gate

    async def cancels(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500 if raises else 503, "headers": []})
        await send({"type": "http.response.body", "body": b"Internal Server Error"})
        if raises:
            raise raises

    assert TestClient(Gate(cancels)).post("/gradio_api/cancel", json={}).status_code == status


@pytest.mark.parametrize("path", ["/api/v1/feedback", "/api/v1/feedback/reason"])
def test_a_number_is_no_thumb(scripted: str, path: str) -> None:
    for helpful, status in ((1, 422), ("yes", 422), (True, 204)):
        assert call(scripted, "POST", path, {"topic": "", "action": "answer", "helpful": helpful})[0] == status
