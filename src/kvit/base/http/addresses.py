"""Which Internet addresses may be called: our own list of those that are not public."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# From the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), and more:
# `ipaddress.is_global` lets pass multicast, 6to4, NAT64 of private addresses and some others.
DENIED: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host on this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT), and some clouds' metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's platform service, reachable from every machine there
        "169.254.0.0/16",  # link-local, most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        # Of IPv6 only 2000::/3 is global unicast. The rest holds loopback, unspecified, IPv4-mapped and
        # -compatible, NAT64 for local use, discard, unique local, link-local, site-local, multicast.
        "::/3",
        "4000::/2",
        "8000::/1",
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which embeds an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

# RFC 6052: on a network without IPv4 every IPv4 host is reached through it.
NAT64 = IPv6Network("64:ff9b::/96")


def parse(text: str) -> Address | None:
    """An address in its standard notation; None for anything else, a scope (`fe80::1%eth0`) included."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id else address


def is_callable(address: Address, *, allowed: Iterable[Network] = ()) -> bool:
    """Whether the address is public, or lies in a network that was opened on purpose."""
    if _within(address, allowed):
        return True
    if isinstance(address, IPv6Address) and address in NAT64:
        return not _within(IPv4Address(int(address) & 0xFFFF_FFFF), DENIED)
    return not _within(address, DENIED)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
