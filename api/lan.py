"""TLS in a packing house: an authority of our own for one local network, and a certificate for this machine.

- Browsers let a page sign and keep only over TLS, and no public authority certifies `192.168.1.10`. So the server makes
  an authority once, which a phone is told to trust once, and with it a certificate at every start, for the names and
  addresses that the machine then has.
- The authority can certify nothing else: its certificate is constrained to addresses of local networks, to those that
  this machine had when it was made, and to its own names (RFC 5280 section 4.2.1.10). Who steals its key can stand
  between a phone and this network, and nowhere else.
- Keys are files of mode 0600 in a folder beside the ledger's own keys.

    made = Lan(folder, now=time.time()).certified(local_names(), [local_address()])
    made.fingerprint      # "4F:0A:…", to be compared on the phone

RFC 5280; CA/Browser Forum's limit of 398 days is kept though nobody asks it of a local authority.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ledger.keys import durable
from schemas.errors import InputError

YEARS, DAYS = 10, 397
_DAY = timedelta(days=1)
_LOCAL = (
    "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
    "fc00::/7", "fe80::/10", "::1/128",
)  # fmt: skip
# No packet goes there: asked is only by which address one would leave.
_ELSEWHERE = ("10.255.255.255", 9)


@dataclass(frozen=True, slots=True)
class Certified:
    """The files of this start's certificate and key, the authority's certificate (DER), and its SHA-256 for people."""

    certificate: Path
    key: Path
    authority: bytes
    fingerprint: str


def local_names() -> list[str]:
    """The names of this machine in a local network, and the one it has for itself."""
    own = socket.gethostname().split(".")[0].lower()
    return [f"{own}.local", own, "localhost"]


def local_address() -> str:
    """The address by which this machine is reached in its network; 127.0.0.1 where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(_ELSEWHERE)
            return str(asked.getsockname()[0])
        except OSError:
            return "127.0.0.1"


class Lan:
    """The authority of one server, in a folder."""

    def __init__(self, folder: Path, *, now: float, own: Sequence[str] = ()) -> None:
        """Make the authority unless the folder has one; `own`: addresses that it may certify besides local ones.

        `InputError("lan-folder")` where what the folder has is no authority.
        """
        self._folder = folder
        self._now = datetime.fromtimestamp(now, UTC)
        durable.make_folder(folder)
        if not (folder / "authority.pem").exists():
            self._make(own)
        try:
            self._key = serialization.load_pem_private_key((folder / "authority-key.pem").read_bytes(), None)
            self._certificate = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
        except (OSError, ValueError):
            raise InputError("lan-folder", folder=str(folder)) from None

    def certified(self, names: Sequence[str], addresses: Sequence[str]) -> Certified:
        """A certificate of this machine for these names and addresses, good for `DAYS` days from now.

        `InputError("lan-address")` where the authority was not made for one.
        """
        for address in addresses:
            if not self._permits(address):
                raise InputError("lan-address", address=address, folder=str(self._folder))
        key = ec.generate_private_key(ec.SECP256R1())
        named = [x509.DNSName(name) for name in names]
        placed = [x509.IPAddress(ipaddress.ip_address(address)) for address in dict.fromkeys(addresses)]
        builder = self._builder(names[0], self._certificate.subject, key.public_key(), DAYS * _DAY)
        built = (
            builder.add_extension(x509.SubjectAlternativeName([*named, *placed]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),  # type: ignore[arg-type]
                critical=False,
            )
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self._key, hashes.SHA256())  # type: ignore[arg-type]
        )
        durable.replace(self._folder / "server.pem", _pem(built))
        durable.replace(self._folder / "server-key.pem", _private(key))
        digest = self._certificate.fingerprint(hashes.SHA256())
        return Certified(
            self._folder / "server.pem",
            self._folder / "server-key.pem",
            self._certificate.public_bytes(serialization.Encoding.DER),
            ":".join(f"{byte:02X}" for byte in digest),
        )

    def _permits(self, address: str) -> bool:
        constraints = self._certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        values = [each.value for each in constraints.permitted_subtrees or () if isinstance(each, x509.IPAddress)]
        networks = [value for value in values if isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network)]
        return any(ipaddress.ip_address(address) in network for network in networks)

    def _make(self, addresses: Sequence[str]) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        own = socket.gethostname().split(".")[0].lower()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Filiera, {own}")])
        names = [x509.DNSName(name) for name in local_names()]
        networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in (*_LOCAL, *addresses)]
        usage = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        built = (
            self._builder(f"Filiera, {own}", subject, key.public_key(), YEARS * 365 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.NameConstraints([*names, *networks], None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        durable.replace(self._folder / "authority-key.pem", _private(key))
        durable.replace(self._folder / "authority.pem", _pem(built))

    def _builder(
        self, name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
    ) -> x509.CertificateBuilder:
        """What every certificate says. It begins yesterday: a phone's clock may be behind."""
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]))
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _DAY)
            .not_valid_after(self._now + life)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
