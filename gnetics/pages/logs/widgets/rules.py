"""Above the Automations Log: what each rule does, whether it is on, and when it ran last."""

from __future__ import annotations

from typing import TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import Look, given


class RuleLine(TypedDict):
    """`facts`: last and next run, and counts, each a few words."""

    title: str
    sentence: str
    state: Look
    facts: list[str]


class Rules(GuardedTemplate):
    """`summary` says how many are on, and when a worker looked at them last; `silent` that no worker is there, "" while one is."""

    source = "rules.vue"
    rules = given(list[RuleLine])
    summary = tl.Unicode().tag(sync=True)
    silent = tl.Unicode().tag(sync=True)
