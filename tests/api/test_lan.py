"""TLS in a packing house: what the made authority certifies, and what it cannot."""

import ipaddress
import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from api.cli.terminal_qr import terminal_qr
from api.lan import Lan
from exporters.labels.decode import read
from schemas.errors import InputError
from tests.simulator.command_line import Shop
from tests.simulator.server import Server

NOW = 1_790_000_000.0


def verified(lan: Path, certificate: Path, subject: x509.DNSName | x509.IPAddress) -> None:
    authority = x509.load_pem_x509_certificate((lan / "authority.pem").read_bytes())
    leaf = x509.load_pem_x509_certificate(certificate.read_bytes())
    at = datetime.fromtimestamp(NOW, UTC)
    PolicyBuilder().store(Store([authority])).time(at).build_server_verifier(subject).verify(leaf, [])


def address(text: str) -> x509.IPAddress:
    return x509.IPAddress(ipaddress.ip_address(text))


def test_it_certifies_this_network_and_nothing_beyond(tmp_path: Path) -> None:
    lan = Lan(tmp_path, now=NOW)
    made = lan.certified(["localhost"], ["192.168.1.10"])
    verified(tmp_path, made.certificate, x509.DNSName("localhost"))
    verified(tmp_path, made.certificate, address("192.168.1.10"))
    other = lan.certified(["banca.example"], ["192.168.1.10"])
    with pytest.raises(VerificationError):
        verified(tmp_path, other.certificate, x509.DNSName("banca.example"))
    with pytest.raises(InputError, match="lan-address"):
        lan.certified(["localhost"], ["93.184.216.34"])


def test_the_authority_is_made_once_and_its_keys_are_nobody_elses(tmp_path: Path) -> None:
    first = Lan(tmp_path, now=NOW).certified(["localhost"], ["127.0.0.1"])
    again = Lan(tmp_path, now=NOW + 86_400).certified(["localhost"], ["127.0.0.1"])
    assert first.fingerprint == again.fingerprint
    keys = list(tmp_path.glob("*key.pem"))
    assert len(keys) == 2
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    (tmp_path / "authority.pem").write_text("x")
    with pytest.raises(InputError, match="lan-folder"):
        Lan(tmp_path, now=NOW)


def test_a_server_speaks_tls_that_who_trusts_the_authority_takes(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole")
    assert shop("serve", "--tls", tmp_path / "a.pem", tmp_path / "b.pem").code == 65
    assert "[tls-or-lan]" in shop("serve", "--lan", "--tls", tmp_path / "a.pem", tmp_path / "b.pem").err
    with Server.started(shop, "--lan") as server:
        trusted = ssl.create_default_context(cafile=str(shop.store / "keys" / "lan" / "authority.pem"))
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        answer = httpx.get(f"{url}/campo/fiducia", verify=trusted)
        assert answer.status_code == 200
        given = httpx.get(f"{url}/campo/filiera.crt", verify=trusted)
        assert x509.load_der_x509_certificate(given.content).subject.rfc4514_string().startswith("CN=Filiera")
        assert "Strict-Transport-Security" not in answer.headers
        assert server.stop() == 0


def test_the_code_on_the_terminal_is_read_by_another_library() -> None:
    url = "https://192.168.1.10:8443/campo/fiducia"
    lines = terminal_qr(url).splitlines()
    light = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [bytes(light[each][half] for each in line for _ in range(8)) for line in lines for half in (0, 1)]
    pixels = b"".join(row for row in rows for _ in range(8))
    assert [found.content for found in read(pixels, len(rows[0]), len(rows) * 8)] == [url]
