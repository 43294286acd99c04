"""From a question, the options and the conversation so far to a typed query. Rules only; every rule is a pattern with a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from assistant.converse.circumstances import read_day, read_features, read_profile
from assistant.converse.names import NamedTools, ToolNames
from assistant.converse.query import AskOptions, Query
from assistant.converse.relevance import without_names
from assistant.converse.session import Session
from assistant.locators import find_locators
from assistant.schema import Intent, Jurisdiction, Knowledge, Profile, SourceKind, Tool


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_VERDICT = _pattern(
    r"\b(?:safe|secure|ok|okay|fine|suitable|allowed|compliant|compliance|legal|lawful|appropriate|acceptable|all ?right|alright)\b",
    r"\b(?:good (?:enough|choice|idea)|fit for|recommend\w*|trust(?:worthy)?|verdict|assess(?:ment)?|confidential|private enough)\b",
    r"\b(?:yes or no|would .{1,30} do\b|go for|stick with|switch to)",
)
_WHOLE_TOOL = _pattern(
    r"^(?:and )?(?:what|how) about\b",
    r"\bwhat do you (?:think|say) (?:of|about)\b",
    r"\bverdict\b",
    r"\bhow (?:safe|secure|private|good|suitable)\b",
)
_USES_IT = _pattern(
    r"\b(?:can|may|could|should|shall|must) (?:i|we|my \w+|therapists?|counsellors?|practitioners?) (?:still |also )?"
    r"(?:use|keep using|record|offer|see (?:clients|patients|people|them)|run|hold|do (?:sessions|therapy|telehealth))\b",
    r"\bcan .{1,40}\b(?:go in|go into|be used|write up|take (?:my )?notes)\b",
)
_OPENS_TOPIC = _pattern(
    r"^(?:and |but )?(?:which|where|how|when|who|why|does|did|whose|has|have|are|were)\b",
    r"^(?:and |but )?what (?!do you|about)",
    r"^(?:can|may|could|should) (?:i|we) (?:let|see who|find|delete|export|turn|switch|stop|get|know|change|remove|download)\b",
    r"^(?:and |but )?can (?:an? |the |my )?(?:clients?|patients?|people|staff|any(?:one|body)|some(?:one|body)|others|they|employees)\b",
    r"^is (?:there (?:a|an)\b|it true|my\b|the\b|what\b)",
    r"^(?:write|tell|list|show|explain|give)\b",
)
_CLAUSE = _pattern(
    r"\b(?:which|what|where|show)\b.{0,25}\b(?:clause|section|paragraph|article|control|term)s?\b",
    r"\bwhere (?:does|do|is|in)\b.{0,60}\b(?:say|says|stated?|written)\b",
)
_CLAUSE_OF_ANSWER = _pattern(
    r"^(?:and )?(?:which|what) (?:clauses?|sections?|paragraphs?) (?:says?|is|are|does|do) (?:that|this|it|so|those)",
    r"^show me (?:that|the) (?:clause|paragraph|section)",
    r"^where does it say (?:that|so)",
)
_LETTER = _pattern(r"\b(?:write|draft|compose)\b.{0,30}\b(?:request|letter|e-?mail|message)\b")
_CONSENT_TEXT = _pattern(
    r"\b(?:write|draft|compose|make|prepare|give me|show me|print|need)\b.{0,40}"
    r"\b(?:consent|information) (?:text|form|wording|sheet|letter|notice)s?\b",
    r"\b(?:consent|information) (?:text|form|wording|sheet)s? for\b",
)
_CONDITIONS = _pattern(r"\b(?:show|list|give|what are)\b.{0,20}\ball\b.{0,15}\b(?:conditions|steps)\b")
_GREETING = _pattern(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|help|thanks?(?: you)?|who are you|how do you work)\b[\s!.?]*$",
    r"^what can (?:you (?:do|help)|i ask)",
)
_FOLLOWS_UP = _pattern(
    r"^(?:and|but|what if|what about|how about|now|then|so)\b", r"^my client\b", r"^i(?:'m| am| only| just| have| use)\b"
)
_BOTH = _pattern(
    r"^(?:and |now )?(?:please )?compare (?:both|them|the two|these)\b", r"^which (?:one |of (?:both|them|the two) )?is (?:better|safer)\b"
)
_STATES = _pattern(r"^i(?:'m| am| only| just| have| use)\b", r"^my client\b", r"^we\b")
_ABOUT_THAT = _pattern(r"\b(?:about|on|to|of|with) (?:that|this|it)\b", r"^(?:and|but) (?:what|how|why|when|who)\b")
_POINTS_BACK = _pattern(r"\b(?:it|its|they|them|their|that one|this one|that tool|this tool|the tool|the vendor)\b")
_WITHOUT_A_TOOL = _pattern(
    r"\b(?:is|are) (?:it|they|this|that)\b",
    r"\buse (?:it|this|that)\b",
    r"\b(?:lets?|allows?|may|can|do|does) (?:them|they|it)\b",
)
_STANDARD = _pattern(r"\b(?:iso|27001|27002|annex a|controls?)\b", r"\bauditors?\b", r"\b(?:which|what|a) (?:\w+ )?measures?\b")
_LAW = _pattern(
    r"\b(?:gdpr|law|legal(?:ly)?|articles?|recitals?|regulation|act|dpa 2018|statut\w+)\b",
    r"\b(?:must|may|have to|allowed to|obliged to) (?:i|we|a|the|they)\b",
)
_OUTSIDE = _pattern(
    r"\b(?:diagnos(?:e|ing)|medicat\w+|antidepress\w+|prescri(?:be|bing)|dosage|symptoms?)\b",
    r"\b(?:which|what|best|good) (?:\w+ )?(?:technique|exercise|intervention|treatment)s?\b",
    r"\b(?:represent|defend|act for) me\b|\b(?:sue|lawsuit against) (?:my|the|a|him|her|them)\b|\bbe my (?:lawyer|solicitor|attorney)\b",
)
_DANGER = _pattern(
    r"\b(?:suicid\w+|kill(?:ing)? (?:her|him|my|them)sel\w+|end(?:ing)? (?:her|his|my|their) life|overdos\w+|self[- ]harm\w*)\b",
    r"\bin (?:immediate |acute )?danger\b",
)
_SHORT = 4  # words: "zoom ok?", "teams for clients"
_HIPAA = _pattern(r"\b(?:hipaa|baa|business associates?|covered entit\w+|45 ?cfr|phi|protected health information|psychotherapy notes)\b")


LEGAL_KINDS: tuple[SourceKind, ...] = ("law", "standard", "guidance")
TOOL_KINDS: tuple[SourceKind, ...] = ("vendor", "contract")


class Understanding:
    """Reads questions against what is held."""

    def __init__(
        self,
        knowledge: Knowledge,
        is_known_word: Callable[[str], bool],
        asks_for_verdict: Callable[[str], bool],
        default_jurisdiction: Jurisdiction,
    ) -> None:
        self._knowledge = knowledge
        self._names = ToolNames(knowledge.tools.values(), is_known_word)
        self._asks_for_verdict = asks_for_verdict
        self._default_jurisdiction = default_jurisdiction

    def read(self, question: str, options: AskOptions, session: Session, today: date) -> Query:
        """The typed query. What nobody stated is assumed and named in ``profile.assumed``."""
        named = self._names.find(question)
        intent, tools = self._intent(question, named, session)
        tool = self._knowledge.tools.get(tools[0]) if tools else self._last_tool(session)
        profile = read_profile(question, tool, self._start(options, session))
        featured = profile.model_copy(update={"features": read_features(question, profile.features)})
        if intent == "lookup" and session.tools and _changes_the_case(question, featured, session):
            intent, tools = "verdict", session.tools
        if intent in ("verdict", "comparison", "consent"):
            profile = featured
        return Query(
            question=question,
            search=_with_what_it_points_to(question, session),
            intent=intent,
            profile=_with_options(profile, options),
            day=options.as_of or read_day(question, today) or today,
            tools=tools,
            unknown_tool=named.unknown,
            locators=tuple(find_locators(question)),
        )

    def _last_tool(self, session: Session) -> Tool | None:
        return self._knowledge.tools.get(session.tools[0]) if session.tools else None

    def _start(self, options: AskOptions, session: Session) -> Profile:
        if session.profile is not None:
            return session.profile
        assumed = ("jurisdiction", "client_jurisdiction", "use", "clients", "plan", "covered_entity")
        return Profile(jurisdiction=options.jurisdiction or self._default_jurisdiction, assumed=assumed)

    def _intent(self, question: str, named: NamedTools, session: Session) -> tuple[Intent, tuple[str, ...]]:
        """The intent as far as the words alone tell it; ``lookup`` may turn out to be about the tool of the conversation."""
        about = named.held or session.tools
        if _DANGER.search(question) and not named.held:
            return "danger", ()
        if _GREETING.search(question):
            return "capabilities", ()
        if about and _CONSENT_TEXT.search(question):
            return "consent", about[:1]
        if about and _LETTER.search(question):
            return "letter", about[:1]
        if about and _CONDITIONS.search(question):
            return "conditions", about[:1]
        if _CLAUSE_OF_ANSWER.search(question) and session.last_answer is not None:
            return "clause", about
        if len(named.held) > 1:
            return "comparison", named.held
        if not named.held and len(session.recent) > 1 and _BOTH.search(question):
            return "comparison", session.recent
        if named.held:
            return self._about_one_tool(question, named.held), named.held
        if named.unknown:
            return "unknown_tool", ()
        if _POINTS_BACK.search(question) and not find_locators(question):
            return self._pointing_back(question, session)
        return "lookup", ()

    def _pointing_back(self, question: str, session: Session) -> tuple[Intent, tuple[str, ...]]:
        """A question about "it" or "them": about the tool of the conversation; asked back where there is none."""
        if session.tools:
            return self._about_one_tool(question, session.tools), session.tools
        if _WITHOUT_A_TOOL.search(question) and (_VERDICT.search(question) or _CLAUSE.search(question)):
            return "ask_back", ()
        return "lookup", ()

    def _about_one_tool(self, question: str, tools: tuple[str, ...]) -> Intent:
        """The verdict on the tool or one question about it: by what the words say plainly, else by the nearest way of asking."""
        asking = _asking_sentence(question)
        if _WHOLE_TOOL.search(question) or _USES_IT.search(asking):
            return "verdict"
        if _OPENS_TOPIC.search(asking):
            return "topic"
        if _VERDICT.search(question) or len(question.split()) <= _SHORT:
            return "verdict"
        plain = without_names(question, [self._knowledge.tools[tool] for tool in tools])
        return "verdict" if self._asks_for_verdict(plain) else "topic"


def _asking_sentence(question: str) -> str:
    """The last sentence that asks; the whole text where none does ("My clinic gave me an account. Can it read along?")."""
    asking = [sentence for sentence in re.split(r"(?<=[.!?])\s+", question) if sentence.endswith("?")]
    return asking[-1] if asking else question


def named_kinds(question: str) -> tuple[SourceKind, ...]:
    """The kinds of source a look-up asks for: standards where it names a control or ISO, law and guidance where it names those."""
    if _STANDARD.search(question):
        return ("standard",)
    return ("law", "guidance") if _LAW.search(question) else LEGAL_KINDS


def is_outside(question: str) -> bool:
    """Whether a question asks for what this is not for: clinical advice, or somebody to act as a lawyer."""
    return bool(_OUTSIDE.search(question))


def names_us_law(question: str) -> bool:
    """Whether a question is plainly about US health privacy law."""
    return bool(_HIPAA.search(question))


def _changes_the_case(question: str, profile: Profile, session: Session) -> bool:
    """Whether a follow-up changes the case of the verdict just given ("And for a US practice?", "I only have the free account.")."""
    states = not question.rstrip().endswith("?") and bool(_STATES.search(question))
    return bool(_FOLLOWS_UP.search(question)) and (profile != session.profile or states)


def _with_what_it_points_to(question: str, session: Session) -> str:
    """The words to search with: a follow-up about "that" is searched together with the question before it."""
    last = session.last_answer
    return f"{last.question} {question}" if last and _ABOUT_THAT.search(question) else question


def _with_options(profile: Profile, options: AskOptions) -> Profile:
    """What was fixed beside the question wins over what the question was read to say."""
    names = ("jurisdiction", "client_jurisdiction", "use", "plan")
    fixed = {name: value for name in names if (value := getattr(options, name)) is not None}
    settings = {**profile.settings, **options.settings}
    assumed = tuple(name for name in profile.assumed if name not in fixed)
    return profile.model_copy(update={**fixed, "settings": settings, "assumed": assumed})
