"""A hand-written server that speaks like OpenAI's, or badly: it records every call and answers as it is told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    path: str
    host: str
    authorization: str
    api_key: str
    body: dict[str, Any]

    @property
    def raw(self) -> str:
        """The body as it came in."""
        return json.dumps(self.body)


@dataclass
class ModelServer:
    """The address of a running server, the calls it got, and how it answers the next one."""

    address: str
    reply: Reply
    calls: list[Call] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve_model(reply: Reply) -> Iterator[ModelServer]:
    """A server on a free port of this machine until the block ends; replies that wait end with it."""
    server: ModelServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
            keys = self.headers.get("authorization", ""), self.headers.get("x-api-key", "")
            server.calls.append(Call(self.path, self.headers["host"], *keys, body))
            self.close_connection = True
            try:
                server.reply(self, body)
            except OSError:  # the other side has hung up, as it should when it waited long enough
                return

        def do_GET(self) -> None:
            server.calls.append(Call(self.path, self.headers["host"], "", "", {}))
            self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = ModelServer(f"http://127.0.0.1:{http.server_address[1]}", reply)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        http.shutdown()
        http.server_close()


def free_address() -> str:
    """An address of this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def in_pieces(text: str, *, finish: str | None = "stop", size: int = 12) -> Reply:
    """Stream a text as a model does, then its reason to end (None: break off) and what it took."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        _head(handler, "text/event-stream")
        for start in range(0, len(text), size):
            _event(handler, {"choices": [_choice({"content": text[start : start + size]}, None)]})
        if finish is None:
            return
        _event(handler, {"choices": [_choice({}, finish)]})
        _event(handler, {"choices": [], "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}})
        handler.wfile.write(b"data: [DONE]\n\n")

    return reply


def in_pieces_like_ollama(text: str) -> Reply:
    """Stream a text as Ollama does: one JSON object a line."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        _head(handler, "application/x-ndjson")
        for start in range(0, len(text), 12):
            _line(handler, {"message": {"role": "assistant", "content": text[start : start + 12]}, "done": False})
        end = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
        _line(handler, {**end, "prompt_eval_count": 120, "eval_count": 30})

    return reply


def in_pieces_like_anthropic(text: str) -> Reply:
    """Stream a text as Anthropic does: named events around blocks of content."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        _head(handler, "text/event-stream")
        message: dict[str, Any] = {"id": "m1", "type": "message", "role": "assistant", "model": "any", "content": [], "stop_reason": None}
        usage = {"input_tokens": 120, "output_tokens": 0}
        _named_event(handler, "message_start", {"message": {**message, "stop_sequence": None, "usage": usage}})
        _named_event(handler, "content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}})
        for start in range(0, len(text), 12):
            delta = {"type": "text_delta", "text": text[start : start + 12]}
            _named_event(handler, "content_block_delta", {"index": 0, "delta": delta})
        _named_event(handler, "content_block_stop", {"index": 0})
        end = {"stop_reason": "end_turn", "stop_sequence": None}
        _named_event(handler, "message_delta", {"delta": end, "usage": {"input_tokens": 120, "output_tokens": 30}})
        _named_event(handler, "message_stop", {})

    return reply


def with_claims(make: Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]) -> Reply:
    """Stream the claims made of the clauses that the call showed: entries with key, from and text."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        in_pieces(json.dumps({"claims": make(shown_clauses(body))}))(handler, body)

    return reply


def shown_clauses(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The clauses in a call, as the model is shown them."""
    user = next(message["content"] for message in body["messages"] if message["role"] == "user")
    data = json.loads(user[user.index("\n") + 1 : user.rindex("\n</data")])
    clauses: list[dict[str, Any]] = data["clauses"]
    return clauses


def plainly(status: int, content: bytes, kind: str = "application/json", **headers: str) -> Reply:
    """One whole response."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        handler.send_response(status)
        handler.send_header("content-type", kind)
        handler.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def trickling(server: Callable[[], ModelServer], seconds: float) -> Reply:
    """Signs of life without a word, for at most so long."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        _head(handler, "text/event-stream")
        for _ in range(int(seconds / 0.1)):
            handler.wfile.write(b": still here\n\n")
            handler.wfile.flush()
            if server().released.wait(0.1):
                return

    return reply


def silent(server: Callable[[], ModelServer], seconds: float) -> Reply:
    """Nothing at all, for at most so long."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        server().released.wait(seconds)

    return reply


def _head(handler: BaseHTTPRequestHandler, kind: str) -> None:
    handler.send_response(200)
    handler.send_header("content-type", kind)
    handler.send_header("connection", "close")
    handler.end_headers()


def _choice(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}


def _event(handler: BaseHTTPRequestHandler, data: dict[str, Any]) -> None:
    event = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "any", **data}
    handler.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
    handler.wfile.flush()


def _line(handler: BaseHTTPRequestHandler, data: dict[str, Any]) -> None:
    handler.wfile.write(json.dumps({"model": "any", "created_at": "2026-01-01T00:00:00Z", **data}).encode() + b"\n")
    handler.wfile.flush()


def _named_event(handler: BaseHTTPRequestHandler, name: str, data: dict[str, Any]) -> None:
    handler.wfile.write(f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode())
    handler.wfile.flush()
