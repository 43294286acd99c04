"""The real page, served by the real command, in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, sync_playwright

from tests.places import CHECKOUT
from tests.strictness import require

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000  # milliseconds; a first answer also loads the model
PHONE = (380, 780)
DESK = (1280, 860)


class Visit:
    """One person at the page, in a browser context of their own, with every request and every script dialog it made."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        self.page: Page = context.new_page()
        self.page.on("dialog", self._refuse)
        self.page.goto(address)
        self.question: Locator = self.page.get_by_label("Your question")
        self.question.wait_for(timeout=PATIENCE)

    @property
    def answers(self) -> Locator:
        """Answers, and the sentences that stand in place of one."""
        return self.page.locator(".cw-answer, .cw-note")

    def ask(self, question: str) -> Locator:
        """Type a question, press Enter, and wait for what comes back."""
        before = self.answers.count()
        self.question.fill(question)
        self.question.press("Enter")
        return self.wait_for_answer(before)

    def wait_for_answer(self, before: int) -> Locator:
        """The answer after ``before`` earlier ones."""
        self.answers.nth(before).wait_for(timeout=PATIENCE)
        return self.answers.nth(before)

    def _refuse(self, dialog: object) -> None:
        self.dialogs.append(str(dialog))
        dialog.dismiss()  # type: ignore[attr-defined]  # playwright passes a Dialog


Visitor = Callable[..., Visit]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as the machine has it, or as playwright brought it."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None) or _of_playwright(playwright)
    require(program, "no Chromium found; get one, on Debian and Ubuntu with: apt-get install chromium")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    started = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *as_root])
    yield started
    started.close()


@pytest.fixture(scope="session")
def address(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page over the shipped knowledge is served."""
    with serving(home, tmp_path_factory.mktemp("page") / "errors.txt") as served:
        yield served


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visitor]:
    """Opens the page for a person nobody else shares a browser context with."""
    contexts: list[BrowserContext] = []

    def open_page(size: tuple[int, int] = DESK, at: str = address) -> Visit:
        contexts.append(browser.new_context(viewport={"width": size[0], "height": size[1]}))
        return Visit(contexts[-1], at)

    yield open_page
    for context in contexts:
        context.close()


@contextmanager
def serving(home: Path, errors: Path) -> Iterator[str]:
    """Run ``clausewise chat`` over a data folder; yields its address."""
    command = [sys.executable, "-m", "assistant", "chat", "--no-browser"]
    environment = {**os.environ, "CLAUSEWISE_HOME": str(home), "PYTHONUTF8": "1"}
    with errors.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        yield _address(process.stdout, errors)
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


def _address(output: IO[str], errors: Path) -> str:
    for line in output:
        if found := re.fullmatch(r"Open (http://127\.0\.0\.1:\d+)\n", line):
            return found[1]
    pytest.fail(f"the page did not start: {errors.read_text(encoding='utf-8')[-2000:]}")


def _of_playwright(playwright: Playwright) -> str | None:
    program = playwright.chromium.executable_path
    return program if Path(program).exists() else None
