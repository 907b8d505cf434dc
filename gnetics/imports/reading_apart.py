"""Foreign files are read in a process of their own, bounded in memory and time: a file that asks for too much ends that one only.

It is started anew (nothing of this process is forked, whatever its threads do) and ends before the first row is taken, so that
what the two hold never adds up.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from gnetics.errors import UnreadableFile
from gnetics.imports.bounded import TOO_HEAVY
from gnetics.imports.spool import put_aside

if TYPE_CHECKING:
    from gnetics.imports.workbook import Line

log = logging.getLogger("gnetics.import")
MEMORY, MEMORY_FOR_EACH = 2**29, 6  # bytes, and for each byte of the file once unzipped; half of it is used at most
SECONDS = 300  # of a processor; the largest file takes 15
PACKAGE = Path(__file__).parent.parent
_TOO_HEAVY = (
    "Ce classeur demande plus de mémoire ou de temps que le serveur n’en donne\u00a0: "
    "dans votre tableur, enregistrez chaque feuille en «\u00a0CSV UTF-8\u00a0», puis importez ce fichier."
)

Found = tuple[str, int, Callable[[], "Iterator[Line]"], int]


class _Aside:
    """The rows of a workbook in a temporary file without a name, which is gone with the last sheet of it."""

    def __init__(self) -> None:
        self.file = TemporaryFile(prefix="gnetics-import-")  # noqa: SIM115  # open as long as this object is there
        weakref.finalize(self, self.file.close)

    def rows(self, start: int, end: int) -> Iterator[Line]:
        """Those put aside between two places of the file."""
        yield from enumerate(chain.from_iterable(put_aside(self.file, start, end)), 1)


def sheets(data: bytes, largest: int) -> list[Found]:
    """(name, height, rows, `merged`) of every sheet of a file that has something in it; raises UnreadableFile with what to do.

    `merged` is that of workbook.Sheet. `largest`: MB once unzipped.
    """
    aside = _Aside()
    place, memory = aside.file.fileno(), MEMORY + MEMORY_FOR_EACH * largest * 2**20
    found = read("gnetics.imports.spreadsheet", [place, largest, memory, SECONDS], data, _TOO_HEAVY, [place])
    return [(name, height, partial(aside.rows, start, end), merged) for name, height, merged, start, end in found]


def read(module: str, arguments: Sequence[object], data: bytes, too_heavy: str, shared: Sequence[int] = ()) -> Any:
    """What that module found in `data`, its standard input; raises UnreadableFile, with `too_heavy` when it was ended.

    `shared` are the files that it is given beside.
    """
    with TemporaryFile(prefix="gnetics-import-") as file:
        file.write(data)
        file.seek(0)
        ended = subprocess.run(
            [sys.executable, "-P", "-m", module, *map(str, arguments)],
            stdin=file,
            capture_output=True,
            pass_fds=shared,
            env=_environment(),
            check=False,
        )
    said = ended.stderr.decode(errors="replace").strip()
    if ended.returncode < 0 or ended.returncode == TOO_HEAVY:
        log.warning("the reader of a file was ended (%s): %s", ended.returncode, said.partition("\n")[0])
        raise UnreadableFile(too_heavy)
    if ended.returncode:
        raise RuntimeError(f"the reader of a file failed: {said[-2000:]}")
    answer = pickle.loads(ended.stdout)  # noqa: S301  # our own process again
    if isinstance(answer, str):
        raise UnreadableFile(answer)
    return answer


def _environment() -> dict[str, str]:
    """Our own package, and none of our settings: they hold passwords."""
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GNETICS_")}
    return kept | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}
