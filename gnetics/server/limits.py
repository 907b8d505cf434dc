"""How much a request may be, before anything of it is read: forms are small, files travel in the websocket."""

from __future__ import annotations

import logging

from tornado import httpserver, httputil, web

from gnetics.server import counters, wire

LARGEST_HEAD = LARGEST_BODY = 64 << 10  # bytes
MOST_ARGUMENTS, MOST_PARTS = 100, 10  # of an address or a form; of the form by which a tab says that it closes
IDLE, SLOWEST_BODY = 75, 20  # seconds until a connection ends on which nothing, or not all of a form, comes
TOLD = {"Malformed HTTP message": "shape", "Unsatisfiable read": "size", "Timeout reading body": "slowness"}  # by tornado, to its log only
SIZES = ("too long", "too large", "too many")


def server(app: web.Application) -> httpserver.HTTPServer:
    arguments = httputil.ParseUrlEncodedConfig(max_arguments=MOST_ARGUMENTS)
    parts = httputil.ParseMultipartConfig(max_parts=MOST_PARTS, max_part_header_size=1024)
    httputil.set_parse_body_config(httputil.ParseBodyConfig(multipart=parts, urlencoded=arguments))
    return httpserver.HTTPServer(
        app,
        max_header_size=LARGEST_HEAD,
        max_body_size=LARGEST_BODY,
        max_buffer_size=2 * wire.LARGEST,
        idle_connection_timeout=IDLE,
        body_timeout=SLOWEST_BODY,
    )


def count(record: logging.LogRecord) -> bool:
    """A filter of tornado's log: what it refused is counted, and not written line by line."""
    for beginning, reason in TOLD.items():
        if str(record.msg).startswith(beginning):
            said = record.getMessage().lower()
            sender = str(record.args[0]) if isinstance(record.args, tuple) and record.args else "somebody"
            counters.count_refusal("request", "size" if any(word in said for word in SIZES) else reason, sender)
            return False
    return True
