"""The `gnetics` command. Heavy imports are inside each command, so that « gnetics --aide » is instant."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from gnetics import settings as settings_module
from gnetics.cli import accesses, accounts, analyses, automations, calendar, figures, imports, mail, person, serving, sources, store
from gnetics.cli.french import FrenchParser, NotUnderstood
from gnetics.errors import GneticsError


def parser() -> argparse.ArgumentParser:
    root = FrenchParser(
        prog="gnetics", description="CRM GNETICS : servir les pages, importer un classeur, écrire un rapport, régler la synchronisation."
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMANDE", parser_class=FrenchParser)
    for module in (serving, imports, sources, calendar, mail, automations, figures, analyses, accounts, accesses, person, store):
        module.add(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when done, 1 when refused (one French sentence on the error output), 2 when the command is not understood."""
    chosen = parser().parse_args(arguments)
    try:
        chosen.run(settings_module.load(), chosen)
    except GneticsError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, NotUnderstood) else 1
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return 130
    return 0
