"""`kvit worker`: work off background jobs; in test mode those of the simulated world as well, with its registers."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

from django.conf import settings

from kvit.banking.jobs import import_file
from kvit.base import http, job, memory
from kvit.parties import jobs as parties
from kvit.parties.adapters.registers import Vies, WhiteList
from kvit.parties.domain.ports import RegisterPort
from kvit.parties.domain.registers import Register

log = logging.getLogger("kvit.matching")


def work() -> None:
    """Until a signal stops the process. The engine of matching is made ready beside the first jobs."""
    threading.Thread(target=warm_up, name="kvit-warm", daemon=True).start()
    if not settings.KVIT_TEST_MODE:
        job.run()
        return
    from kvit.world import jobs

    jobs.import_with(import_file)
    with simulated_registers():
        job.run()


def warm_up() -> None:
    """Load what matching needs, so that the first payment does not wait for it, and let go of the compiler."""
    from kvit.matching.domain import warming  # the engine weighs a hundred megabytes, and no other command needs it

    log.info("making the matching engine ready; on a new machine it is compiled, which takes a minute or two")
    warming.warm()
    memory.page_out("llvmlite")
    log.info("the matching engine is ready")


@contextmanager
def simulated_registers() -> Iterator[None]:
    """Ask the registers of the simulated world, unless the settings name other ones; the real ones never by itself."""
    from kvit.world import directory

    with directory.registers().running() as there:
        policy = http.Policy(
            allow_http=True,
            allow_ports=frozenset({there.port}),
            allow_hosts=frozenset({"127.0.0.1"}),
            allow_addresses=(ip_network("127.0.0.1/32"),),
        )
        simulated: dict[Register, RegisterPort] = {
            Register.VIES: Vies(there.vies_url, policy),
            Register.WHITE_LIST: WhiteList(there.white_list_url, policy),
        }
        parties.ask_at({**simulated, **parties.of_the_settings()})
        try:
            yield
        finally:
            parties.ask_at({})
