"""What can be set about a language model, and what is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.errors import ModelError
from assistant.llm import open_model
from assistant.llm.http import is_loopback
from assistant.settings import ModelSettings, Settings


def from_environment(**variables: str) -> ModelSettings | None:
    return Settings.from_environment({"CLAUSEWISE_HOME": "h", **variables}).model


def test_without_the_variable_there_is_no_model() -> None:
    assert from_environment(CLAUSEWISE_MODEL_TEMPERATURE="1", OPENAI_API_KEY="k") is None


def test_everything_can_be_set() -> None:
    found = from_environment(
        CLAUSEWISE_MODEL="openai:some-model",
        CLAUSEWISE_MODEL_BASE_URL="http://127.0.0.1:8080/v1/",
        CLAUSEWISE_MODEL_API_KEY="sesame",
        CLAUSEWISE_MODEL_TIMEOUT_SECONDS="7.5",
        CLAUSEWISE_MODEL_RETRIES="3",
        CLAUSEWISE_MODEL_TEMPERATURE="0.2",
        CLAUSEWISE_MODEL_MAX_TOKENS="99",
        CLAUSEWISE_MODEL_MAX_CLAUSES="5",
    )
    assert found is not None
    assert found.api_key is not None
    assert (found.name, found.provider, found.base_url) == ("openai:some-model", "openai", "http://127.0.0.1:8080/v1")
    assert (found.timeout_seconds, found.retries, found.temperature, found.max_tokens, found.max_clauses) == (7.5, 3, 0.2, 99, 5)
    assert found.api_key.get_secret_value() == "sesame"


def test_the_key_of_a_provider_is_used_for_its_own_address_only() -> None:
    own = from_environment(CLAUSEWISE_MODEL="openai:m", OPENAI_API_KEY="sesame")
    other = from_environment(CLAUSEWISE_MODEL="openai:m", OPENAI_API_KEY="sesame", CLAUSEWISE_MODEL_BASE_URL="http://localhost:1/v1")
    assert own is not None
    assert own.api_key is not None
    assert other is not None
    assert other.api_key is None


def test_the_key_shows_neither_in_words_nor_in_json() -> None:
    settings = Settings.from_environment({"CLAUSEWISE_MODEL": "openai:m", "OPENAI_API_KEY": "sesame"})
    assert "sesame" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    "name, value, message",
    [
        ("CLAUSEWISE_MODEL", "some-model", "write provider:model"),
        ("CLAUSEWISE_MODEL", "openai:", "write provider:model"),
        ("CLAUSEWISE_MODEL_BASE_URL", "127.0.0.1:8080", "write an address"),
        ("CLAUSEWISE_MODEL_BASE_URL", "file:///etc/hosts", "write an address"),
        ("CLAUSEWISE_MODEL_BASE_URL", "http://me:secret@host/v1", "leave name and password out"),
        ("CLAUSEWISE_MODEL_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("CLAUSEWISE_MODEL_RETRIES", "9", "less than or equal to 5"),
        ("CLAUSEWISE_MODEL_TEMPERATURE", "warm", "valid number"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(name: str, value: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        from_environment(**{"CLAUSEWISE_MODEL": "openai:m", name: value})


def test_a_provider_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(ModelError, match="openai, anthropic, ollama"):
        open_model(ModelSettings(name="nobody:m"))


@pytest.mark.parametrize(
    "address, near",
    [("http://127.0.0.1:1/v1", True), ("http://localhost", True), ("http://[::1]:8", True), ("http://127.0.0.1.example.org", False)],
)
def test_an_address_of_this_machine_is_told_from_others(address: str, near: bool) -> None:
    assert is_loopback(address) is near
