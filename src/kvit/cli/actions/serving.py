"""`kvit web`, `kvit up`: the pages alone, or with the worker beside them; one Ctrl-C stops everything."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import ClassVar, Final

import httpx
from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from psycopg import conninfo

from kvit.base import login
from kvit.base.migrate import migrate
from kvit.base.postgres import process
from kvit.cli import boot
from kvit.cli.actions import show, wiping
from kvit.desk import first_run
from kvit.kernel.refusals import DomainError
from kvit.pages import assets

PROCESSES: Final = int(os.environ.get("KVIT_WEB_PROCESSES", "1"))
STARTS_WITHIN_SECONDS: Final = 60
STOPS_WITHIN_SECONDS: Final = 15
POLL_MS: Final = 100
USUAL_PORT: Final = 8000
PORTS_TRIED: Final = 20


class PortTaken(DomainError):
    """Another program listens on the port."""

    code: ClassVar[str] = "cli.port_taken"


class EndedTooSoon(DomainError):
    """The web or the worker process ended by itself; what it said stands above."""

    code: ClassVar[str] = "cli.ended_too_soon"


def serve(address: str, port: int) -> None:
    """Serve the pages until a signal stops the process. Refuses `PortTaken`."""
    require_free(address, port)
    assets.prepare()
    Granian(
        "kvit.asgi:application",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=PROCESSES,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN_SECONDS // 2,
    ).serve()


def require_free(address: str, port: int) -> None:
    """Refuses `PortTaken` with what to do."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((address, port))
        except OSError as error:
            raise PortTaken(f"port {port} of {address} is in use; choose another with --port") from error


def free_port(address: str) -> int:
    """The usual port, or the next one that nobody listens on. Refuses `PortTaken` after a score."""
    for port in range(USUAL_PORT, USUAL_PORT + PORTS_TRIED):
        with contextlib.suppress(PortTaken):
            require_free(address, port)
            return port
    raise PortTaken(
        f"ports {USUAL_PORT} to {USUAL_PORT + PORTS_TRIED - 1} of {address} are in use; choose one by --port"
    )


def tell(there: str) -> None:
    """Say where the pages are, and what is to be done first."""
    if not login.count_tenants():
        path = first_run.address() if first_run.is_for_this_machine_only() else first_run.address_with_key()
        show.say(f"Kvit is at {there}. There is no company yet; open yours at {there}{path}")
    elif settings.KVIT_TEST_MODE:
        show.say(f"Kvit is at {there}, in test mode; the demo's start is {there}/demo/, and its end as well.")
    else:
        show.say(f"Kvit is at {there}.")
    show.say("Ctrl-C stops it; the data stay.")


def up(address: str, port: int, *, ready: Callable[[str], None]) -> None:
    """Migrate, then run web and worker as processes of their own until a signal, or until one of them ends.

    `ready` is called with the address once the pages answer. Where a page asks for the demo to be wiped, it is,
    and both start anew, without test mode. Refuses `PortTaken`, `EndedTooSoon`.
    """
    require_free(address, port)
    wiping.forget_wish()
    with show.err.status("preparing the database"):
        migrate()
    connections.close_all()
    heed_signals()
    there = "localhost" if address in ("127.0.0.1", "0.0.0.0") else address  # noqa: S104  (named, not bound to)
    place = (address, port, f"http://{there}:{port}")
    try:
        children: dict[str, subprocess.Popen[bytes]] = {}
        _start_both(children, place)
        ready(settings.KVIT_URL or place[2])
        while True:
            _require_alive(children)
            time.sleep(POLL_MS / 1000)
            if wiping.is_wished():
                time.sleep(wiping.ANSWER_SECONDS)
                _stop(children)
                wiping.wipe()
                _start_both(children, place)
    except KeyboardInterrupt:
        show.say("\nstopping")
    finally:
        _stop(children)


def _start_both(children: dict[str, subprocess.Popen[bytes]], place: tuple[str, int, str]) -> None:
    """Web and worker, once the pages answer."""
    address, port, there = place
    # If we are killed, so is the worker, for its jobs are repeatable; the web stops the processes it has started.
    children["web"] = _start("web", "--address", address, "--port", str(port), death_signal=signal.SIGTERM)
    children["worker"] = _start("worker", death_signal=signal.SIGKILL)
    _wait_until_ready(children, there)


def _start(*words: str, death_signal: signal.Signals) -> subprocess.Popen[bytes]:
    """A `kvit` process in a session of its own, so that Ctrl-C reaches us only; it ends when we die."""
    command = [sys.executable, "-P", "-c", "from kvit.cli.main import run; run()", *words]
    environment = {**os.environ, "KVIT_DATABASE_APP_URL": _application_url()}
    if boot.is_embedded():
        environment["KVIT_CAN_BE_WIPED"] = "1"
    environment.pop("KVIT_DATABASE_URL", None)
    return subprocess.Popen(  # noqa: S603  (our own command)
        [*process.launcher(None, death_signal=death_signal), *command], env=environment, start_new_session=True
    )


def _application_url() -> str:
    """What web and worker need of the database: the application's role, not the owner's."""
    given = settings.DATABASES["default"]
    parts = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    return conninfo.make_conninfo("", dbname=given["NAME"], **{k: v for k, v in parts.items() if v})


def _wait_until_ready(children: dict[str, subprocess.Popen[bytes]], address: str) -> None:
    for _ in range(STARTS_WITHIN_SECONDS * 1000 // POLL_MS):
        _require_alive(children)
        try:
            if httpx.get(f"{address}/health/", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(POLL_MS / 1000)
    raise EndedTooSoon(f"the pages did not answer within {STARTS_WITHIN_SECONDS} s")


def _require_alive(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise EndedTooSoon(f"the {name} process ended with {child.returncode}")


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask both to finish what they are at; who takes too long is killed, for jobs are repeatable."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    signal.signal(signal.SIGINT, before)


def heed_signals() -> None:
    """Stop at SIGTERM as at Ctrl-C, and at SIGINT even where a shell that started us in the background ignores it."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGINT, _as_interrupt)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
