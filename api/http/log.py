"""`/log`: the log as static files, as C2SP tlog-tiles has them, on either database; and the policy that names its key.

- Tiles and entry bundles never change, so caches may keep them for ever; the checkpoint does, so they must ask again.
- A partial tile that a full one has replaced is answered with the first part of that: who holds an older checkpoint can
  still finish reading (tlog-tiles allows either).
- A path has one spelling, and any other is not found. What is not yet published is not found either.
- Anybody may read: leaves are commitments and show nothing of what was recorded. Pages of other sites may too (CORS).

    GET /log/checkpoint   /log/tile/0/000.p/3   /log/tile/entries/x001/234   /log/policy

c2sp.org/tlog-tiles; ARCHITECTURE.md 3.5.
"""

from starlette.responses import Response

from api.http.endpoint import Ask, Endpoint, Parameter, Success
from api.verbs.trust import own_policy
from ledger.log.merkle import HASH_SIZE
from ledger.log.tiles import WIDTH, Tile, parse_path
from schemas.errors import InputError, LedgerError

FOR_EVER = "public, max-age=31536000, immutable"
A_MOMENT = "no-cache"
_EVERYBODY = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"


def checkpoint(ask: Ask) -> Response:
    """The newest published checkpoint, a signed note."""
    return _file(ask.node.checkpoint(), _TEXT, A_MOMENT)


def policy(ask: Ask) -> Response:
    """This log's tlog-policy: its key, its genesis and its witnesses."""
    return _file(own_policy(ask.node), _TEXT, A_MOMENT)


def tile(ask: Ask) -> Response:
    """A tile of hashes or a bundle of entries; `InputError("tile-absent")`."""
    path = f"tile/{ask.value('path')}"
    try:
        wanted = parse_path(path)
    except InputError:
        raise InputError("tile-absent", path=path[:120]) from None
    return _file(_data(ask, wanted), _BYTES, FOR_EVER)


def _data(ask: Ask, wanted: Tile) -> bytes:
    try:
        return ask.node.store.tiles.read(wanted.path)
    except LedgerError as error:
        if error.code != "tile-missing":
            raise
    if wanted.width < WIDTH:
        try:
            whole = ask.node.store.tiles.read(Tile(wanted.level, wanted.index, WIDTH).path)
        except LedgerError as error:
            if error.code != "tile-missing":
                raise
        else:
            return _first(whole, wanted)
    raise InputError("tile-absent", path=wanted.path)


def _first(whole: bytes, wanted: Tile) -> bytes:
    """The part of a full tile that the partial one held."""
    if wanted.level is not None:
        return whole[: wanted.width * HASH_SIZE]
    end = 0
    for _ in range(wanted.width):
        end += 2 + int.from_bytes(whole[end : end + 2], "big")
    return whole[:end]


def _file(data: bytes, media: str, caching: str) -> Response:
    return Response(data, media_type=media, headers={"Cache-Control": caching, **_EVERYBODY})


_PATH = Parameter(
    "path",
    "path",
    {"type": "string"},
    "`{L}/{N}[.p/{W}]`, or `entries/{N}[.p/{W}]`.",
    required=True,
    example="0/000.p/3",
)
ENDPOINTS = (
    Endpoint(
        "GET", "/log/checkpoint", "log", "readCheckpoint", "The newest checkpoint.", checkpoint,
        Success(200, "A signed note (C2SP tlog-checkpoint).", media="text/plain", schema={"type": "string"}),
    ),
    Endpoint(
        "GET", "/log/tile/{path:path}", "log", "readTile", "A tile of hashes, or a bundle of entries.", tile,
        Success(200, "Bytes as C2SP tlog-tiles has them.", media=_BYTES, schema={"type": "string"}),
        parameters=(_PATH,), errors=(404,),
    ),
    Endpoint(
        "GET", "/log/policy", "log", "readPolicy", "The policy that names this log's key.", policy,
        Success(200, "A tlog-policy.", media="text/plain", schema={"type": "string"}),
    ),
)  # fmt: skip
