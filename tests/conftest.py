"""What every test stands on: no network but loopback, an environment of its own, one prepared data folder."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

GUARD = Path(__file__).parent / "guard"

# Before anything of ours or theirs is imported: the guard is there, for this process and for those it starts.
if "ONCOLANTERN_SOCKET_LOG" not in os.environ:
    os.environ["ONCOLANTERN_SOCKET_LOG"] = str(Path(tempfile.mkdtemp(prefix="oncolantern-sockets-")) / "outside.log")
os.environ["PYTHONPATH"] = os.pathsep.join([str(GUARD), *filter(None, [os.environ.get("PYTHONPATH")])])
sys.path.insert(0, str(GUARD))
# A worker of a parallel run was started with the guard on its path and has it already.
if not hasattr(sys.modules.get("sitecustomize"), "refuse_outside"):
    sys.modules.pop("sitecustomize", None)
import sitecustomize  # noqa: E402

assert sitecustomize.LOG  # the hook is set
KEPT = ("ONCOLANTERN_SOCKET_LOG", "ONCOLANTERN_TEST_DATA")
for name in [n for n in os.environ if n.startswith(("ONCOLANTERN_", "OPENAI_")) and n not in KEPT]:
    del os.environ[name]
os.environ.update({"ANONYMIZED_TELEMETRY": "False", "OTEL_SDK_DISABLED": "true", "GRADIO_ANALYTICS_ENABLED": "False", "GUARDRAILS_RUN_SYNC": "true"})


# What one worker does alone in a parallel run, because its tests share an assistant that takes seconds to make.
TOGETHER = ("bot", "evals")
# The longest files, before the other browser tests: the short ones fill the end of a run evenly.
LONGEST = ("test_chat_access", "test_records_pages", "test_chat_page", "test_embed_script")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups for a parallel run (`--dist loadgroup`): a file stays with one worker, so that what its tests share is made once."""
    for item in items:
        folder, name = item.path.parent.name, item.path.stem
        item.add_marker(pytest.mark.xdist_group("assistant" if folder in TOGETHER else f"{folder}/{name}"))
    # The browser's tests stay last: its event loop runs in the thread of the tests from then on.
    items.sort(key=lambda item: (item.path.parent.name == "ui") + (item.path.parent.name == "ui" and item.path.stem not in LONGEST))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """The suite fails when anything tried to leave the machine, even if the attempt was swallowed."""
    log = Path(os.environ["ONCOLANTERN_SOCKET_LOG"])
    if log.exists() and log.read_text():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\nTRIED TO LEAVE THE MACHINE:\n{log.read_text()}")


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the encoder's graph, built once for all workers of a run: it takes four seconds. To be copied, not changed."""
    import fcntl

    from knowledge.encoder import load_encoder

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (shared / "encoder.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load_encoder(shared / "encoder")
    return shared / "encoder"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> Path:
    """A data folder with encoder, library, classifier and what the policies keep, made once for all workers of a run.

    ONCOLANTERN_TEST_DATA names a folder to keep between runs while one works on something; CI never sets it.
    """
    import fcntl
    import shutil

    base = tmp_path_factory.getbasetemp()
    own = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "prepared"
    shared = Path(os.environ.get("ONCOLANTERN_TEST_DATA", own))
    with (base.parent / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists() or shared != own:
            from bot.assembly import build_parts
            from bot.settings import Settings

            if not (shared / "encoder").exists():
                shutil.copytree(encoder_folder, shared / "encoder")
            build_parts(Settings(data=shared))
            (shared / "done").touch()
    return shared


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> object:
    """The real encoder."""
    from knowledge.encoder import load_encoder

    return load_encoder(encoder_folder)
