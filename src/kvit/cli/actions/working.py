"""`kvit worker`: work off background jobs; in test mode those of the simulated world as well, with its registers."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

from django.conf import settings

from kvit.banking.jobs import import_file
from kvit.base import http, job
from kvit.parties import jobs as parties
from kvit.parties.adapters.registers import Vies, WhiteList
from kvit.parties.domain.ports import RegisterPort
from kvit.parties.domain.registers import Register


def work() -> None:
    """Until a signal stops the process."""
    if not settings.KVIT_TEST_MODE:
        job.run()
        return
    from kvit.world import jobs

    jobs.import_with(import_file)
    with simulated_registers():
        job.run()


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
