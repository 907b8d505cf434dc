"""FAQ: the help page, searchable; its address carries the search (`q`) and the question opened last (`question`)."""

from __future__ import annotations

import ipyvuetify as v

from gnetics.domain.typography import spaced
from gnetics.pages.app import App
from gnetics.pages.faq.answers import COUNT, GROUPS, Answer
from gnetics.pages.faq.search import HelpIndex, parts
from gnetics.pages.faq.widgets.faq import Faq, ShownAnswer, ShownGroup
from gnetics.pages.opening import opener

FEW = 8  # a search that finds no more than these opens them all
ANSWERS = {answer.key: answer for group in GROUPS for answer in group.answers}


class FaqPage:
    """Several answers may be open together."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._index = HelpIndex({key: " ".join((each.question, *each.paragraphs, each.also)) for key, each in ANSWERS.items()})
        self._faq = Faq(self)
        self._faq.total = COUNT
        self.widget = v.Html(tag="div", class_="g-page", children=[self._faq])

    def visit(self, query: dict[str, str]) -> None:
        asked = query.get("question", "")
        self._show(query.get("q", ""))
        if asked in ANSWERS and asked not in self._faq.opened:
            self._faq.opened = [*self._faq.opened, asked]
            self._faq.revealed = asked

    def refresh(self) -> None:
        """The help does not depend on the data."""

    def search(self, text: str) -> None:
        self._show(text)
        self._app.set_query("faq", {"q": self._faq.text} if self._faq.text else {})

    def toggle(self, key: str) -> None:
        if key not in ANSWERS:
            return
        opening = key not in self._faq.opened
        self._faq.opened = [*self._faq.opened, key] if opening else [each for each in self._faq.opened if each != key]
        query = {"q": self._faq.text} if self._faq.text else {}
        self._app.set_query("faq", query | ({"question": key} if opening else {}))

    def go(self, page: str, query: dict[str, str]) -> None:
        self._app.go(page, **query)

    def _show(self, text: str) -> None:
        text = text.strip()
        if text == self._faq.text and self._faq.groups:
            return  # the same visit again
        found = self._index.find(text)
        with self._faq.hold_sync():
            self._faq.text = text
            self._faq.count = len(found)
            self._faq.groups = _groups(found, text)
            self._faq.opened = found if text and len(found) <= FEW else []


def _groups(found: list[str], text: str) -> list[ShownGroup]:
    """The groups that have a question left."""
    shown: list[ShownGroup] = [
        {"title": group.title, "icon": group.icon, "answers": [_answer(each, text) for each in group.answers if each.key in found]}
        for group in GROUPS
    ]
    return [group for group in shown if group["answers"]]


def _answer(answer: Answer, text: str) -> ShownAnswer:
    return {
        "key": answer.key,
        "question": parts(spaced(answer.question), text),
        "paragraphs": [parts(spaced(each), text) for each in answer.paragraphs],
        "page": answer.page,
        "go": answer.go,
        "query": dict(answer.query),
    }


def build(app: App) -> FaqPage:
    return FaqPage(app)


show = opener("faq")
