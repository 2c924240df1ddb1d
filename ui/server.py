"""The web application: chat page and embed in both languages, static files, API, records, health.

Documents ─► SecurityHeaders ─► Gate ─► FastAPI ─► /api, /records, /static, /healthz, /readyz, and Gradio's pages
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.conversation import Language
from bot.settings import Settings
from ui.late import Assistant, LateAssistant

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from knowledge.search import Searcher

# (path, language, folders below the root). The root comes last: a mount at the root takes all that is left.
PAGES: tuple[tuple[str, Language, int], ...] = (("/embed/es", "es", 2), ("/embed", "en", 1), ("/es", "es", 1), ("", "en", 0))


def create_app(assistant_factory: Callable[[], Assistant], settings: Settings) -> FastAPI:
    """The application. Building the assistant starts at once, in the background; the pages do not wait for it.

    Raises ValueError when ONCOLANTERN_EMBED_ORIGINS names something that is not an origin, or everybody.
    """
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from ui.api import api
    from ui.chat import build_page, mount
    from ui.document import Documents, Frame
    from ui.embed import embed_router, frame_head
    from ui.feedback import Feedback, library_topics
    from ui.feedback_routes import feedback_routes
    from ui.gate import Gate
    from ui.headers import SecurityHeaders, embed_origins
    from ui.page import STATIC, bottom_html, head_html, top_html
    from ui.records.routes import records_router
    from ui.strings import STRINGS

    origins = embed_origins(settings.embed_origins)
    late = LateAssistant(assistant_factory)
    app = FastAPI(title=settings.site_name, docs_url=None, redoc_url=None, openapi_url=None)
    feedback = Feedback(settings.data, library_topics())
    app.include_router(api(late, settings, feedback, _searcher(late)))
    app.include_router(feedback_routes(feedback))
    _add_health(app, late)
    app.include_router(records_router(settings))
    app.include_router(embed_router(settings, origins))
    app.mount("/static", StaticFiles(directory=STATIC, packages=[("gradio", "templates/frontend/static")]))
    frames: dict[str, Frame] = {}
    for path, language, depth in PAGES:
        if path:
            app.add_route(path, _with_slash, include_in_schema=False)
        words = STRINGS[language]
        head = head_html(settings, words, depth=depth) + (frame_head(origins, language, depth=depth) if path.startswith("/embed") else "")
        frames[path] = Frame(language, head, top_html(settings, words), bottom_html(settings, words, depth=depth))
        mount(app, build_page(late, settings, language=language), path or "/")
    # The last one added is the outermost.
    app.add_middleware(Gate)
    app.add_middleware(SecurityHeaders, origins=origins)
    app.add_middleware(Documents, frames=frames)
    late.start()
    return app


def _with_slash(request: Request) -> Response:
    """Relative, so that it holds behind a proxy that strips a prefix."""
    from starlette.responses import RedirectResponse

    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.url.path.rsplit('/', 1)[-1]}/{query}")


def _add_health(app: FastAPI, late: LateAssistant) -> None:
    from starlette.responses import JSONResponse

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        state = "ready" if late.ready else "failed" if late.failed else "starting"
        return JSONResponse({"status": state}, status_code=200 if late.ready else 503)


def _searcher(late: LateAssistant) -> Callable[[], Searcher | None]:
    """The library's searcher for /api/v1/search: none until the assistant is built."""
    return lambda: getattr(late.get(), "searcher", None) if late.ready else None
