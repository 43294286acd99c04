"""How the HTTP client of every provider behaves."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

MAX_RESPONSE_BYTES = 2_000_000  # of one reply as it travels; a stream takes about 300 bytes for each token


class ReplyTooLongError(Exception):
    """The reply is longer than any that could be used."""


def client_options(http: Any, address: str, timeout_seconds: float) -> dict[str, Any]:
    """Options of a client for one address: no redirects to another one, no proxy between this machine and itself, bounded replies.

    ``http``: the module the client is of, httpx or its successor httpx2, which do not take each other's classes.
    """
    return {
        "timeout": timeout_seconds,
        "trust_env": not is_loopback(address),
        "follow_redirects": False,
        "limits": http.Limits(max_keepalive_connections=0),
        "event_hooks": {"response": [_bounding(http)]},
    }


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine itself."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bounding(http: Any) -> Any:
    class BoundedStream(http.SyncByteStream):  # type: ignore[misc]  # the base class is known at run time only
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            """The bytes of a response, up to MAX_RESPONSE_BYTES.

            Raises ReplyTooLongError beyond.
            """
            received = 0
            for part in self._stream:
                received += len(part)
                if received > MAX_RESPONSE_BYTES:
                    raise ReplyTooLongError(f"it is longer than {MAX_RESPONSE_BYTES:,} bytes")
                yield part

        def close(self) -> None:
            self._stream.close()

    def bound(response: Any) -> None:
        response.stream = BoundedStream(response.stream)

    return bound
