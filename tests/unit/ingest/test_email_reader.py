from __future__ import annotations

from email.message import EmailMessage

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument
from assistant.ingest.readers import email_message
from assistant.ingest.recognise import parse_document

pytestmark = pytest.mark.unit

ANSWER = "You asked where we keep the notes of your practice. We keep them in Elmland only, and in no other country, as of today."


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {
        "From": "Elm Support <help@elm.example>",
        "Date": "Mon, 05 May 2025 10:00:00 +0200",
        "Subject": "Where notes are",
        **headers,
    }.items():
        message[name] = value
    return message


def test_an_email_is_read_with_its_subject_and_date() -> None:
    message = mail()
    message.set_content(f"Dear practice,\n\n{ANSWER}\n\nCafé Elm sends its greetings – naïve as ever.\n", cte="quoted-printable")
    document = parse_document(RawDocument("answer.eml", bytes(message)))
    assert document.format == "email"
    assert ANSWER in [clause.text for clause in document.clauses]
    assert "Café Elm sends its greetings – naïve as ever." in [clause.text for clause in document.clauses]
    assert (document.metadata.title, str(document.metadata.version_date)) == ("Where notes are", "2025-05-05")


def test_the_html_part_is_read_where_there_is_no_other_and_attachments_are_named() -> None:
    message = mail()
    message.set_content(f"<p>{ANSWER}</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="agreement.pdf")
    document = parse_document(RawDocument("answer.eml", bytes(message)))
    assert [clause.text for clause in document.clauses] == [ANSWER]
    assert document.skipped == ("attachments, to be imported by themselves: agreement.pdf",)


def test_an_email_without_words_is_refused() -> None:
    message = mail()
    message.set_content("\n")
    with pytest.raises(InputError, match="no words"):
        email_message.read(RawDocument("answer.eml", bytes(message)))


@pytest.mark.parametrize("text", ["From: here on it is plain text.\n", "Note: this.\nThat: too.\n\nText.\n", "<html></html>"])
def test_other_texts_are_no_emails(text: str) -> None:
    assert not email_message.recognises(RawDocument("a.eml", text.encode()))
