"""The guard itself: it refuses what leaves the machine, here and in child processes, and lets loopback through."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

OUTSIDE = "192.0.2.1"  # TEST-NET-1: an address that belongs to nobody (RFC 5737)


@pytest.fixture
def own_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Attempts of these tests are meant: they go to a log of their own."""
    import sitecustomize

    monkeypatch.setattr(sitecustomize, "LOG", str(tmp_path / "meant.log"))
    monkeypatch.setenv("ONCOLANTERN_SOCKET_LOG", str(tmp_path / "meant.log"))
    return tmp_path / "meant.log"


def test_a_connection_to_outside_is_refused_and_written_down(own_log: Path) -> None:
    with socket.socket() as outside, pytest.raises(ConnectionRefusedError, match="stay on this machine"):
        outside.connect((OUTSIDE, 80))
    assert OUTSIDE in own_log.read_text()


def test_a_child_process_is_guarded_too(own_log: Path) -> None:
    code = f"import socket; socket.create_connection(('{OUTSIDE}', 80))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ.copy())
    assert child.returncode == 1
    assert "stay on this machine" in child.stderr
    assert OUTSIDE in own_log.read_text()


def test_loopback_is_allowed() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.getpeername() == server.getsockname()
