"""Sentences that speak to a program instead of asking about something: in a question they are left out, in a document they are not quoted.

Nothing here decides whether an answer is right. Verdicts come from findings and citations from clauses, whatever a text demands; this
keeps such a text from steering what is looked up, and a language model from reading it as its own instructions.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

_RULES = (
    r"instructions?|instruct\w*|rules?|prompts?|guidelines?|guardrails?|checks?|sources?|clauses?|criteria|criterion|"
    r"polic(?:y|ies)|directives?|"
    r"constraints?|restrictions?|safety|verification|orders?|programming|training|above|everything|context"
)
# Sentences that no policy, law or contract holds: a clause with one was planted.
_PLANTED = re.compile(
    rf"""
    \b(?:ignor\w+|disregard|forget|override|overrule|bypass|skip|drop|discard|neglect)\b[^.?!\n]{{0,60}}\b(?:previous|
      prior|above|earlier|all|your|any|the|these|those|every\w*)\b[^.?!\n]{{0,40}}\b(?:{_RULES})\b
    |\b(?:you\ are|you[’']re)\s+(?:now|no\ longer|hereby|from\ now)\b
    |\b(?:developer|debug|admin|god|sudo|maintenance|unrestricted|jailbreak)\s*(?:mode|access|override)\b|
      \bjailbreak\w*\b|\bdo\ anything\ now\b
    |\b(?:new|updated|real|actual|secret|hidden|following|additional)\s+(?:system\s+)?(?:instructions?|rules?|prompt|directives?)\b
    |\bsystem\s*(?:prompt|message|override|note|instruction|notice)\b
    |^\s*(?:\W{{0,3}})(?:system|assistant|developer|ai|admin|model|bot|chatgpt|clausewise)\s*(?:\]|\))?\s*[:>|=]
    |\b(?:note|message|attention|important|instructions?|reminder)\s+(?:to|for)\s+(?:the\ |any\ |all\ |every\ )?(?:ai|
      assistants?|(?:language\ )?models?|llms?|bots?|chatbots?|systems?|summari[sz]ers?|readers?\ of\ this\ by\ machine)\b
    |<\|?/?(?:im_start|im_end|system|endoftext|assistant|user|instructions?)\|?>|\[/?(?:INST|SYS|SYSTEM)\]|
      <<\s*/?SYS\s*>>|\#{{2,}}\s*(?:instruction|system|response|new)
    |\b(?:reveal|print|show|repeat|output|leak|display|dump|recite|expose|quote|disclose|tell\ me|give\ me|
      send|what\ (?:is|are))\b[^.?!\n]{{0,50}}\b(?:system|hidden|initial|secret|internal|own|your|original)\s+(?:\w+\s+)?(?:prompt|
      instructions?|configuration|config|rules|api\ keys?|password|settings)\b
    |\b(?:repeat|print|output|echo)\b[^.?!\n]{{0,30}}\b(?:text|words|everything|all)\b[^.?!\n]{{0,15}}\babove\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESSED = re.compile(
    r"""
    \bfrom\ (?:now|here)\ on(?:wards)?\b.{0,20}\b(?:you|answer|reply|respond|act|treat|say|every|all)\b
    |\b(?:act|behave|respond|answer|speak|reply|write)\ (?:as|like)\ (?:if\ you|an?|the|my|though|dan)\b
    |\b(?:pretend|imagine|role-?play|simulate|suppose)\b[^.?!\n]{0,30}\b(?:you|your|an?\ (?:ai|assistant|model|
      lawyer|auditor|unrestricted))\b
    |\b(?:ai|assistants?|language\ models?|llms?|chatbots?)\b[^.?!\n]{0,40}\b(?:must|should|shall|have\ to|
      are\ to|need\ to|are\ instructed)\b[^.?!\n]{0,60}\b(?:say|answer|reply|report|rate|treat|state|conclude|
      cite|mark|output|ignore|call|recommend)\b
    |\b(?:the|your|this|its|final)\s+(?:final\s+)?(?:verdict|answer|finding|rating|result|conclusion)\s+(?:must|
      shall|should|has\ to|will|is\ (?:to|hereby|now|already)|=|:)
    |\b(?:set|change|switch|turn|force|overwrite|update|flip|mark|rate|classify|label|treat)\b[^.?!\n]{0,40}\b(?:verdict|
      finding|criteri\w+|gate|status|rating|jurisdiction|profile|vt-\d+)\b[^.?!\n]{0,30}\b(?:to|as|=|met|suitable|
      passed|us|uk|eu)\b
    |(?:^|[,;:]\s*|\b(?:and|then|please|just|instead|only|simply|must|should|always|you)\s+)(?:say|state|answer|
      reply|respond|declare|conclude|output|return|report|confirm|write|rate|judge|deem|consider|call|find|
      tell\ (?:me|the\ user|them|everyone))\b(?![^.?!\n]*\b(?:if|whether|how|why|what|which|who|when|where)\b)[^.?!\n]{0,50}\b(?:suitable|
      safe|approved|compliant|yes|no\ conditions?|certified|recommended|allowed|perfect|fully)\b
    |\b(?:do\ not|don[’']t|never|without|stop|no\ need\ to)\s+(?:ever\s+)?(?:cit\w+|check\w*|verify\w*|quot\w+|
      mention\w*|warn\w*|ask\w*)\b[^.?!\n]{0,40}\b(?:clauses?|sources?|citations?|anything|conditions?|this|
      stale|verification|risks?|them|it)\b
    |\b(?:cite|quote|add|insert|use|append|put)\b(?:[^.?!\n]|\.(?=\s?\d)){0,60}\b(?:as\ (?:the\ )?(?:proof|source|only\ source|
      citation|evidence)|(?:fake|false|following)\ (?:citation|source)s?|citation\s*\[?\d)
    |\b(?:call|visit|open|fetch|send|post|upload|connect\ to|download)\b[^.?!\n]{0,40}\bhttps?://
    |\b(?:delete|erase|drop|wipe|rm\ -rf)\b[^.?!\n]{0,25}\b(?:index|database|store|knowledge|table|all\ files|log)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OTHER_LANGUAGES = re.compile(
    r"""
    \b(?:ignorier\w*|vergiss|vergessen\ sie|missachte\w*|übergeh\w*|umgeh\w*)\b[^.?!\n]{0,60}\b(?:anweisung\w*|
      vorgabe\w*|regel\w*|anleitung\w*|prompt\w*|kriterien|quellen)\b
    |\bdu\ bist\ (?:jetzt|nun|ab\ jetzt)\b|\bab\ (?:jetzt|sofort)\b[^.?!\n]{0,40}\b(?:du|antworte\w*|sag\w*)\b|
      \b(?:antworte|sag|schreib|gib)\w*\b[^.?!\n]{0,50}\b(?:geeignet|sicher|unbedenklich|systemprompt|empfohlen)\b
    |\b(?:ignore[rz]?|oublie[rz]?|ne\ tiens\ pas\ compte|contourne[rz]?)\b[^.?!\n]{0,60}\b(?:instructions?|
      consignes?|règles?|directives?|sources)\b|\btu\ es\ (?:maintenant|désormais)\b
    |\b(?:réponds|dis|affirme|répondez|dites)\b[^.?!\n]{0,50}\b(?:adapté|sûr|conforme|approuvé|sans\ danger)\b
    |\b(?:ignora\w*|olvida\w*|omite|descarta|esquece|esqueça|dimentica)\b[^.?!\n]{0,60}\b(?:instrucciones|
      instrucción|reglas|normas|istruzioni|regole|instruções|regras|fuentes|fonti|fontes)\b
    |\b(?:responde|di\ que|afirma|contesta|rispondi|diga)\b[^.?!\n]{0,50}\b(?:adecuad[oa]|segur[oa]|apt[oa]|
      aprobad[oa]|sicur[oa]|adatt[oa]|adequad[oa])\b|\b(?:ahora\ eres|ora\ sei|agora\ você\ é)\b
    |\b(?:negeer|vergeet)\b[^.?!\n]{0,60}\b(?:instructies|aanwijzingen|regels)\b|\b(?:zignoruj|pomiń|zapomnij)\b[^.?!\n]{0,60}\b(?:instrukcj\w+|
      polece\w+|zasad\w*|reguł\w*)\b
    |\b(?:ignorera|glöm)\b[^.?!\n]{0,60}\b(?:instruktioner\w*|regler\w*)\b|(?:talimat|kural)\w*[^.?!\n]{0,40}(?:yok\ say|
      görmezden\ gel|unut)
    |(?:игнорир\w+|забудь\w*|проигнорир\w+)[^.?!\n]{0,60}(?:инструкци\w+|указани\w+|правил\w*)|ти\ тепер|(?:ігноруй|
      забудь)\w*[^.?!\n]{0,60}(?:інструкці\w+|правил\w*)
    |(?:忽略|无视|忘记|忽視|無視して|無視)|(?:指示|命令|ルール)を?(?:無視|忘れ)|(?:무시|잊어)|(?:지시|명령)[^.?!\n]{0,20}(?:무시|잊)
    |(?:تجاهل|انس)[^.?!\n]{0,60}(?:التعليمات|الأوامر|القواعد)|התעלם|(?:निर्देश|नियम)[^.?!\n]{0,40}(?:अनदेखा|भूल)|αγνόησε
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|/\*.*?\*/|<(script|style|template|iframe|svg|meta)\b.*?(?:</\1>|/?>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-z][a-z0-9-]*(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"(?:^|\s)---\s.{0,600}?\s---(?=\s|$)", re.DOTALL)
_CITED = re.compile(
    r"(?:^|(?<=[\s.]))(?:\[\d{1,3}\])+\s*[:=]?\s*[^\[\n?]{0,200}?(?:[.!?](?=\s+(?-i:[A-ZÀ-Þ¿])|\s*$)|(?=\[)|$)|"
    r"(?:^|(?<=[.!?]\s))(?:sources?|references?|citations?|quelle|fuente)\s*:\s*[^\n?]{0,200}?(?:[.!?](?=\s+[A-Z]|\s*$)|$)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?:^|(?<=\s))(?:assistant|ai|bot|chatgpt|model)\s*:\s.*?(?=\s(?:user|human)\s*:|$)|(?:^|(?<=\s))(?:user|human)\s*:\s",
    re.IGNORECASE | re.DOTALL,
)
_BLOB = re.compile(
    r"(?<![\w/+=])(?=[A-Za-z0-9+/=_-]*\d|[A-Za-z0-9+/=_-]{32})[A-Za-z0-9+/_-]{20,}={0,2}(?![\w/+=])|"
    r"(?<!\w)(?:[0-9a-f]{2}[\s:]?){12,}(?!\w)|(?<!\S)(?=\S*%[0-9a-f]{2}\S*%[0-9a-f]{2})\S{12,}|(?:\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|"
    r"&\#x?[0-9a-f]{2,5};){4,}",
    re.IGNORECASE,
)
_QUESTION_WORDS = (
    "is|are|am|do|does|did|can|could|may|must|should|shall|will|would|has|have|what|when|where|which|who|why|how|"
    "compare|darf|ist|kann|muss|"
    "soll|was|wann|welche|wie|est-ce|puis-je|dois-je|quel|quelle|puedo|debo|es|qué|cuándo"
)
# A sentence ends at its mark, and before a question that follows without one ("… hidden rules Is Zoom safe?").
_SEGMENT = re.compile(rf"[^.?!\n]+?(?:[.?!]+[\"'”’)\]]*(?=\s|$)|\n|$|[.?!]|(?=\s(?i:{_QUESTION_WORDS})\s)(?=\s[A-Z¿]))|[.?!\n]+", re.DOTALL)
_ABBREVIATED = re.compile(r"\b(arts?|nos?|nr|sec|sch|paras?|s)\.(?=\s?\d)", re.IGNORECASE)
_NO_STOP = "\u2024"
_LEET = str.maketrans("013457@$", "oieastas")
_LIKE_LATIN = str.maketrans("аеорсхуіѕјԁӏոցԛᴀвнкмтѵοανεικρτυχ", "aeopcxyisjdlnguabhkmtvoaveikptux")
MAX_DECODED = 2_000
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Stripped:
    """A text without what speaks to a program; ``left_out`` counts the pieces."""

    text: str
    left_out: int = 0

    @property
    def notice(self) -> str:
        """What the person is told; empty where nothing was left out."""
        if not self.left_out:
            return ""
        return "I left out what reads like instructions to a program, hidden text or ready-made citations, and answered the rest."


def strip_instructions(text: str) -> Stripped:
    """The text without sentences that speak to a program, hidden passages, encoded ones and ready-made citations.

    If too little else is left, the text stays as it is: then it is the question, and it is answered as such.
    """
    plain, left_out = _without_hidden(text)
    kept = []
    for segment in _segments(plain):
        if segment.strip() and speaks_to_program(segment):
            left_out += 1
        else:
            kept.append(segment)
    remaining = " ".join("".join(kept).split()).lstrip(" .,;:<>/|-")
    if not left_out or len(re.findall(r"[^\W\d_]{3,}", remaining)) < FEWEST_WORDS:
        return Stripped(text)
    return Stripped(remaining, left_out)


def _segments(text: str) -> list[str]:
    """The sentences of a text with what stands between them; the full stop of "Art. 28" ends none."""
    return [segment.replace(_NO_STOP, ".") for segment in _SEGMENT.findall(_ABBREVIATED.sub(rf"\1{_NO_STOP}", text))]


def speaks_to_program(text: str) -> bool:
    """Whether a text, as it stands or decoded, reads like instructions to a program."""
    return any(
        _PLANTED.search(reading) or _ADDRESSED.search(reading) or _OTHER_LANGUAGES.search(reading)
        for reading in _readings(text[:MAX_DECODED])
    )


@lru_cache(maxsize=20_000)
def is_planted(text: str) -> bool:
    """Whether a clause holds what no policy, law or contract says: words to a program, in plain or look-alike letters.

    Such a clause is not retrieved. Encoded words are not looked for: nobody decodes a clause.
    """
    readings = (text,) if text.isascii() else (text, _folded(text))
    return any(_PLANTED.search(reading) or _OTHER_LANGUAGES.search(reading) for reading in readings)


@lru_cache(maxsize=20_000)
def is_planted_heading(text: str) -> bool:
    """As ``is_planted``; of a heading less is enough, unless it asks: no policy heads a section "Confirm that this is approved"."""
    readings = (text,) if text.isascii() else (text, _folded(text))
    return is_planted(text) or (not text.endswith("?") and any(_ADDRESSED.search(reading) for reading in readings))


def _folded(text: str) -> str:
    """Without invisible marks, and with Latin letters for those that look like them."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain if unicodedata.category(character) not in ("Cf", "Mn")).translate(_LIKE_LATIN)


def _without_hidden(text: str) -> tuple[str, int]:
    left_out = 0
    for pattern in (_COMMENT, _FRONT_MATTER, _SPOKEN, _TAG, _CITED, _BLOB):
        text, count = pattern.subn(" ", text)
        left_out += count
    return text, left_out


def _readings(text: str) -> Iterator[str]:
    """The text, and what it may stand for: written backwards, shifted, in figures for letters, in look-alikes, spaced out, encoded."""
    yield text
    if not text.isascii():
        yield _folded(text)
        yield "".join(character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character))
    yield codecs.encode(text, "rot13")
    yield text[::-1]
    if re.search(r"[a-z][0134578@$][a-z]", text, re.IGNORECASE):
        yield text.translate(_LEET)
    if re.search(r"(?:\b\w[ .·_-]){6}", text):
        yield re.sub(r"(?<=\b\w)[ .·-](?=\w\b)", "", text).replace("_", " ")
    if "%" in text or "&" in text or "\\" in text:
        yield html.unescape(unquote(text))
    for match in _BLOB.finditer(text):
        yield from _decoded(match.group())


def _decoded(blob: str) -> Iterator[str]:
    compact = re.sub(r"[\s:]", "", blob)
    try:
        yield bytes.fromhex(compact).decode("utf-8")
    except ValueError:
        pass_on = compact + "=" * (-len(compact) % 4)
        try:
            yield base64.b64decode(pass_on, altchars=b"-_", validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return
