"""The providers that have been tried, and what each needs: its package, its address, and how it is held to a JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.llm.http import client_options
from assistant.settings import ModelSettings

if TYPE_CHECKING:
    from assistant.llm.model import LanguageModel

Options = dict[str, Any]


@dataclass(frozen=True)
class Provider:
    """``package`` is the module that must be installed, ``extra`` of clausewise brings it.

    ``address``: where calls go if no other is set. It is always given to the client, so that no variable of another program
    sends them elsewhere. ``build`` makes the LangChain model from the settings and the address; ``hold_to`` gives the options
    of a call that must answer in a JSON Schema (None: in its own words).
    """

    package: str
    extra: str
    address: str
    build: Callable[[ModelSettings, str], Any]
    hold_to: Callable[[ModelSettings, Mapping[str, Any] | None], Options]


def open_model(settings: ModelSettings) -> LanguageModel:
    """The model that is set. Nothing is called, and nothing heavy imported, before the first prompt.

    Raises ModelError if the provider is not known or its package is not installed.
    """
    provider = PROVIDERS.get(settings.provider)
    if provider is None:
        raise ModelError(
            f"CLAUSEWISE_MODEL: I know no provider {settings.provider!r}; I know {', '.join(PROVIDERS)}. For another server that "
            "speaks like OpenAI's, write openai:MODEL and set CLAUSEWISE_MODEL_BASE_URL."
        )
    if find_spec(provider.package) is None:
        raise ModelError(f"{settings.name} needs one more package: pip install 'clausewise[{provider.extra}]'")
    from assistant.llm.chat_model import ChatModel

    return ChatModel(settings, provider)


def _build_openai(settings: ModelSettings, address: str) -> Any:
    import httpx

    return _init(
        settings,
        base_url=address,
        api_key=_key(settings),
        max_retries=0,
        max_tokens=None if settings.base_url else settings.max_tokens,
        http_client=httpx.Client(**client_options(httpx, address, settings.timeout_seconds)),
        openai_proxy=None,
        use_responses_api=False,
        stream_usage=True,
    )


def _hold_openai_to(settings: ModelSettings, schema: Mapping[str, Any] | None) -> Options:
    """Other servers read the older name of the longest reply. As extra fields, for the client would demand a whole reply."""
    body: Options = {"max_tokens": settings.max_tokens} if settings.base_url else {}
    if schema is not None:
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "claims", "strict": True, "schema": schema}}
    return {"extra_body": body}


def _build_anthropic(settings: ModelSettings, address: str) -> Any:
    import anthropic
    import httpx2

    model = _init(settings, base_url=address, api_key=_key(settings), max_retries=0, max_tokens=settings.max_tokens)
    # The LangChain class takes no HTTP client of ours; it keeps the one it makes under this name.
    client = httpx2.Client(**client_options(httpx2, address, settings.timeout_seconds))
    model.__dict__["_client"] = anthropic.Anthropic(base_url=address, api_key=_key(settings), max_retries=0, http_client=client)
    return model


def _hold_anthropic_to(settings: ModelSettings, schema: Mapping[str, Any] | None) -> Options:
    return {} if schema is None else {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


def _build_ollama(settings: ModelSettings, address: str) -> Any:
    import httpx

    client = client_options(httpx, address, settings.timeout_seconds) | {"headers": {"authorization": f"Bearer {_key(settings)}"}}
    return _init(settings, base_url=address, num_predict=settings.max_tokens, sync_client_kwargs=client, validate_model_on_init=False)


def _hold_ollama_to(settings: ModelSettings, schema: Mapping[str, Any] | None) -> Options:
    return {} if schema is None else {"format": dict(schema)}


def _init(settings: ModelSettings, **options: Any) -> Any:
    from langchain.chat_models import init_chat_model

    return init_chat_model(settings.name, temperature=settings.temperature, **options)


def _key(settings: ModelSettings) -> str:
    """Servers on one's own machine ask for no key, but their clients want something to send."""
    return settings.api_key.get_secret_value() if settings.api_key else "none"


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider("langchain_openai", "openai", "https://api.openai.com/v1", _build_openai, _hold_openai_to),
    "anthropic": Provider("langchain_anthropic", "anthropic", "https://api.anthropic.com", _build_anthropic, _hold_anthropic_to),
    "ollama": Provider("langchain_ollama", "ollama", "http://127.0.0.1:11434", _build_ollama, _hold_ollama_to),
}
