"""Serve the page on this machine only, without telemetry and without reaching out."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import warnings
import webbrowser
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

HOST = "127.0.0.1"
FIRST_PORT = 7860
PORTS_TRIED = 100
STYLE_SHEETS = ("frame.css", "conversation.css", "clause.css", "narrow.css")  # in this order: the last one wins

# The browser itself refuses every address but this one, and every script in an attribute: should markup ever slip through
# the escaping, it could neither run nor call home. The page's library builds functions from text, hence 'unsafe-eval'.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'none'",
    ]
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def serve(assistant: Assistant, *, port: int | None, open_browser: bool) -> None:
    """Serve the chat page on 127.0.0.1 until Ctrl-C; the last line on standard output is its address.

    Takes ``port``, or the first free one from 7860. Raises UsageError if there is none.
    """
    chosen = choose_port(port)
    _forbid_reaching_out()
    with as_file(files("assistant.interfaces.page")) as folder:
        page = _launch(assistant, chosen, folder)
        address = f"http://{HOST}:{chosen}"
        if open_browser:
            webbrowser.open(address)
        sys.stdout.write(f"Open {address}\n")
        sys.stdout.flush()
        _wait_for_interrupt()
        page.close(verbose=False)


def choose_port(port: int | None) -> int:
    """The port asked for, or the first free one from 7860 on. Raises UsageError if it is, or all are, taken."""
    if port is not None:
        if not _is_free(port):
            raise UsageError(f"Port {port} is taken by another program. Leave --port out to take the next free one.")
        return port
    for candidate in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _is_free(candidate):
            return candidate
    raise UsageError(f"The ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are all taken. Name a free one with --port.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # a port that an ended program has just left counts as free; elsewhere this option means another thing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _forbid_reaching_out() -> None:
    """Set before gradio is imported, which reads these when it is: no proxy for this machine, no addresses in the log."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), HOST]))
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _launch(assistant: Assistant, port: int, folder: Path) -> Any:
    """Start the server in a thread of its own; returns the page, a gradio Blocks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from starlette.middleware import Middleware
        from starlette.middleware.trustedhost import TrustedHostMiddleware

        from assistant.interfaces.page.layout import build_page, page_theme

    page = build_page(assistant)
    page.launch(
        server_name=HOST,
        server_port=port,
        share=False,
        inbrowser=False,
        prevent_thread_lock=True,
        quiet=True,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        max_file_size="1kb",
        theme=page_theme(),
        head=_style(folder),
        js=(folder / "page.js").read_text(encoding="utf-8"),
        favicon_path=folder / "icon.svg",
        app_kwargs={
            # A name that another site points at this machine must not reach the page: only these names are answered.
            "middleware": [Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"]), Middleware(SafeHeaders)],
        },
    )
    return page


def _style(folder: Path) -> str:
    """All style sheets as one element of the head; given as css to the library, their selectors would be rewritten."""
    sheets = [(folder / name).read_text(encoding="utf-8") for name in STYLE_SHEETS]
    return f"<style>{''.join(sheets)}</style>"


class SafeHeaders:
    """Adds HEADERS to every response."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on, and every response on with the headers."""

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _wait_for_interrupt() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
