"""Real texts imported beside the shipped summaries: Zoom's terms of seven days, and the GDPR as published and as corrected."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.assess.reviews import review_marks, touched_by
from assistant.assistant import Assistant
from assistant.clock import FixedClock
from assistant.converse.query import AskOptions
from assistant.dating import Dating
from assistant.errors import InputError
from assistant.schema import Answer
from assistant.settings import Settings
from assistant.sources import ImportOptions, find_changes, import_texts
from tests.conftest import TODAY, CommandLine

ZOOM = "sources/vendors/zoom/Terms of Service"
GDPR = ("sources/law/gdpr-oj-2016-679.eurlex.xhtml", "sources/law/gdpr-consolidated-02016R0679-20160504.eurlex.xhtml")
NOT_TRAINED = "Zoom does not use any of your audio"


@pytest.fixture(scope="module")
def settings(home: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The shipped knowledge with Zoom's archived terms and both texts of the GDPR; not indexed, which their citing does not need."""
    folder = tmp_path_factory.mktemp("official") / "home"
    shutil.copytree(home, folder)
    settings = Settings(home=folder)
    report = import_texts(settings, shared / ZOOM, ImportOptions(indexed=False), today=TODAY).reports[0]
    assert report.source == "zoom-terms"  # known by the bytes that the summaries were written from
    for name in GDPR:
        import_texts(settings, shared / name, ImportOptions("gdpr", indexed=False), today=TODAY)
    yield settings
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return Assistant.open(settings, clock=FixedClock(TODAY))


def ask(assistant: Assistant, question: str, day: str | None = None) -> Answer:
    return assistant.ask(question, AskOptions.model_validate({"as_of": day}))


@pytest.mark.parametrize(
    "day, verdict, place, version, words",
    [
        ("2023-08-01", "not_suitable", "§10.4", "2023-07-28", "machine learning, artificial intelligence, training"),
        ("2023-08-08", "not_suitable", "§10.4", "2023-08-07", "without your consent"),
        ("2023-09-01", "suitable_on_conditions", "§10.2", "2023-08-11", NOT_TRAINED),
        (None, "suitable_on_conditions", "§10.2", "2026-08-06", NOT_TRAINED),
    ],
)
def test_each_day_is_answered_by_its_terms_with_the_official_words_beside(
    assistant: Assistant, day: str | None, verdict: str, place: str, version: str, words: str
) -> None:
    answer = ask(assistant, "Is Zoom safe for therapy?", day)
    assert answer.verdict == verdict
    cited = [c for c in answer.citations if c.source == "zoom-terms" and c.locator == place and c.beside and c.beside.version == version]
    assert cited
    assert any(citation.beside and words in citation.beside.text for citation in cited)
    assert not answer.reviews


def test_the_sentence_of_7_august_2023_is_found_with_the_evidence_that_rests_on_its_clause(settings: Settings) -> None:
    found = find_changes(settings, "zoom-terms", date(2023, 7, 28), date(2023, 8, 7), today=TODAY)
    (added,) = [change for change in found.changes if change.kind_of_change == "added"]
    assert added.locator == "§10.4"
    assert added.new is not None
    assert added.new.startswith("Notwithstanding the above, Zoom will not use")
    assert added.new.endswith("without your consent.")
    touched = [entry.id for entry, _ in touched_by(found.knowledge, "zoom-terms", found.older, added)]
    assert touched == ["zoom-vt-03-licence-march-2023", "zoom-vt-04-licence-march-2023"]


def test_the_evidence_on_the_licence_of_2023_is_marked_and_the_present_one_is_not(assistant: Assistant) -> None:
    marks = review_marks(Dating(assistant.knowledge, TODAY))
    zoom = {mark.evidence.id: mark.state for mark in marks if mark.clause.source_id == "zoom-terms"}
    assert zoom["zoom-vt-04-licence-march-2023"] == zoom["zoom-vt-04-consent-7-august-2023"] == "followed"
    assert "zoom-vt-04-content" not in zoom


def test_a_newer_text_that_says_otherwise_is_shown_in_the_verdict_with_both_texts(settings: Settings, shared: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(settings.home, tmp_path / "home"))
    newer = tmp_path / "2026-11-20.md"
    text = (shared / ZOOM / "2026-08-06.md").read_text(encoding="utf-8")
    assert NOT_TRAINED in text
    newer.write_text(text.replace(NOT_TRAINED, NOT_TRAINED.replace("does not use any of", "may use")), encoding="utf-8")
    own = Settings(home=folder)
    import_texts(own, newer, ImportOptions("zoom-terms", indexed=False), today=TODAY)
    assistant = Assistant.open(own, clock=FixedClock(TODAY))
    answer = ask(assistant, "Is Zoom safe for therapy?")
    (review,) = answer.reviews
    assert (review.label, review.what, review.since) == ("Zoom Terms of Service §10.2", "reworded", "2026-11-20")
    assert "zoom-vt-04-content" in review.evidence
    assert review.old.startswith(NOT_TRAINED)
    assert review.new.startswith("Zoom may use your audio")
    assert f"“{NOT_TRAINED}" in answer.text
    assert "“Zoom may use your audio" in answer.text
    assert not ask(assistant, "Is Zoom safe for therapy?", "2026-10-01").reviews


def test_the_gdpr_as_published_and_as_corrected_keep_their_own_words_and_dates(assistant: Assistant) -> None:
    held = {clause.since: clause for clause in assistant.knowledge.resolve("GDPR Art. 37(1)(c)") if clause.wording == "official"}
    versions = {version.id: version for version in assistant.knowledge.official["gdpr"]}
    assert len(held) == 2
    published, corrected = sorted(held)
    assert "Article 9 and personal data" in held[published].text
    assert "Article 9 or personal data" in held[corrected].text
    assert versions[published].version_date == date(2016, 5, 4)
    assert "consolidated" in (versions[corrected].edition or "")


def test_a_look_up_quotes_the_law_and_puts_our_summary_beside_it(assistant: Assistant) -> None:
    answer = ask(assistant, "What does Article 28(3)(a) say?")
    quoted, summary = answer.citations[:2]
    assert (quoted.wording, summary.wording) == ("official", "summary")
    assert quoted.label == summary.label == "GDPR Art. 28(3)(a)"
    assert quoted.text.startswith("processes the personal data only on documented instructions")
    assert quoted.beside is not None
    assert quoted.beside.id == summary.id
    assert f"“{quoted.text}”" in answer.text
    assert "official words, text of" in answer.text


def test_a_recital_that_the_consolidated_text_leaves_out_is_quoted_from_the_published_one(assistant: Assistant) -> None:
    answer = ask(assistant, "What does Recital 47 say?")
    assert answer.citations[0].wording == "official"
    assert answer.citations[0].version_date == date(2016, 5, 4)


def test_every_place_that_has_both_wordings_answers_with_one(assistant: Assistant) -> None:
    dating = Dating(assistant.knowledge, TODAY)
    both = [clause for clause in assistant.knowledge.inside_source("gdpr") if clause.wording == "summary" and dating.official(clause)]
    assert len(both) > 500
    for clause in both[::10]:
        leading = [twin for twin in assistant.knowledge.at("gdpr", clause.parsed_locator) if dating.answers(twin)]
        assert leading == [clause]


def test_the_german_gdpr_is_not_mixed_into_the_english_one(settings: Settings, shared: Path) -> None:
    with pytest.raises(InputError, match="gdpr-de"):
        import_texts(settings, shared / "sources/law/gdpr-oj-2016-679.de.formex.xml", ImportOptions("gdpr"), today=TODAY)


def test_a_broken_capture_is_refused_on_the_command_line_and_changes_nothing(
    clausewise: CommandLine, shared: Path, tmp_path: Path, own_home: Path
) -> None:
    folder = shared / "sources/vendors/microsoft/Privacy Policy"
    environment = {"CLAUSEWISE_HOME": str(own_home)}
    first = clausewise("import", str(folder / "2024-06-25.md"), "--no-index", "--json", environment=environment)
    report = json.loads(first.stdout)
    assert {"source", "clauses", "units", "skipped", "warnings"} <= report.keys()
    broken = clausewise("import", str(folder / "2024-09-19.md"), "--id", report["source"], environment=environment)
    assert (broken.returncode, broken.stdout) == (3, "")
    assert "broken capture" in broken.stderr
    rows = json.loads(clausewise("sources", "list", "--imported", "--json", environment=environment).stdout)
    assert [row["versions"] for row in rows] == [["2024-06-25"]]
    shown = json.loads(clausewise("sources", "show", report["source"], "--json", environment=environment).stdout)
    assert {"id", "label", "locator", "heading_path", "wording", "text", "page"} <= shown[0].keys()
