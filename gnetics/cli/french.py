"""What every command shares: its words in French, its progress."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn, TypeAlias

from gnetics.errors import GneticsError

BAR = 30  # characters


class NotUnderstood(GneticsError):
    """What a command is told means nothing here: it ends with 2."""


class FrenchParser(argparse.ArgumentParser):
    """argparse with French headings and a French refusal."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, **options)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "commandes et arguments", "options"
        self.add_argument("-h", "--aide", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        print(f"Commande incomplète ou inconnue. Usage : {self.format_usage().removeprefix('usage: ').strip()}", file=sys.stderr)
        sys.exit(2)


def bar(done: int, total: int) -> None:
    filled = BAR * done // max(total, 1)
    print(f"\r[{'█' * filled}{'·' * (BAR - filled)}] {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)


Commands: TypeAlias = "argparse._SubParsersAction[FrenchParser]"
