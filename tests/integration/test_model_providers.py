"""The same prompt through each provider: its own form of call and reply, one behaviour."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.errors import ModelReplyError, ModelUnavailableError
from assistant.llm import Exchange, Prompt, open_model
from assistant.settings import ModelSettings
from tests.model_server import (
    ModelServer,
    Reply,
    in_pieces,
    in_pieces_like_anthropic,
    in_pieces_like_ollama,
    plainly,
    serve_model,
)

SCHEMA = {"type": "object", "properties": {"claims": {"type": "array", "items": {"type": "string"}}}, "required": ["claims"]}
PROMPT = Prompt(system="Answer from the data.", user="<data 1>…</data 1>", schema=SCHEMA)
TEXT = '{"claims": []} and some more words, so that it comes in pieces'
PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages", "ollama": "/api/chat"}
SPEAKS: dict[str, Callable[[str], Reply]] = {
    "openai": in_pieces,
    "anthropic": in_pieces_like_anthropic,
    "ollama": in_pieces_like_ollama,
}

pytestmark = pytest.mark.parametrize("provider", PATHS)


@pytest.fixture
def server(provider: str) -> Iterator[ModelServer]:
    with serve_model(SPEAKS[provider](TEXT)) as running:
        yield running


def settings(provider: str, server: ModelServer) -> ModelSettings:
    address = f"{server.address}/v1" if provider == "openai" else server.address
    return ModelSettings.model_validate(
        {"name": f"{provider}:made-up", "base_url": address, "api_key": "sesame", "temperature": 0.4, "max_tokens": 88, "retries": 0}
    )


def test_the_reply_comes_in_pieces_with_what_it_took(provider: str, server: ModelServer) -> None:
    exchange = Exchange()
    pieces = list(open_model(settings(provider, server)).stream(PROMPT, exchange))
    assert "".join(pieces) == TEXT
    assert len(pieces) > 1
    assert exchange == Exchange(requests=1, input_tokens=120, output_tokens=30, cut_short=False)


def test_what_was_set_reaches_the_call(provider: str, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("OLLAMA_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "key-of-another-account")
    list(open_model(settings(provider, server)).stream(PROMPT, Exchange()))
    (call,) = server.calls
    options = call.body.get("options", call.body)
    assert call.path == PATHS[provider]
    assert (call.body["model"], options["temperature"]) == ("made-up", 0.4)
    assert options.get("num_predict", options.get("max_tokens")) == 88
    assert "sesame" in f"{call.authorization} {call.api_key}"
    assert "another" not in f"{call.authorization} {call.api_key}"
    assert '"claims"' in call.raw  # the schema


def test_a_refusal_names_the_model_and_nothing_that_was_sent(provider: str, server: ModelServer) -> None:
    server.reply = plainly(401, b'{"error": {"message": "sesame is no key", "type": "authentication_error"}}')
    with pytest.raises(ModelUnavailableError) as caught:
        list(open_model(settings(provider, server)).stream(PROMPT, Exchange()))
    assert str(caught.value).startswith(f"{provider}:made-up cannot be used now (status 401)")
    assert "sesame" not in str(caught.value)


def test_a_page_in_place_of_a_reply_is_an_error_of_ours(provider: str, server: ModelServer) -> None:
    server.reply = plainly(200, b"<html>Sign in</html>", "text/html")
    with pytest.raises(ModelReplyError):
        list(open_model(settings(provider, server)).stream(PROMPT, Exchange()))


def test_the_key_shows_nowhere(provider: str, server: ModelServer) -> None:
    chosen = settings(provider, server)
    assert "sesame" not in f"{chosen!r} {chosen} {chosen.model_dump_json()} {open_model(chosen)!r}"
