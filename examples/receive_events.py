"""A subscriber: takes deliveries on a port of this machine, checks who sent them, and prints what happened.

FILIERA_TOKEN=… python examples/receive_events.py 8090

Subscribe with {"dest": "http://127.0.0.1:8090/", "signatureToken": "…", "stream": true} at a server that was started
with --allow-private-delivery. In real use it stands behind https.
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from api.epcis.signature import HEADER, check
from schemas.errors import EvidenceError


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what is signed with our token, 403 to anything else."""

    def do_POST(self) -> None:
        """Take one delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            check(os.environ["FILIERA_TOKEN"], body, self.headers.get(HEADER, ""), now=int(time.time()))
        except EvidenceError as error:
            print(f"refused: {error.code}", flush=True)
            self.send_response(403)
        else:
            for event in json.loads(body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]:
                print(event["eventTime"], event.get("bizStep", event["type"]), flush=True)
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing but what happened."""


if __name__ == "__main__":
    with HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()
