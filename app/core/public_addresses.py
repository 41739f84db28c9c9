"""Which addresses belong to machines on the public internet."""

import ipaddress

# Global unicast is the only part of IPv6 that web sites live in. The forms that carry an IPv4
# address (::ffff:0:0/96, 64:ff9b::/96 and the like) lie outside it, except those listed.
_IPV6_PUBLIC = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments, a cloud's metadata among them
        "192.88.99.0/24",  # relays from IPv6
        "168.63.129.16/32",  # a cloud's inner service on an address that looks public
        "2001::/23",  # Teredo and other protocols; no sites
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether `address` is one of a machine on the public internet, in its usual form."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if "%" in address:  # names an interface of this machine
        return False
    if not parsed.is_global or parsed.is_multicast or parsed.is_reserved:
        return False
    if parsed.version == 6 and parsed not in _IPV6_PUBLIC:  # noqa: PLR2004 - of the protocol
        return False
    return not any(parsed in network for network in _NOT_PUBLIC)
