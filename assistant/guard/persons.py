"""Names of persons in a question, by what stands around them: no list of names could hold those of every origin.

A capitalised word that is no known name and no everyday word is a person's name where its surroundings speak of people, and a tool's
where they speak of tools ("use …", "… app", "is … safe").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.guard.identifiers import Detail
from assistant.guard.known import KnownNames

_TOKEN = re.compile(r"(?<!\w)[^\W\d_]+(?:['’.-][^\W\d_]+)*(?!\w)", re.UNICODE)
_PARTICLES = frozenset(
    "von van de da di del della dela la le du des zu zur zum bin ibn ap al el der den ter ten y e dos das ó o mac".split()
)
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir herr herrn frau monsieur madame mme mademoiselle m señor señora sr sra "
    "signor signora sra doña don".split()
)
_PEOPLE = frozenset(
    (
        "client clients patient patients supervisee customer husband wife mother father mum mom dad son daughter sister "
        "brother partner friend "
        "colleague child boy girl teenager aunt uncle grandmother grandfather girlfriend boyfriend ex spouse carer "
        "guardian parent therapist "
        "klient klientin klienten patientin mandant mandantin mann sohn tochter schwester bruder mutter vater kind kollegin kollege "
        "cliente clienta paciente patiente époux épouse mari femme fils fille sœur frère mère père hijo hija hermana hermano madre padre "
        "esposo esposa marido mujer late"
    ).split()
)
_NAMING = frozenset("called named name is namens heißt heisst nom llamado llamada s'appelle".split())
_ASKS_MEANING = frozenset(["heißt", "heisst"])  # "Was heißt Pseudonymisierung?"
# Words after which a person, not a tool, is named, in whichever language.
_TO_PERSON = frozenset(
    "tell told promise promised asked saw seeing treats treated treating met remind invite invited thank late belongs".split()
)
_OF_PERSON = re.compile(
    r"^\s*(?:\(|,?\s*(?:who|whose|aged|age|born|geboren|geb)\b|,\s*(?:a|an|my|her|his)\b|and (?:I|me|her|his)\b|"
    r"(?:told|tells|said|says|asked|asks|wants?|wanted|cancel\w*|refus\w+|agree\w*|withdr\w+|(?!need|us)\w{3,}ed\b|"
    r"gets?|got|sees|saw|likes|hates|fears|drinks|smokes|sleeps|speaks|plans|hopes|tries|goes|pays|owes|prefers|"
    r"insists|demands|complains|forg[oe]ts?|sends?|sent|"
    r"gave|gives|took|made|makes|knows|knew|began|starts?|stops?|sits|cries|lost|works (?:as|for|at)|"
    r"lives?|lived|moved|moves|suffers?|feels?|thinks|texted|emailed|wrote|writes|called|rang|came|comes|come|left|"
    r"died|cried|is (?:\d|a |an |my |her |in |on )|"
    r"was (?:born|diagnosed|abused|referred)|has (?:asked|told|a |been|an |just|depress|anx)|had |turned|found|missed|"
    r"needs?|takes|uses?|attends?|"
    r"may|möchte|will|zieht|braucht|hat|fragt|veut|habite|souhaite|demande|quiere|vive|pide|no quiere|don[’']t|"
    r"does(?:n[’']t| not)|would|did|and (?-i:[A-ZÀ-Þ])|paid|signed))",
    re.IGNORECASE,
)
_THINGS_OF_PERSON = re.compile(
    r"^(?:['’]s?|s['’])\s+(?:\w+\s+)?(?:mother|father|mum|mom|dad|husband|wife|partner|parents?|sister|brother|son|"
    r"daughter|notes?|file|record\w*|session\w*|case|"
    r"chat|recording|data|therapy|treatment|diagnosis|address|number|phone|e-?mail|birthday|appointment|invoice|GP|"
    r"doctor|school|employer|insurance|story)\b",
    re.IGNORECASE,
)
_TO_TOOL = frozenset(
    (
        "use using used uses try trying via through on over install installed download switch switching like platform "
        "app tool software service "
        "in into within inside benutzen nutzen verwenden über utiliser usar whether than versus vs or"
    ).split()
)
_OF_TOOL = re.compile(
    r"^(?:['’]s)?\s*(?:app|plan|account|platform|software|tool|premium|pro|plus|business|enterprise|embedded|health|"
    r"mail|notes?|voice|meet|meetings?|works?|"
    r"free|basic|cloud|api|ai|workspace|team|teams|education|server\w*|polic\w+|terms|privacy|therapy|practice|safe|"
    r"secure|allowed|good|fine|ok(?:ay)?|better|"
    r"compliant|gdpr|hipaa|covered|encrypt\w*|end-to-end|listed|owned|approved|legal|lawful|suitable|safer|safest|"
    r"sign(?:s|ed)? (?:a|the|an|baa)|sells?|"
    r"trains?|stores?|store my|listens?|collects?|shares?|learns?|supports?|offers?|works?|compl\w+|costs?|exists?|"
    r"keeps? (?:my|voices|the|prompts|metadata|data)|"
    r"for (?:therapy|clients|bookings|reminders|notes|passwords|business)|a (?:tool|medical|safe|good|plan|model|baa)|"
    r"an (?:ai|app)|conforme|sicher|erlaubt|seguro)\b",
    re.IGNORECASE,
)
_STARTERS = frozenset(
    (
        "a about access after all also although am an and any are as ask at be because before both but by call can case "
        "chart client clients compare "
        "consider could date dear did do does during each email every few follow for forward from had has have he hello "
        "help hello her here hi his how i "
        "if in invoice invoices is it its just last let may maybe me message might more most must my name need never new "
        "next no not note now of "
        "on one only or other our patient patients payment per please payment question re record recently reminder say "
        "send session shall she should "
        "show since so some somebody someone sorry speak subject suppose tell text thank thanks that the their them then "
        "there these they this those "
        "to today tomorrow two under until us was we were what when where which while who whom whose why will with without would write yes "
        "yesterday yet you your ist darf dürfen kann können muss müssen soll mein meine meinen meinem der die das ein "
        "eine ich wir sie er es wie "
        "was wer wo wann warum welche welcher welches und oder aber bei mit ohne nach vor für frau herr herrn puis "
        "est-ce ma mon mes le la les un une "
        "je il elle est qui que quoi comment pourquoi mi el los las una puedo debo qué cómo cuándo es está son tengo "
        "quiero versichertennummer kvnr puis-je "
        "social chat school request access both chart hers record"
    ).split()
)


@dataclass(frozen=True)
class _Token:
    word: str
    start: int
    end: int
    known: bool
    initial: bool

    @property
    def capital(self) -> bool:
        return self.word[:1].isupper() or (
            re.match(r"(?:el|al|an|ar|as|ad|ibn)-[^\W\d_]", self.word) is not None and self.word[3:4].isupper()
        )

    @property
    def plain(self) -> str:
        return self.word.lower().removesuffix("'s").removesuffix("’s")


def find_persons(text: str, known: KnownNames) -> Iterator[Detail]:
    """The names of persons, each with given and family name as one, in the order of the text."""
    tokens = _read(text, known)
    position = 0
    while position < len(tokens):
        run = _run(text, tokens, position, known)
        if run and _is_person(text, tokens, position, run, known):
            last = tokens[position + run - 1]
            yield Detail("name", tokens[position].start, last.end - (2 if last.word.endswith(("'s", "’s")) else 0))
        position += max(run, 1)
    yield from _small_letters(text, tokens, known)


def _read(text: str, known: KnownNames) -> list[_Token]:
    matches = list(_TOKEN.finditer(text))
    tokens: list[_Token] = []
    words = [match.group() for match in matches]
    while len(tokens) < len(matches):
        place = len(tokens)
        size = known.starting(words[place : place + 6])
        for match in matches[place : place + max(size, 1)]:
            before = text[: match.start()].rstrip(" \"'“„«(*-–")
            initial = not before or before[-1] in ".!?:;\n"
            tokens.append(_Token(match.group(), *match.span(), known=size > 0 or _is_made_up(match.group()), initial=initial))
    return tokens


def _is_made_up(word: str) -> bool:
    """Whether a word is written like a product or an acronym (``SimplePractice``, ``BAA``, ``Otter.ai``), not like a name (``McNeil``)."""
    if any(part.isupper() and 2 <= len(part) <= 6 for part in re.split(r"-|['’]s$", word)) or (word.isupper() and len(word) == 1):
        return True
    if re.search(r"\.(?:ai|com|me|us|io|org|net|fm|app|de|health)$", word, re.IGNORECASE):
        return True
    inner = re.sub(r"^(?:Mc|Mac|Fitz|De|Di|La|Le|Du|Van|O['’]|D['’]|Al-|El-|al-|el-)", "", word)
    return bool(re.search(r"[a-zà-ÿ][A-ZÀ-Þ]", inner))


def _run(text: str, tokens: Sequence[_Token], start: int, known: KnownNames) -> int:
    """How many tokens from here on may be one name: capitalised, unknown, parted by single spaces, with particles between."""
    size = 0
    while start + size < len(tokens) and size < 5:
        token = tokens[start + size]
        if size and token.initial and len(tokens[start + size - 1].word) > 1:
            break
        if size and text[tokens[start + size - 1].end : token.start] not in (" ", ". ") + (
            (", ",) if _comma_name(text, tokens, start, size) else ()
        ):
            break
        if (
            (
                token.capital
                and not token.known
                and not (size == 0 and token.initial and _is_everyday(token, known))
                and token.plain not in _TITLES | _PEOPLE
            )
            or (size and token.word.lower() in _PARTICLES and _goes_on(text, tokens, start + size))
            or (
                not size
                and token.word.lower() in _PARTICLES
                and not token.initial
                and _goes_on(text, tokens, start)
                and _titled(tokens, start)
            )
        ):
            size += 1
        else:
            break
        if token.word.endswith(("'s", "’s")):
            break
    return size


def _goes_on(text: str, tokens: Sequence[_Token], position: int) -> bool:
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    return following is not None and following.capital and not following.known and text[tokens[position].end : following.start] == " "


def _comma_name(text: str, tokens: Sequence[_Token], start: int, size: int) -> bool:
    """``Pemberton, Eleanor:`` at the beginning of a sentence."""
    after = tokens[start + size]
    return (
        size <= 2
        and tokens[start].initial
        and after.capital
        and not after.known
        and text[after.end : after.end + 1] in (":", ".", ",", ";")
    )


def _titled(tokens: Sequence[_Token], start: int) -> bool:
    return start > 0 and tokens[start - 1].word.lower().rstrip(".") in _TITLES


def _is_everyday(token: _Token, known: KnownNames) -> bool:
    return token.plain in _STARTERS or known.is_word(token.plain)


def _is_person(text: str, tokens: Sequence[_Token], start: int, size: int, known: KnownNames) -> bool:
    run, after = tokens[start : start + size], text[tokens[start + size - 1].end :]
    before = tokens[start - 1].word.lower().rstrip(".") if start else ""
    near = start > 0 and len(text[tokens[start - 1].end : tokens[start].start].strip(" ,:.“\"'(–-")) == 0
    same_sentence = (near and not run[0].initial) or before in _TITLES
    if known.capital_nouns and before in _ASKS_MEANING and _is_everyday(run[0], known):
        return False
    if same_sentence and (before in _TITLES or before in _PEOPLE or before in _NAMING):
        return before != "is" or not _OF_TOOL.match(after)
    if near and text[tokens[start - 1].end : tokens[start].start].strip() == ":" and before in _PEOPLE | _NAMING:
        return True
    possessive = run[-1].word.endswith(("'s", "’s"))
    thing = after if not possessive else run[-1].word[-2:] + after
    if _THINGS_OF_PERSON.match(thing):
        return True
    if _OF_TOOL.match(thing) or (same_sentence and before in _TO_TOOL):
        return (
            size >= 2 and not any(_is_everyday(token, known) for token in run) and bool(_OF_PERSON.match(after)) and before not in _TO_TOOL
        )
    ordinary = [token for token in run if _is_everyday(token, known)]
    if size >= 2:
        return not ordinary or (run[0] not in ordinary and not any(_OF_TOOL.match(token.word) for token in run))
    if ordinary:
        return False
    if run[0].initial:
        return bool(_OF_PERSON.match(after))
    return same_sentence and ((not known.capital_nouns and _speaks_english(text)) or before in _TO_PERSON or bool(_OF_PERSON.match(after)))


def _speaks_english(text: str) -> bool:
    """In German every noun has a capital, so a preposition alone says nothing there."""
    return not re.search(r"\b(?:ist|darf|kann|muss|ich|mein\w*|und|der|die|das|nicht|für|eine?[nmr]?)\b", text, re.IGNORECASE)


def _small_letters(text: str, tokens: Sequence[_Token], known: KnownNames) -> Iterator[Detail]:
    """``my client eleanor pemberton wants``: words that are no everyday words after a word for a person, or before ", my client"."""
    for position, token in enumerate(tokens):
        if token.plain in _PEOPLE and not token.word.endswith(("'s", "’s")):
            yield from _unknown_after(text, tokens, position + 1, known)
            own = (
                position >= 3
                and tokens[position - 1].plain in ("my", "a", "our")
                and text[tokens[position - 2].end : tokens[position - 1].start] == ", "
            )
            if own:
                yield from _unknown_before(text, tokens, position - 2, known)


def _unknown_after(text: str, tokens: Sequence[_Token], start: int, known: KnownNames) -> Iterator[Detail]:
    end = start
    while end < len(tokens) and end - start < 3 and _is_strange(text, tokens, end, known):
        end += 1
    if end - start >= 2 or (end - start == 1 and _OF_PERSON.match(text[tokens[end - 1].end :])):
        yield Detail("name", tokens[start].start, tokens[end - 1].end)


def _unknown_before(text: str, tokens: Sequence[_Token], last: int, known: KnownNames) -> Iterator[Detail]:
    first = last + 1
    while first > 0 and last - first < 2 and _is_strange(text, tokens, first - 1, known):
        first -= 1
    if first <= last:
        yield Detail("name", tokens[first].start, tokens[last].end)


def _is_strange(text: str, tokens: Sequence[_Token], position: int, known: KnownNames) -> bool:
    token = tokens[position]
    gap = text[tokens[position - 1].end : token.start] if position else ""
    plain = token.plain
    return (
        gap == " "
        and not token.capital
        and not token.known
        and len(plain) > 1
        and plain not in _STARTERS | _TO_PERSON | _TO_TOOL | _NAMING | _PEOPLE
        and not _OF_PERSON.match(f" {token.word} ")
        and not known.is_word(plain)
    ) or (
        gap == " "
        and plain in _PARTICLES
        and position + 1 < len(tokens)
        and not known.is_word(tokens[position + 1].plain)
        and not tokens[position + 1].known
    )
