import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.internet_address import is_public

NOT_PUBLIC = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.7"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:c0a8:101::1", "2001:0:4136:e378::"),
]
PUBLIC = ["9.9.9.9", "193.0.6.139", "2620:fe::fe", "2001:67c:2e8:22::c100:68b", "::ffff:9.9.9.9", "64:ff9b::909:909"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_of_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_the_same_inside_another(ip: ipaddress.IPv4Address) -> None:
    number = int(ip)
    for carrier in (0xFFFF << 32, 0x64FF9B << 96, 0):
        assert is_public(str(ipaddress.IPv6Address(carrier | number))) == is_public(str(ip))
    assert is_public(str(ipaddress.IPv6Address(0x2002 << 112 | number << 80))) == is_public(str(ip))
