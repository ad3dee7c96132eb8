"""The registers as they speak over HTTP: VIES and the Polish white list of VAT taxpayers."""

from kvit.parties.adapters.registers.exchange import policy_for
from kvit.parties.adapters.registers.vies import Vies
from kvit.parties.adapters.registers.white_list import WhiteList

__all__ = ["Vies", "WhiteList", "policy_for"]
