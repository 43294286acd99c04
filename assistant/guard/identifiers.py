"""Identifiers with a shape: e-mail addresses, telephone numbers, dates of birth, numbers of cards and accounts, postal addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MIN_PHONE_DIGITS = 7


@dataclass(frozen=True)
class Detail:
    """A detail about a person in a text: what it is, and where it stands."""

    kind: str
    start: int
    end: int


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}(?![\w@])")
_MONTHS = (
    r"jan\w*|feb\w*|mar\w*|mär\w*|apr\w*|may|mai|mayo|jun\w*|juin|jul\w*|juil\w*|aug\w*|août|agosto|sep\w*|oct\w*|"
    r"okt\w*|nov\w*|dec\w*|dez\w*|déc\w*|"
    r"dic\w*|enero|febrero|abril|marzo"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s*(?:of\s+|de\s+)?(?:{_MONTHS})\.?,?\s*(?:de\s+)?\d{{2,4}}|"
    rf"(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|"
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})"
)
_BIRTH = re.compile(
    r"\b(?:born(?: on| in)?|d\.?o\.?b\.?|date of birth|birth ?date|birthday|geboren(?: am)?|geb\.?(?: am)?|"
    r"geburtsdatum|née? le|date de naissance|"
    rf"nacid[oa](?: el)?|fecha de nacimiento)(?:\s+is|\s+ist)?[\s:=,]{{0,4}}(?P<date>{_DATE}|(?:19|20)\d\d)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_NHS = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
_KVNR = re.compile(r"\b[A-Z]\s?\d{3}\s?\d{3}\s?\d{3}\b")
_NINO = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b")
_NIR = re.compile(r"(?<!\d)[12]\s?\d{2}\s?(?:0[1-9]|1[0-2])\s?\d{2}\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)")
_DNI = re.compile(r"\b(?:[XYZ]-?\d{7}|\d{8})-?[A-Z]\b")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)")
_LABELLED = re.compile(
    r"\b(?:nhs|patient|client|chart|record|case|file|medical record|insurance|member|policy|mrn|ssn|social security|"
    r"health card|hospital|passport|"
    r"versicherten|patienten|kranken(?:kassen|versicherungs)?|akten|dossier|sécurité sociale|historia|kvnr)[ -]?(?:no|"
    r"nr|number|num|id|nummer|#|numéro|n[.°º])?"
    r"\.?(?:\s+is|\s+ist)?[\s:#=]{1,3}(?P<number>(?=[A-Z0-9/-]*\d{3})[A-Z]{0,4}[-/]?\d[A-Z0-9/-]{3,17})\b",
    re.IGNORECASE,
)
_STREET = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|crescent|gardens|grove|hill|mews|park|place|pl|row|"
    r"square|sq|terrace|way|walk|"
    r"boulevard|blvd|green|parade|rise|view"
)
_POSTCODE_UK = r"(?:GIR\s?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y])\s?\d[ABD-HJLNP-UW-Z]{2})"
_TOWN = r"[A-ZÀ-Þ][\w'’.-]+(?:[ -][A-ZÀ-Þ][\w'’.-]+){0,2}"
_ADDRESSES = (
    # 12 Acacia Avenue, Leeds LS1 4AB; 500 Oak St, Springfield, IL 62704
    re.compile(
        rf"\b(?:(?:flat|apartment|apt|unit)\.?\s*\w{{1,5}},?\s+)?\d{{1,5}}[a-z]?,?\s+(?:[A-ZÀ-Þ][\w'’.-]+\s+){{1,3}}(?:{_STREET})\b\.?"
        rf"(?:(?:,\s*{_TOWN}){{0,2}},?\s+(?:{_POSTCODE_UK}|[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)|(?:,\s*{_TOWN})?)",
        re.IGNORECASE,
    ),
    # Hauptstraße 12, 10115 Berlin
    re.compile(
        rf"\b[A-ZÄÖÜ][\w-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm|"
        rf"hof)\s+\d{{1,4}}\s?[a-z]?\b(?:,?\s*\d{{4,5}}\s+{_TOWN})?"
    ),
    # 12 rue de la Paix, 75002 Paris; Calle Mayor 5, 28013 Madrid; Via Roma 10
    re.compile(
        rf"\b\d{{1,4}}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|boulevard|place|chemin|allée|impasse)\s+[\w'’ "
        rf"-]{{2,40}}?(?:,\s*\d{{5}}\s+{_TOWN}|(?=[.,;?!]|$))"
    ),
    re.compile(
        rf"\b(?:calle|avenida|avda\.|plaza|paseo|via|viale|piazza|"
        rf"rua)\s+(?:[A-ZÀ-Þa-z][\w'’.-]+\s+){{1,4}}\d{{1,4}}\b(?:,?\s*\d{{4,5}}\s+{_TOWN})?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_POSTCODE_UK}\b"),
    re.compile(
        r"\b(?:postcode|post code|zip(?: code)?|plz|postleitzahl|code postal|código postal)(?:\s+is|"
        r"\s+ist)?[\s:]{1,2}(?P<number>[A-Z0-9][A-Z0-9 -]{3,9})\b",
        re.IGNORECASE,
    ),
)
_PHONE = re.compile(r"(?<![\w.@/§(-])(?:\+|00)?\(?\d[\d\s()./-]{5,20}\d(?![\w%@])")
_PHONE_LABEL = re.compile(
    r"\b(?:tel(?:efon|ephone|éfono|éphone)?|phone|mobile|mob|cell|handy|ring|call|text|under|on|auf|reach|móvil|"
    r"portable)\b\W{0,3}(?:\w+\W{1,2}){0,3}$",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(
    r"^(?:(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d|(?:19|20)\d\d\s*[-–]\s*(?:19|"
    r"20)\d\d|27\d{3}.*|164\.\d+.*)$"
)
_REGIONS = ("GB", "DE", "US", "FR", "ES", "IE", "AT")


def find_identifiers(text: str) -> Iterator[Detail]:
    """Every identifier with a shape, in no order; places may overlap."""
    for match in _EMAIL.finditer(text):
        yield Detail("e-mail address", *match.span())
    for match in _BIRTH.finditer(text):
        yield Detail("date of birth", *match.span("date"))
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            yield Detail("address", *(match.span("number") if "number" in pattern.groupindex else match.span()))
    if any(character.isdigit() for character in text):
        yield from _numbers(text)


def _numbers(text: str) -> Iterator[Detail]:
    for kind, pattern, holds in _CHECKED:
        for match in pattern.finditer(text):
            if holds(match.group()):
                yield Detail(kind, *match.span())
    for match in _LABELLED.finditer(text):
        yield Detail("record number", *match.span("number"))
    for match in _PHONE.finditer(text):
        if _is_phone(text, match):
            yield Detail("phone number", *match.span())


def _is_phone(text: str, match: re.Match[str]) -> bool:
    written = match.group().strip()
    digits = sum(character.isdigit() for character in written)
    if not MIN_PHONE_DIGITS <= digits <= 15 or _NO_PHONE.match(written):
        return False
    if written.startswith(("+", "00")) or _PHONE_LABEL.search(text[: match.start()]):
        return True
    import phonenumbers  # takes a tenth of a second, so only where a number looks like one

    for region in _REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    # numbers set aside for films and examples are possible, though nobody has them
    return written.startswith("0") and digits >= 9


def _iban(written: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(written)) or len(written.replace(" ", "")) >= 18


def _nhs(written: str) -> bool:
    from stdnum.gb import nhs

    return bool(nhs.is_valid(written))


def _card(written: str) -> bool:
    from stdnum import luhn

    digits = re.sub(r"\D", "", written)
    return 13 <= len(digits) <= 19 and bool(luhn.is_valid(digits))


def _kvnr(written: str) -> bool:
    """German health insurance number: a letter and nine digits, the last a check digit over the letter's place and weights 1 and 2."""
    compact = written.replace(" ", "")
    values = f"{ord(compact[0]) - 64:02d}{compact[1:9]}"
    products = (int(digit) * (1 + position % 2) for position, digit in enumerate(values))
    return sum(product - 9 if product > 9 else product for product in products) % 10 == int(compact[9])


def _always(written: str) -> bool:
    return True


_CHECKED: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("account number", _IBAN, _iban),
    ("social security number", _SSN, _always),
    ("health number", _NHS, _nhs),
    ("health number", _KVNR, _kvnr),
    ("insurance number", _NINO, _always),
    ("insurance number", _NIR, _always),
    ("identity number", _DNI, _always),
    ("card number", _CARD, _card),
)
