"""A file that a page hands over: its bytes under a name that every system takes, with their digest.

file_answer(data, "application/pdf", "ddt-2026-7.pdf")
"""

import hashlib

from starlette.responses import Response


def file_answer(data: bytes, media_type: str, name: str) -> Response:
    """The answer that saves the file."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-._") else "-" for sign in name)
    headers = {
        "Content-Disposition": f'attachment; filename="{plain}"',
        "ETag": f'"{hashlib.sha256(data).hexdigest()}"',
    }
    return Response(data, media_type=media_type, headers=headers)
