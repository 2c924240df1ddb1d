"""A real PostgreSQL on loopback in a folder of its own, for the length of a test run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of Debian's newest PostgreSQL server programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def postgres() -> Iterator[str]:
    """Starts a server and gives its address (postgresql://…). It refuses to run as root, so root starts it as Debian's user postgres."""
    bin_folder = programs()
    assert bin_folder is not None
    owner = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    # Below /tmp itself: the folders of a test run are closed to other users.
    home = Path(tempfile.mkdtemp(prefix="onco-pg-", dir="/tmp"))
    if owner:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home)}

    def run(program: str, *arguments: str) -> None:
        subprocess.run([bin_folder / program, *arguments], check=True, cwd=home, env=environment, stdout=subprocess.DEVNULL, **as_owner)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(home / "data")
    try:
        run("initdb", "-D", data, "-U", "onco", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={home} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://onco@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
