"""A worker delivers notices beside its clock, which waits for no mail server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from lifecycle.app import folders, library
from lifecycle.core.case import OpenCase
from lifecycle.core.events import Actor
from lifecycle.engine import Done, Engine
from lifecycle.settings import Settings
from lifecycle.store import open_store

ROOT = Path(__file__).parents[3]
TELLING = """
workflow: telling
version: 1
zone: Asia/Shanghai
zh: "通知"
en: "Telling"
roles: {clerk: {zh: "文员", en: "Clerk"}, chief: {zh: "主任", en: "Chief"}}
cases:
  matter:
    zh: "事项"
    en: "Matter"
    machines: [job]
    opens:
      opened: {zh: "登记", en: "Opened", by: clerk, start: job, notify: {who: chief, text: {zh: "来", en: "come"}}}
machines:
  job:
    zh: "工作"
    en: "Job"
    start: open
    states:
      open: {zh: "在办", en: "Open", steps: {lapsed: {zh: "到期", en: "Lapsed", after: 1s, to: over}}}
      over: {zh: "完", en: "Over", final: done}
"""
MAIL = """
[smtp]
host = "127.0.0.1"
port = PORT
security = "none"
from = "service@example.com"
timeout_seconds = 20
[others]
to = "chief@example.com"
"""


def now() -> datetime:
    return datetime.now(UTC)


def wait_for(happened: Callable[[], bool], what: str) -> None:
    """Wait until something has happened; a minute is taken for never."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError(f"it never came to this: {what}")


def test_a_worker_runs_what_is_due_while_a_mail_server_says_nothing_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "telling.yaml").write_text(TELLING, encoding="utf-8")
    store = open_store(f"sqlite:{tmp_path / 'store.db'}", clock=now, randomness=os.urandom)
    workflows = library(folders(Settings(workflows=tmp_path)))
    engine = Engine(store, workflows, clock=now, new_id=uuid4)
    opened = engine.execute(OpenCase(id="open", workflow="telling", actor=Actor(role="clerk", person="li")))
    assert isinstance(opened, Done)

    def notice() -> tuple[str, int, str]:
        [found] = store.notices.latest(("pending", "sent", "dead"), 2)
        return found.state, found.tries, found.reason

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        (tmp_path / "notify.toml").write_text(MAIL.replace("PORT", str(port)), encoding="utf-8")
        told = {"LIFECYCLE_STORE": f"sqlite:{tmp_path / 'store.db'}", "LIFECYCLE_NOTIFY": str(tmp_path / "notify.toml")}
        worker = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "--lang", "en", "worker"],
            stdout=subprocess.PIPE,
            env={**os.environ, **told, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        asking, _ = silent.accept()
        with asking:
            wait_for(lambda: engine.case(opened.case)[0].closed, "the step of the clock is taken")
            assert notice() == ("pending", 1, ""), "the mail is on its way still"
        wait_for(lambda: notice() == ("pending", 1, "unreachable"), "the mail has failed")
    worker.send_signal(signal.SIGTERM)
    said, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert said.splitlines()[-1].startswith("stopped")
    engine.close()
