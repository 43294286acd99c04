"""Files that are broken or meant to harm: a typed error with a sentence, never a trace, never a fetch, never a hang."""

from __future__ import annotations

import contextlib
import gzip
import random
import time
import zlib
from collections.abc import Iterator

import pytest

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument
from assistant.ingest.xml_input import DEEPEST, LARGEST_UNPACKED_BYTES, decode, read_html, read_xml, root_name, unpack_gzip
from tests.unit.ingest.invented_laws import READER_OF, READERS, raw, reader

pytestmark = pytest.mark.unit

XML = [name for name in READER_OF if name.endswith(".xml")]
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


def bomb(name: str) -> bytes:
    """The law with a billion laughs before it and one in its title."""
    data = raw(name).data
    start = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
    root = root_name(data)[0].encode()
    return data[:start] + b'<!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]>" + data[start:].replace(b"</" + root, b"&l9;</" + root)


@pytest.mark.parametrize("name", XML)
def test_an_entity_bomb_is_refused_before_it_is_parsed(name: str) -> None:
    document = RawDocument(name, bomb(name))
    started = time.perf_counter()
    assert reader(READER_OF[name]).recognises(document)
    with pytest.raises(InputError, match="declares XML entities"):
        reader(READER_OF[name]).read(document)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_external_entity_is_refused_in_any_encoding(encoding: str) -> None:
    text = '<!DOCTYPE ACT [<!ENTITY secret SYSTEM "file:///etc/passwd">]><ACT><P>&secret;</P></ACT>'
    with pytest.raises(InputError, match="declares XML entities"):
        read_xml(RawDocument("law.xml", text.encode(encoding)))


def test_a_document_type_elsewhere_is_not_fetched() -> None:
    root = read_xml(RawDocument("law.xml", b'<!DOCTYPE ACT SYSTEM "http://127.0.0.1:9/formex.dtd"><ACT><P>words</P></ACT>'))
    assert root.findtext("P") == "words"


def test_elements_nested_too_deeply_are_refused() -> None:
    for depth in (DEEPEST + 1, 5_000):
        for read, tag in ((read_xml, b"a"), (read_html, b"div")):
            with pytest.raises(InputError):
                read(RawDocument("deep", b"<%s>" % tag * depth + b"x" + b"</%s>" % tag * depth))


def test_the_deepest_law_allowed_is_read() -> None:
    inner = b"<P>" * (DEEPEST - 8) + b"words" + b"</P>" * (DEEPEST - 8)
    act = (
        b'<ACT x="formex"><ENTERING/><ENACTING.TERMS><ARTICLE IDENTIFIER="001"><ALINEA>'
        + inner
        + b"</ALINEA></ARTICLE></ENACTING.TERMS></ACT>"
    )
    assert [clause.text for clause in reader("formex").read(RawDocument("deep.xml", act)).clauses] == ["words"]


@pytest.mark.parametrize("name", READER_OF)
def test_a_law_cut_short_is_refused_or_read_as_far_as_it_goes(name: str) -> None:
    """XML and JSON that end in the middle are refused; HTML and YAML may end anywhere."""
    whole = raw(name).data
    for share in (0.3, 0.6, 0.95):
        document = RawDocument(name, whole[: int(len(whole) * share)])
        if name.endswith((".xhtml", ".html", ".yaml")):
            with contextlib.suppress(InputError):
                reader(READER_OF[name]).read(document)
        else:
            with pytest.raises(InputError, match="get it again"):
                reader(READER_OF[name]).read(document)


@pytest.mark.parametrize("name", READER_OF)
def test_a_wrong_encoding_is_refused(name: str) -> None:
    data = (
        raw(name).data.replace(b">", b"> \xff\xfe\x81", 40)
        if not name.endswith((".yaml", ".json"))
        else raw(name).data + b"\n# \xff\xfe\x81"
    )
    with pytest.raises(InputError):
        reader(READER_OF[name]).read(RawDocument(name, data))


def test_a_declared_encoding_is_used_and_an_unknown_one_refused() -> None:
    page = '<html><head><meta charset="windows-1252"></head><body><p>naïve</p></body></html>'
    assert "naïve" in decode(RawDocument("page.html", page.encode("windows-1252")))
    assert "naïve" in decode(RawDocument("page.html", page.encode("utf-16")))  # the mark at its start outweighs what it says
    with pytest.raises(InputError, match="unknown"):
        decode(RawDocument("page.html", page.replace("windows-1252", "martian").encode()))


@pytest.mark.parametrize("data", [b"", b" \n", b"\x00" * 500, bytes(range(256)) * 8, b"%PDF-1.7 ...", b"PK\x03\x04" + b"\x00" * 60])
@pytest.mark.parametrize("kind", READERS)
def test_what_is_no_law_is_recognised_by_no_reader_and_read_by_none(kind: str, data: bytes) -> None:
    document = RawDocument("law.xml", data)
    assert not reader(kind).recognises(document)
    with pytest.raises(InputError):
        reader(kind).read(document)


def test_a_gzip_file_is_unpacked_by_content_and_others_left_alone() -> None:
    plain = RawDocument("act.xml.gz", b"<Legislation/>")
    assert unpack_gzip(plain) is plain
    assert unpack_gzip(RawDocument("act.xml.gz", gzip.compress(plain.data))) == RawDocument("act.xml", plain.data)


def test_a_gzip_file_cut_short_or_damaged_is_refused() -> None:
    packed = gzip.compress(b"<Legislation/>" * 1_000)
    with pytest.raises(InputError, match="cut short"):
        unpack_gzip(RawDocument("act.xml.gz", packed[:-12]))
    with pytest.raises(InputError, match="damaged"):
        unpack_gzip(RawDocument("act.xml.gz", packed[:12] + b"\xff" * 30))


def test_a_gzip_bomb_is_refused_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.ingest.xml_input.LARGEST_UNPACKED_BYTES", 100_000)
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = packer.compress(b"\0" * 5_000_000) + packer.flush()
    assert len(packed) < 10_000 < LARGEST_UNPACKED_BYTES
    with pytest.raises(InputError, match="unpacks to more than"):
        unpack_gzip(RawDocument("act.xml.gz", packed))


def test_yaml_that_nests_or_refers_to_itself_is_refused_or_read_quickly() -> None:
    head = b"urn: urn:invented:risk:library:x\n"
    for data in (head + b"a: " + b"[" * 5_000, head + b"a: &a [*a, *a]\nobjects: *a\n", head + b"a: !!python/object/apply:os.getcwd []\n"):
        with pytest.raises(InputError):
            reader("ciso_assistant").read(RawDocument("library.yaml", data))


def test_json_that_nests_too_deeply_is_refused() -> None:
    nested = b'{"groups": [' * 400 + b"{}" + b"]}" * 400
    for data in (b'{"catalog": ' + b"[" * 100_000, b'{"catalog": ' + nested + b"}"):
        with pytest.raises(InputError):
            reader("oscal").read(RawDocument("catalog.json", data))


def mutations(data: bytes, source: random.Random) -> Iterator[bytes]:
    """The file with a few bytes changed, pieces doubled, dropped or swapped, tags broken, labels spoilt."""
    pieces = [
        b"<",
        b">",
        b"</P>",
        b"&amp;",
        b"&x;",
        b"\x00",
        b"\xff",
        b'"',
        b"(a)",
        b"1.",
        b"<table>",
        b"<div class='grid-list'>",
        b"- ",
        b"{",
        b"]",
    ]
    while True:
        text = bytearray(data)
        for _ in range(source.randint(1, 6)):
            start, end = sorted(source.randrange(len(text) + 1) for _ in range(2))
            end = min(end, start + 400)
            match source.randrange(4):
                case 0:
                    text[start:start] = source.choice(pieces)
                case 1:
                    del text[start:end]
                case 2:
                    text[start:start] = text[start:end]
                case _:
                    text[start:end] = bytes(reversed(text[start:end]))
        yield bytes(text)


@pytest.mark.parametrize("name", READER_OF)
def test_a_spoilt_law_is_read_or_refused_with_a_sentence(name: str) -> None:
    """A moment of spoilt copies for each format, the same ones every time."""
    source = random.Random(name)
    until = time.monotonic() + 0.15
    read = 0
    for data in mutations(raw(name).data, source):
        if time.monotonic() > until:
            break
        document = RawDocument(name, data)
        for kind in READERS:
            if kind == READER_OF[name] or reader(kind).recognises(document):
                with contextlib.suppress(InputError):
                    locators = [clause.locator for clause in reader(kind).read(document).clauses]
                    assert len(set(locators)) == len(locators)
                    read += 1
    assert read > 0
