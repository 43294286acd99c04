"""From a file to a version of a source: read, split, described, dated, and checked against what is held."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.errors import AssistantError, InputError, UsageError
from assistant.ingest.details import (
    Details,
    from_metadata,
    guess,
    guess_contract,
    read_side_files,
    split_front_matter,
)
from assistant.ingest.documents import ParsedDocument, RawDocument
from assistant.ingest.files import Group, day_in, read_file
from assistant.ingest.recognise import parse_document
from assistant.schema import Knowledge, Reading, Source, Version
from assistant.store import ImportedSource, Words

FEWEST_WORDS = {"vendor": 40, "guidance": 40}  # a page with fewer is a wall, an error page or a broken capture
FEWEST_WORDS_ELSE = 5  # an e-mail that belongs to a contract may be short
CONSOLIDATED = "consolidated"
SHRUNK = 0.25  # of the words of the version before: what is left when a login page was saved instead of the policy
SHRUNK_FROM_WORDS = 200


_FORMATS = frozenset("xml html htm xhtml md markdown pdf docx txt yaml yml json gz formex eurlex akn akn4eu clml".split())
_DATA_FILES = (".json", ".yaml", ".yml", ".csv", ".tsv")
_SIGNATURES = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")
_TEXT_FORMATS = ("text", "markdown")


@dataclass(frozen=True)
class ReadFile:
    """One file after reading. ``said`` is what options, side files, front matter and the file say, ``guessed`` the rest."""

    name: str
    sha256: str
    said: Details
    guessed: Details
    parsed: ParsedDocument
    captured: date | None

    @property
    def details(self) -> Details:
        return self.said.over(self.guessed)

    @property
    def is_own_text(self) -> bool:
        """Whether the words are those of the document they go by: a corrigendum holds scraps of one, an outline speaks about one."""
        return self.parsed.wording == "official" and "corrections" not in self.parsed.units


@dataclass
class ImportReport:
    """What an import did to one source. ``versions`` says of each text read: its id, its clauses and what became of it;
    ``left_out`` names whole files, ``skipped`` parts of files.
    """

    source: str = ""
    label: str = ""
    kind: str = ""
    clauses: int = 0
    units: dict[str, int] = field(default_factory=dict)
    formats: set[str] = field(default_factory=set)
    versions: list[dict[str, object]] = field(default_factory=list)
    guessed: dict[str, object] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changed: bool = False
    files: int = 0


def read_group_file(path: Path, group: Group, options: Details, knowledge: Knowledge, *, today: date) -> ReadFile:
    """Read and split one file, and say what is known about it.

    Raises InputError if the file cannot be read, is in no known format, or is not what it should be.
    """
    raw = read_file(path)
    sha256 = hashlib.sha256(raw.data).hexdigest()
    document, front = split_front_matter(raw)
    parsed = _parse(document)
    if parsed.format.lower() in _TEXT_FORMATS and (path.suffix.lower() in _DATA_FILES or raw.data.startswith(_SIGNATURES)):
        raise InputError(f"{path.name} is damaged, or holds data in no format that is known: give a law, a policy or a contract.")
    named = Details(as_of=day_in(path.name))
    said = options.over(read_side_files(path)).over(front).over(named).over(from_metadata(parsed.metadata))
    known = {tool.id: (tool.id, tool.name, *tool.aliases) for tool in knowledge.tools.values()}
    guessed = guess(group.names if group.dated else (), plain_stem(path.name), known)
    if not said.tools and said.kind in ("law", "standard", "guidance"):
        guessed = guessed.model_copy(update={"tools": ()})
    said = _checked_dates(path.name, said, today)
    return ReadFile(path.name, sha256, said, guessed, parsed, said.as_of)


def choose_source(file: ReadFile, group: Group, source_id: str | None, knowledge: Knowledge) -> tuple[str, bool]:
    """The id of the source a file belongs to, and whether it was guessed: by its bytes, by its address, else from its names."""
    if source_id is not None:
        return source_id, False
    stem = " ".join(group.names) if group.dated else plain_stem(file.name)
    if not file.is_own_text:
        return slug(stem), True
    for held, versions in knowledge.versions.items():
        if any(reading.sha256 == file.sha256 for version in versions for reading in version.read):
            return held, True
    for held, versions in knowledge.official.items():
        if any(reading.sha256 == file.sha256 for version in versions for reading in version.read):
            return held, True
    same_url = [s.id for s in knowledge.sources.values() if file.said.url and s.url.rstrip("/") == file.said.url.rstrip("/")]
    if len(same_url) == 1:
        return same_url[0], True
    return slug(stem or file.details.title or "document"), True


def make_source(source_id: str, file: ReadFile, held: Source | None, knowledge: Knowledge, report: ImportReport) -> Source:
    """The source a file describes; what is held about it already stays where the file and the options say nothing else.

    Raises InputError if the file is evidently of another document, UsageError if an option does not fit.
    """
    known = knowledge.sources.get(source_id)
    if known is not None:
        _check_same_document(known, file)
    base = held or known
    details = file.said.over(_of(base)).over(file.guessed) if base else file.details
    kind = details.kind or "guidance"
    tools = details.tools
    contract = details.contract
    if kind == "contract":
        if not tools:
            raise UsageError("A contract belongs to a tool: give --tool, for example --tool zoom.")
        contract = contract or guess_contract(details.title or "", (clause.text for clause in file.parsed.clauses))
        if contract is None:
            report.warnings.append(
                f"Which contract {file.name} is, is not clear: give --contract dpa or --contract baa, so that it counts."
            )
        elif not file.said.contract and not (base and base.contract):
            report.guessed["contract"] = contract
    for tool in tools:
        if tool not in knowledge.tools:
            raise UsageError(f"--tool {tool}: nothing is held about it; held are {', '.join(sorted(knowledge.tools))}.")
    for plan in details.plans:
        plans = {entry.id for tool in tools for entry in knowledge.tools[tool].plans}
        if plan not in plans:
            raise UsageError(f"--plan {plan}: no plan of {', '.join(tools) or 'a tool'}; known are {', '.join(sorted(plans)) or 'none'}.")
    title = details.title or source_id
    publisher = details.publisher or "unknown"
    if publisher == "unknown" and tools:
        publisher = knowledge.tools[tools[0]].publisher
    source = Source(
        id=source_id,
        title=title,
        label=base.label if base and not file.said.label else details.label or _free_label(title, source_id, knowledge),
        kind=kind,
        publisher=publisher,
        url=details.url or file.name,
        tools=tools,
        jurisdictions=details.jurisdictions,
        language=details.language or "en",
        licence=details.licence,
        private=kind == "contract",
        plans=details.plans,
        contract=contract if kind == "contract" else None,
    )
    if not base:
        guessed = {name for name in ("title", "kind", "publisher", "language", "tools") if name not in file.said.given}
        report.guessed |= {name: value for name in sorted(guessed) if (value := getattr(source, name)) not in ((), None)}
        if "url" not in file.said.given:
            report.guessed["url"] = source.url
        if "label" not in file.said.given:
            report.guessed["label"] = source.label
    return source


def make_version(file: ReadFile, source: Source, held: ImportedSource, report: ImportReport, *, today: date) -> Version:
    """The version a file is: its dates are those it was given or prints, never invented."""
    said = file.said
    printed, effective = said.version_date, said.effective_date
    if printed and printed > today:
        report.warnings.append(f"{file.name} prints {printed}, which is still to come: the text answers from that day.")
        printed, effective = None, printed
    captured = file.captured
    announced = effective is None and printed is not None and captured is not None and printed > captured
    version = Version(
        id=_version_id(file, source, printed, held),
        version_date=printed,
        effective_date=printed if announced else effective,
        first_seen=captured,
        as_of=captured,
        edition=said.edition,
        wording=file.parsed.wording,
        read=(Reading(address=said.url or file.name, date=today, sha256=file.sha256),),
    )
    if captured is None and source.kind in ("vendor", "guidance"):
        report.warnings.append(
            f"{file.name} gives no day on which its text was seen: it counts as stale. Give --as-of, or put the date in its name."
        )
    if source.kind == "law" and printed is None and captured is None:
        report.warnings.append(f"{file.name} gives no date: it answers only from today. Give --version-date.")
    return version


def words_of(parts: Sequence[ReadFile], report: ImportReport) -> tuple[Words, ...]:
    """The clauses of the parts in order; a place that comes twice is one clause, which is said."""
    found: dict[str, Words] = {}
    for part in parts:
        for clause in part.parsed.clauses:
            key = str(clause.locator)
            if earlier := found.get(key):
                report.warnings.append(f"{part.name} holds {key} twice: both texts stand under it")
                found[key] = Words(earlier.locator, f"{earlier.text} {clause.text}", earlier.heading_path, earlier.page)
            else:
                found[key] = Words(clause.locator, clause.text, clause.heading_path, clause.page)
    return tuple(found.values())


def check_length(file: ReadFile, text: Sequence[Words]) -> None:
    """Refuse what is too short to be a document.

    Raises InputError.
    """
    count, fewest = _count(text), FEWEST_WORDS.get(file.details.kind or "", FEWEST_WORDS_ELSE)
    if count < fewest:
        raise InputError(f"{file.name} holds {count} words: this is a broken capture, an error page or a wall, not the document.")


def check_shrunk(name: str, text: Sequence[Words], version: Version, held: ImportedSource) -> None:
    """Refuse a text that holds a fraction of the version before: the old version stays.

    Raises InputError.
    """
    earlier = [known for known in held.versions if known.id != version.id and known.seen_on <= version.seen_on]
    if not earlier or held.source.kind == "contract":
        return
    before, now = _count(held.text(earlier[-1].id)), _count(text)
    if before >= SHRUNK_FROM_WORDS and now < SHRUNK * before:
        raise InputError(
            f"{name} holds {now} words where the version of {earlier[-1].id} holds {before}: this looks like a login page or a broken "
            "capture. The old version stands. If the text is right, give --accept-short."
        )


def plain_stem(name: str) -> str:
    """A file's name without what only says its format: gdpr.de.formex.xml is gdpr.de."""
    parts = name.split(".")
    while len(parts) > 1 and parts[-1].lower() in _FORMATS:
        parts.pop()
    return ".".join(parts)


def slug(text: str) -> str:
    """A text as the id of a source: lower case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "document"


def _parse(document: RawDocument) -> ParsedDocument:
    try:
        parsed = parse_document(document)
    except AssistantError:
        raise
    except Exception as error:  # parsers of foreign formats raise errors of every kind over a damaged file; all mean the same
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise InputError(f"{document.name} cannot be read ({reason}).") from error
    if not parsed.clauses:
        reasons = f" ({'; '.join(parsed.skipped[:3])})" if parsed.skipped else ""
        raise InputError(f"{document.name} holds no clause that could be cited{reasons}.")
    return parsed


def _checked_dates(name: str, said: Details, today: date) -> Details:
    if said.as_of and said.as_of > today:
        raise InputError(f"{name}: as_of {said.as_of} lies in the future; a text cannot have been seen then.")
    return said


def _check_same_document(known: Source, file: ReadFile) -> None:
    """The UK GDPR is not the EU text, and a translation is not the original: what would be mixed up is refused."""
    said = file.said
    if not file.is_own_text:
        what = "corrections of a text" if file.parsed.wording == "official" else "an outline in other words"
        raise InputError(f"{file.name} holds {what}, not the text of {known.id} itself: import it under another --id.")
    if known.kind == "law" and said.jurisdictions and known.jurisdictions and not set(said.jurisdictions) & set(known.jurisdictions):
        here, there = "/".join(said.jurisdictions).upper(), "/".join(known.jurisdictions).upper()
        raise InputError(f"{file.name} is {here} law, {known.id} is {there} law: they are different texts. Import it under another --id.")
    if said.language and said.language != known.language:
        raise InputError(
            f"{file.name} is in the language “{said.language}”, {known.id} is held in “{known.language}”. "
            f"Import it under another --id, for example {known.id}-{said.language}."
        )


def _of(source: Source | None) -> Details:
    if source is None:
        return Details()
    fields = ("title", "label", "publisher", "kind", "url", "tools", "plans", "contract", "jurisdictions", "language", "licence")
    return Details(**{name: getattr(source, name) for name in fields})


def _version_id(file: ReadFile, source: Source, printed: date | None, held: ImportedSource) -> str:
    """By date: of vendors' texts the day they were seen, of laws the day they print. A consolidated text is a version of its own."""
    seen = file.captured
    day = printed or seen if source.kind in ("law", "standard") else seen or printed
    if day is None:
        day = file.said.effective_date
    base = day.isoformat() if day else "undated"
    if "consolidated" in (file.said.edition or "").lower():
        base = f"{base}.{CONSOLIDATED}"
    other = next((version for version in held.versions if version.id == base), None)
    if base == "undated" and other and all(reading.sha256 != file.sha256 for reading in other.read):
        raise InputError(f"{file.name} gives no date, and another undated text of {source.id} is held: give --as-of or --version-date.")
    return base


def _free_label(title: str, source_id: str, knowledge: Knowledge) -> str:
    """A short name that no other source has: the one a law gives itself in brackets, else the title."""
    short = re.search(r"\(((?:[A-Z][\w-]*\s+){1,5}(?:Act|Regulation|Directive|Law))\)", title)
    label = (short.group(1) if short else title)[:90].strip()
    taken = {source.label for source in knowledge.sources.values() if source.id != source_id}
    return f"{label} ({source_id})" if label in taken else label


def add_units(report: ImportReport, parsed: ParsedDocument) -> None:
    """Count what a document is made of."""
    for name, count in parsed.units.items():
        report.units[name] = report.units.get(name, 0) + count


def _count(text: Sequence[Words]) -> int:
    return sum(len(words.text.split()) for words in text)
