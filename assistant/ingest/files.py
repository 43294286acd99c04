"""The files an import is given: found without following links, opened within limits."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.errors import InputError
from assistant.ingest.documents import RawDocument

MAX_BYTES = 50_000_000
MAX_FILES = 20_000
SIDE_FILE = ".meta.yaml"
FOLDER_SIDE_FILE = "meta.yaml"
ABOUT_THE_FOLDER = ("README", "LICENSE", "LICENCE")
_GZIP = b"\x1f\x8b"
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong to one source: versions of it if ``dated``, else the parts of one text. ``names`` are the folders above,
    nearest last.
    """

    files: tuple[Path, ...]
    names: tuple[str, ...]
    dated: bool


def find_groups(path: Path, *, one_source: bool) -> tuple[list[Group], list[str]]:
    """What lies at a path, by source, and what was left out and why.

    In a folder the files whose names hold a date are versions of one source; each other file is a source of its own, unless
    ``one_source``: then they are the parts of one.
    Raises InputError if there is nothing to read.
    """
    if not path.exists():
        raise InputError(f"There is no file or folder {path}.")
    if not path.is_dir():
        folder = path.resolve().parent
        return [Group((path,), (folder.parent.name, folder.name), dated=day_in(path.name) is not None)], []
    files, skipped = _walk(path)
    by_folder: dict[Path, list[Path]] = {}
    for file in files:
        by_folder.setdefault(file.parent, []).append(file)
    groups: list[Group] = []
    for folder, members in sorted(by_folder.items()):
        names = (folder.resolve().parent.name, folder.resolve().name)
        dated = tuple(file for file in members if day_in(file.stem))
        others = tuple(file for file in members if not day_in(file.stem))
        groups += [Group(dated, names, dated=True)] if dated else []
        groups += [Group(others, names, dated=False)] if others and one_source else [Group((file,), names, dated=False) for file in others]
    if not groups:
        reasons = f" Left out: {'; '.join(skipped[:5])}." if skipped else ""
        raise InputError(f"{path} holds no file to read.{reasons}")
    return groups, skipped


def day_in(name: str) -> date | None:
    """The date in a file's name, written 2023-08-11; None where there is none."""
    match = _DAY.search(name)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def read_file(path: Path) -> RawDocument:
    """The bytes of a file, unpacked if it is gzip.

    Raises InputError if it is no ordinary file, empty, too large, or cannot be read.
    """
    name = path.name
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{name} is no ordinary file.")
        if status.st_size > MAX_BYTES:
            raise InputError(f"{name} has {status.st_size:,} bytes: at most {MAX_BYTES:,} are read. Split it, or save only the text.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from error
    if data.startswith(_GZIP):
        data, name = _unpack(name, data), name.removesuffix(".gz")
    if not data.strip(b"\0 \t\r\n"):
        raise InputError(f"{name} is empty.")
    return RawDocument(name, data)


def file_hash(path: Path) -> str | None:
    """The SHA-256 of a file's bytes, unpacked as they are read; None where it cannot be read."""
    try:
        return hashlib.sha256(read_file(path).data).hexdigest()
    except InputError:
        return None


def _unpack(name: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InputError(f"{name} cannot be unpacked: {error}.") from error
    if len(unpacked) > MAX_BYTES:
        raise InputError(f"{name} unpacks to more than {MAX_BYTES:,} bytes, which is not read.")
    return unpacked


def _walk(folder: Path) -> tuple[list[Path], list[str]]:
    files: list[Path] = []
    skipped: list[str] = []
    for path in _entries(folder):
        name = str(path.relative_to(folder))
        if path.name.endswith(SIDE_FILE) or path.name == FOLDER_SIDE_FILE:
            continue
        if path.stem.upper() in ABOUT_THE_FOLDER:
            skipped.append(f"{name}: about the folder, no document of its own")
        elif path.is_symlink():
            skipped.append(f"{name}: a link, not followed")
        elif len(files) == MAX_FILES:
            skipped.append(f"{name} and what follows: more than {MAX_FILES:,} files")
            break
        else:
            files.append(path)
    return files, skipped


def _entries(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield Path(root) / name
