"""The list of addresses that are not public, against the standard library's and the registries'."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.base.http import addresses

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "2001:4860:4860::8888",
    "64:ff9b::8.8.8.8",
]
# Python's is_global takes these for public.
OVERLOOKED = [
    "224.0.1.1",
    "239.1.1.1",
    "ff0e::1",
    "2002:7f00:1::",
    "64:ff9b::10.0.0.1",
    "192.88.99.1",
    "168.63.129.16",
]


class TestAnAddress:
    @pytest.mark.parametrize("text", PUBLIC)
    def test_that_is_public_may_be_called(self, text: str) -> None:
        assert addresses.is_callable(ip_address(text))

    @pytest.mark.parametrize("text", OVERLOOKED)
    def test_that_others_overlook_may_not(self, text: str) -> None:
        assert not addresses.is_callable(ip_address(text))

    @given(st.ip_addresses())
    def test_that_the_standard_library_calls_inside_may_not(self, address: IPv4Address | IPv6Address) -> None:
        # The few special blocks that it counts as global may be refused by us, never the other way round.
        if not address.is_global and address not in addresses.NAT64:
            assert not addresses.is_callable(address)

    @given(st.ip_addresses(v=4))
    def test_inside_nat64_counts_as_what_it_leads_to(self, address: IPv4Address) -> None:
        embedded = IPv6Address(int(addresses.NAT64.network_address) + int(address))

        assert addresses.is_callable(embedded) == addresses.is_callable(address)

    @given(st.ip_addresses(v=4))
    def test_inside_any_other_ipv6_may_not(self, address: IPv4Address) -> None:
        number = int(address)
        for embedded in (
            IPv6Address(number),
            IPv6Address((0xFFFF << 32) + number),
            IPv6Address((0xFFFF << 48) + number),
            IPv6Address((0x2002 << 112) + (number << 80)),
            IPv6Address((0x20010000 << 96) + (number << 64)),
            IPv6Address((0x0064FF9B0001 << 80) + number),
        ):
            assert not addresses.is_callable(embedded)

    def test_in_an_opened_network_may_be_called_and_only_there(self) -> None:
        opened = (ip_network("127.0.0.0/8"),)

        assert addresses.is_callable(ip_address("127.0.0.1"), allowed=opened)
        assert not addresses.is_callable(ip_address("::1"), allowed=opened)
        assert not addresses.is_callable(ip_address("::ffff:127.0.0.1"), allowed=opened)
        assert not addresses.is_callable(ip_address("10.0.0.1"), allowed=opened)

    @pytest.mark.parametrize("text", ["", "127.1", "0x7f000001", "2130706433", "fe80::1%lo", "::1%1", "[::1]", "a"])
    def test_is_read_only_in_its_standard_notation(self, text: str) -> None:
        assert addresses.parse(text) is None
