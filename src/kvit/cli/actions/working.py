"""`kvit worker`: work off background jobs; in test mode those of the simulated world as well."""

from django.conf import settings

from kvit.banking.jobs import import_file
from kvit.base import job


def work() -> None:
    """Until a signal stops the process."""
    if settings.KVIT_TEST_MODE:
        from kvit.world import jobs

        jobs.import_with(import_file)
    job.run()
