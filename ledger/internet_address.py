"""Which IP addresses are of the public Internet, so that a request sent there on behalf of others harms nobody here.

- Loopback, private, link-local, shared, documentation, multicast and reserved addresses are not public.
- An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4) is what the inner one is.

    is_public("192.168.1.7")  ->  False;  is_public("::ffff:127.0.0.1")  ->  False;  is_public("9.9.9.9")  ->  True

RFC 6890 (special-purpose addresses), RFC 4291, RFC 6052.
"""

import ipaddress

_CARRIERS = tuple(ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))


def is_public(address: str) -> bool:
    """Whether an IP address (with or without a zone) is public; `ValueError` where it is none."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or _carried(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _carried(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address a translator makes of this one (RFC 6052), or that it once stood for (RFC 4291, 2.5.5.1)."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if any(ip in network for network in _CARRIERS) else None
