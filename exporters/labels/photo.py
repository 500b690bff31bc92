"""The brightness of a photo: what a reader of symbols is given of a JPEG, PNG or WebP that somebody sends.

- Bounded before it is opened: by its bytes, then by the columns and rows that its first bytes announce. A JPEG is
  decoded at the scale that is needed, so that the largest costs what a small one does.
- What stands beside the dots (where it was taken, by which telephone) is not looked at, and nothing is kept.

The one door to the library that decodes photos.

    grey(data)  ->  (pixels, 2048, 1536)
"""

from io import BytesIO
from struct import error as StructError

from PIL import Image, UnidentifiedImageError

from schemas.errors import InputError

MOST_BYTES = 16 << 20
MOST_DOTS = 50_000_000
_SIDE = 2048
_STRIP = 256
# KNOWN LIMIT: no HEIC, whose decoders are no part of the library; docs/limits.md.
_FORMATS = ("JPEG", "PNG", "WEBP")
_WHITE = 255


def grey(data: bytes) -> tuple[bytes, int, int]:
    """A byte a dot from 0 (black) to 255 (white), row by row, with columns and rows: 2,048 of each at most.

    `InputError`: `photo-too-large`, `photo-kind`, `photo-broken`.
    """
    if len(data) > MOST_BYTES:
        raise _too_large()
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            return _grey(picture)
    except UnidentifiedImageError:
        raise InputError("photo-kind") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except (OSError, SyntaxError, ValueError, EOFError, StructError) as error:
        raise InputError("photo-broken", problem=str(error)[:90]) from None


def _grey(picture: Image.Image) -> tuple[bytes, int, int]:
    if picture.width * picture.height > MOST_DOTS:
        raise _too_large()
    picture.draft("L", (_SIDE, _SIDE))
    small = _on_white(picture) if picture.has_transparency_data else picture.convert("L")
    small.thumbnail((_SIDE, _SIDE))
    return small.tobytes(), small.width, small.height


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent is shown on white, as every viewer shows it; strip by strip, since a copy of the whole with
    its colours has four bytes a dot."""
    shown = Image.new("L", picture.size, _WHITE)
    for top in range(0, picture.height, _STRIP):
        strip = picture.crop((0, top, picture.width, min(top + _STRIP, picture.height))).convert("RGBA")
        shown.paste(strip.convert("L"), (0, top), strip.getchannel("A"))
    return shown


def _too_large() -> InputError:
    return InputError("photo-too-large", megabytes=MOST_BYTES >> 20, megapixels=MOST_DOTS // 1_000_000)
