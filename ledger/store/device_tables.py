"""The table of devices that ask to be admitted (`ledger.store.devices`).

- `device_request`: a key that a phone made, with its proof of possession and the code it shows, until it is admitted or
  the code expires. No backup holds it: the log says which keys were admitted.

docs/adr/0062-how-a-phone-is-admitted.md.
"""

from sqlalchemy import Column, LargeBinary, Table, Text

from ledger.store.metadata import BIG, LEDGER

device_request = Table(
    "device_request",
    LEDGER,
    Column("kid", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("member", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("jwk", Text, nullable=False),
    Column("pop", LargeBinary, nullable=False),
    Column("created", BIG, nullable=False),
    Column("expires", BIG, nullable=False),
)
