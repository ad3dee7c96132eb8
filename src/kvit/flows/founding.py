"""When somebody opens the first company at the desk, all contexts take part."""

from kvit.desk import opening
from kvit.flows import commands

opening.register(commands.found_first_company)
