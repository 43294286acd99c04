"""What stands where on the page, and what happens when something is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.interfaces.page.case import JOINING_NAMES, JURISDICTION_NAMES, NOT_SET, USE_NAMES, Case, Choices, plan_choices
from assistant.interfaces.page.conversation import Conversation, Message

if TYPE_CHECKING:
    from assistant.assistant import Assistant

TITLE = "clausewise"
PURPOSE = "Find out whether a tool may be used with your clients, and read the clause behind every statement."
EXAMPLES = (
    "Is Zoom safe for therapy?",
    "Compare Zoom and Microsoft Teams",
    "Which ISO control is about who may walk into my consulting rooms?",
    "Must a processor help me when a client asks for access?",
)
SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Liberation Mono", "monospace")

_CASE_HEADING = """
<h2>Your case</h2>
<p>Leave open what you do not know. Every answer says what it assumed.</p>
"""
_FINE_PRINT = """
<p>Leave out names and client details. Runs on your own computer and keeps no conversation. Not legal advice.</p>
"""
_WELCOME = "<div class='cw-welcome'><h2>What would you like to check?</h2><p>Ask in your own words, or begin with one of these.</p></div>"

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": "ask", "concurrency_limit": 1}  # whichever way a question came, in whichever tab


@dataclass(frozen=True)
class _Controls:
    """The controls of the case, in the order of the fields of Case."""

    jurisdiction: gr.Radio
    client_jurisdiction: gr.Radio
    use: gr.Dropdown
    plan: gr.Dropdown
    joining: gr.Radio
    as_of: gr.Textbox

    @property
    def all(self) -> list[Any]:
        return [self.jurisdiction, self.client_jurisdiction, self.use, self.plan, self.joining, self.as_of]


def page_theme() -> Any:
    """Colours and system fonts; the library's own themes would load fonts from elsewhere."""
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=list(SANS), font_mono=list(MONO), radius_size="md")


def build_page(assistant: Assistant) -> gr.Blocks:
    """The whole page, not yet served."""
    page: gr.Blocks
    with gr.Blocks(title=f"{TITLE}: may I use it with clients?", analytics_enabled=False, fill_width=True) as page:
        conversation = gr.State(None)  # each browser tab has its own, made with its first question
        with gr.Row(elem_id="cw-header"):
            gr.HTML(_header())
            start_over = gr.Button("Start over", elem_id="cw-start-over", scale=0, size="sm")
        with gr.Row(elem_id="cw-frame"):
            with gr.Column(elem_id="cw-case", scale=0, min_width=0):
                controls = _case_controls(assistant)
            with gr.Column(elem_id="cw-main", scale=1, min_width=0):
                chat, question = _chat_column()
        _connect(assistant, conversation, controls, chat, question, start_over)
    return page


def _header() -> str:
    icon = files("assistant.interfaces.page").joinpath("icon.svg").read_text(encoding="utf-8")
    return f'<div class="cw-brand"><h1>{icon} {TITLE}</h1><p>{PURPOSE}</p></div>'


def _case_controls(assistant: Assistant) -> _Controls:
    gr.HTML(_CASE_HEADING)
    places = [(name, value) for value, name in JURISDICTION_NAMES.items()]
    uses = [(name, value) for value, name in USE_NAMES.items()]
    joining = [(name, value) for value, name in JOINING_NAMES.items()]
    plans = plan_choices(assistant.knowledge, ())
    return _Controls(
        jurisdiction=gr.Radio(_with_open(places), value=NOT_SET, label="I practise in"),
        client_jurisdiction=gr.Radio([("Same", NOT_SET), *places], value=NOT_SET, label="My client is in"),
        use=gr.Dropdown(_with_open(uses), value=NOT_SET, label="I use it for", filterable=False),
        plan=gr.Dropdown(_with_open(plans), value=NOT_SET, label="Plan", allow_custom_value=True),
        joining=gr.Radio(_with_open(joining), value=NOT_SET, label="Clients join by"),
        as_of=gr.Textbox(label="Judge as of", placeholder="2026-08-06", elem_id="cw-as-of", max_lines=1),
    )


def _chat_column() -> tuple[gr.Chatbot, gr.Textbox]:
    chat = gr.Chatbot(
        elem_id="cw-chat",
        label="Conversation",
        show_label=False,
        container=False,
        height=None,
        autoscroll=False,
        buttons=[],
        allow_tags=False,
        sanitize_html=True,  # the messages are escaped already; this is the second lock on the same door
        latex_delimiters=[],
        feedback_options=None,
        group_consecutive_messages=False,
        placeholder=_WELCOME,
        examples=[{"text": text} for text in EXAMPLES],
    )
    with gr.Column(elem_id="cw-composer"):
        question = gr.Textbox(
            label="Your question",
            placeholder="Ask a question …",
            lines=1,
            max_lines=6,
            submit_btn="Ask",
            autofocus=True,
            elem_id="cw-question",
        )
        gr.HTML(_FINE_PRINT, elem_id="cw-fine-print")
    return chat, question


def _connect(assistant: Assistant, conversation: gr.State, controls: _Controls, chat: Any, question: Any, start_over: Any) -> None:
    reply = _replier(assistant)

    def reply_to_choice(choice: gr.SelectData, *rest: Any) -> Iterator[tuple[Any, ...]]:
        value = choice.value
        yield from reply(value["text"] if isinstance(value, dict) else str(value), *rest)

    def clear() -> tuple[Any, ...]:
        plans = gr.Dropdown(choices=_with_open(plan_choices(assistant.knowledge, ())), value=NOT_SET)
        return "", [], None, plans, NOT_SET, NOT_SET, NOT_SET, NOT_SET, NOT_SET

    outputs = [question, chat, conversation, controls.plan]
    asked = [
        question.submit(reply, [question, conversation, *controls.all], outputs, **_QUIET, **_ONE_AT_A_TIME),
        chat.example_select(reply_to_choice, [conversation, *controls.all], outputs, **_QUIET, **_ONE_AT_A_TIME),
        chat.option_select(reply_to_choice, [conversation, *controls.all], outputs, **_QUIET, **_ONE_AT_A_TIME),
    ]
    others = [controls.jurisdiction, controls.client_jurisdiction, controls.use, controls.joining, controls.as_of]
    start_over.click(clear, None, [*outputs, *others], cancels=asked, **_QUIET)


def _replier(assistant: Assistant) -> Callable[..., Iterator[tuple[Any, ...]]]:
    def reply(question: str, known: Conversation | None, *case: str) -> Iterator[tuple[Any, ...]]:
        """First the question with a sign of work, then what a language model writes as it passes, then the answer.

        The question field is only emptied by the first.
        """
        conversation = known or Conversation()
        before = conversation.tools
        conversation.begin(assistant, question)
        yield "", _shown(conversation.messages), conversation, gr.skip()
        chosen = Case(*case)
        for _ in conversation.finish(assistant, question, chosen):
            yield gr.skip(), _shown(conversation.messages), conversation, gr.skip()
        plans = gr.skip() if conversation.tools == before else _plans_of(assistant, conversation.tools, chosen.plan)
        yield gr.skip(), _shown(conversation.messages), conversation, plans

    return reply


def _plans_of(assistant: Assistant, tools: Sequence[str], plan: str) -> Any:
    """The plan control for other tools: a plan that none of them has is let go."""
    choices = _with_open(plan_choices(assistant.knowledge, tools))
    return gr.Dropdown(choices=choices, value=plan if plan in {value for _, value in choices} else NOT_SET)


def _with_open(choices: Sequence[tuple[str, str]]) -> Choices:
    return [("Open", NOT_SET), *choices]


def _shown(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Copies, so that what the library does to them stays its own."""
    return [dict(message) for message in messages]
