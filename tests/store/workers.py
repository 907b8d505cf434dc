"""Other processes for the store's tests, each doing one job on the store at an address."""

from __future__ import annotations

import os
import pwd
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import psycopg  # noqa: F401 - imported once, before the forks
from sqlalchemy import event, func, select

from gnetics import settings as settings_module
from gnetics.actions.erasing_people import erase_person
from gnetics.actions.leads import save_lead
from gnetics.actions.merging import merge_leads
from gnetics.domain.accesses import COMMAND
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused, StoreReadOnly
from gnetics.imports.importer import import_workbook
from gnetics.store.crm import Crm, open_crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.person import held_of
from gnetics.store.schema import events, history, imports, leads
from gnetics.store.unit_of_work import UnitOfWork

WRITERS, EACH = 4, 10
MOMENTS = 40  # of a long series of kills
ROWS, MEETINGS = 1000, 300  # enough for a transaction that lasts
PAIRS, ROUNDS, NEW = 6, 5, 400  # of a busy hour: leads 1 to PAIRS take over the PAIRS that follow; NEW leads come in a file
FIELDS = ("name", "company", "job_title", "source", "owner", "notes")


class Workers:
    """One process that imports everything once, then forks for each job it is given."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.store.workers"]
        root = Path(__file__).parent.parent.parent
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, job: Callable[[str], None], url: str) -> list[str]:
        """The lines that the job printed; its failure is the test's."""
        print(job.__name__, url, file=self._process.stdin, flush=True)
        assert self._process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("END "):
            lines.append(self._process.stdout.readline().strip())
            assert lines[-1], "the workers are gone"
        assert lines.pop() == "END 0", f"{job.__name__} failed: see above"
        return lines

    def close(self) -> None:
        self._process.communicate(timeout=10)


def increments(url: str) -> None:
    """Each of WRITERS processes adds one to the amount of lead 1, EACH times."""

    def work() -> None:
        crm = _open(url)
        for _ in range(EACH):
            with crm.write("compteur", Verb.SAVE_LEAD) as uow:
                uow.update("leads", 1, {"amount": uow.row("leads", 1)["amount"] + 1})
                uow.commit()

    _together([work] * WRITERS)


def numbers(url: str) -> None:
    """Each of WRITERS processes saves EACH new contacts, while another imports higher numbers; prints those given."""

    def work(crm: Crm, number: int) -> None:
        snapshot = crm.snapshot()
        for turn in range(EACH):
            if number:
                _say("number", str(save_lead(crm, "moi", None, {"name": f"Personne {number}-{turn}"}, None, snapshot).lead_id))
            else:
                import_workbook(crm, "import", f"ID Lead;Nom\nL-{100 * (turn + 1):06d};Ami {turn}\n".encode(), "amis.csv")

    _together([partial(_alone, url, work, number) for number in range(WRITERS + 1)])


def add_lead(url: str) -> None:
    """Another process saves a new contact, then closes the store."""
    crm = _open(url)
    print(save_lead(crm, "autre", None, {"name": "Écrit ailleurs"}, None, crm.snapshot()).key)
    crm.close()


def killed_saves(url: str) -> None:
    """Saves of lead 1 that a kill -9 stops before their 1st, 2nd … statement; prints the lead before each and at the end."""
    number = 0
    while _killed_before_statement(url, number):
        number += 1
    with _open(url).write("lecture", Verb.SAVE_LEAD) as uow:
        _print_lead(uow)


def _killed_before_statement(url: str, number: int) -> bool:
    def save(crm: Crm) -> None:
        with crm.write("coupure", Verb.SAVE_LEAD) as uow:  # a lock left behind by the one killed before would show here
            _print_lead(uow)
            _kill_at(crm, number)
            uow.update("leads", 1, dict.fromkeys(FIELDS, f"coupure {number}"))
            uow.commit()

    return _killed(url, save)


def killed_merges(url: str) -> None:
    """Merges of leads 1 and 2 that a kill -9 stops before each statement; prints which lead has what before each and at the end."""

    def merge(crm: Crm, number: int) -> None:
        snapshot = crm.snapshot()
        if len(snapshot.leads) == 1:
            return  # the one killed before had committed
        _print_owners(snapshot)
        _kill_at(crm, number)
        merge_leads(crm, "coupure", [1, 2], {}, {}, snapshot)

    number = 0
    while _killed(url, partial(merge, number=number)):
        number += 1
    _print_owners(_open(url).snapshot())


def imports_killed_at_random(url: str) -> None:
    """Imports of ROWS leads each, stopped by a kill -9 anywhere; prints after each how many leads, history lines and imports there are."""

    def take(crm: Crm, number: int) -> None:
        rows = "".join(f"Personne {number}-{n};p{number}.{n}@exemple.fr\n" for n in range(ROWS))
        import_workbook(crm, "coupure", f"Nom;Email\n{rows}".encode(), f"{number}.csv")

    for _ in _killed_at_random(url, take):
        with _open(url).read() as connection:
            print(
                *(connection.execute(select(func.count()).select_from(table)).scalar() for table in (leads, history, imports)), flush=True
            )


def merges_killed_at_random(url: str) -> None:
    """Merges of two leads, stopped by a kill -9 anywhere; prints after each the state of the second, and who has how many of its events."""
    crm = _open(url)
    with crm.write("coupure", Verb.IMPORT) as uow:
        keys = uow.insert_many("leads", [{"name": f"Fiche {n}"} for n in range(2 * MOMENTS + 2)], Action.IMPORTED)
        times = {"starts_at": uow.now, "ends_at": uow.now, "title": "Point"}
        meetings = [times | {"uid": f"{key}-{n}", "lead_key": key} for key in keys[1::2] for n in range(MEETINGS)]
        uow.insert_many("events", meetings, Action.IMPORTED)
        uow.commit()
    crm.close()
    pairs = list(zip(keys[::2], keys[1::2], strict=True))

    for number in _killed_at_random(url, lambda crm, number: merge_leads(crm, "coupure", pairs[number], {}, {}, crm.snapshot())):
        kept, away = pairs[number]
        with _open(url).read() as connection:
            into = connection.execute(select(leads.c.merged_into, leads.c.deleted).where(leads.c.key == away)).one()
            whose = select(events.c.lead_key, func.count()).where(events.c.uid.like(f"{away}-%")).group_by(events.c.lead_key)
            lines = select(func.count()).where(
                history.c.entity == "lead", history.c.entity_key.in_((kept, away)), history.c.action != "import"
            )
            owners = [("première" if owner == kept else "seconde", count) for owner, count in connection.execute(whose)]
            print(into.deleted, into.merged_into == kept, owners, connection.execute(lines).scalar_one() > 0, flush=True)


def busy_hour(url: str) -> None:
    """Two processes each that count, write notes, merge and import, all on the same leads at once; prints what each obtained."""
    kept = range(1, PAIRS + 1)
    rows = [f"K{key};;Salon" for key in range(1, 2 * PAIRS + 1)] + [f"N{number};Personne {number};" for number in range(NEW)]
    file = "\n".join(["ID Lead;Nom;Source", *rows]).encode()

    def count(crm: Crm, _number: int) -> None:
        for key in [*kept] * ROUNDS:
            with crm.write("compteur", Verb.SAVE_LEAD) as uow:
                uow.update("leads", key, {"amount": uow.row("leads", key)["amount"] + 1})
                uow.commit()

    def write_notes(crm: Crm, number: int) -> None:
        snapshot = crm.snapshot()
        for turn, key in product(range(ROUNDS), kept):
            note = f"note-{number}-{turn}-{key}"
            with suppress(NotFound):  # merged meanwhile
                save_lead(crm, "notes", PAIRS + key, {"notes": note}, {}, snapshot)
                _say("note", note)

    def merge(crm: Crm, number: int) -> None:
        snapshot = crm.snapshot()
        for key in kept if number else reversed(kept):
            time.sleep(0.05)  # the others go on meanwhile
            with suppress(NotFound):  # the other one did
                merge_leads(crm, "fusion", [key, PAIRS + key], {}, {}, snapshot)
                _say("merge", str(key))

    def take(crm: Crm, number: int) -> None:
        report = import_workbook(crm, "import", file, f"{number}.csv")
        _say("import", str(report.taken))

    _together([partial(_alone, url, work, number) for number in range(2) for work in (count, write_notes, merge, take)])


def erased_meanwhile(url: str) -> None:
    """Others merge people, write about them, export them and bring them again by a file while they are erased: prints whom."""
    kept = range(1, PAIRS + 1)
    file = "\n".join(["Nom;Email;Notes", *(f"Secret {key};zoe{key}@secret.example;Secret du fichier" for key in kept)]).encode()

    def erase(crm: Crm, _number: int) -> None:
        for key in kept:
            time.sleep(0.05)  # the others go on meanwhile
            erase_person(crm, "rgpd", f"zoe{key}@secret.example", COMMAND)
            with suppress(NotFound):  # merged by then: the same person
                erase_person(crm, "rgpd", f"autre{key}@secret.example", COMMAND)
            _say("erased", str(key))

    def write_notes(crm: Crm, _number: int) -> None:
        snapshot = crm.snapshot()
        for turn, key in product(range(ROUNDS), kept):
            with suppress(NotFound, Refused):  # merged meanwhile, or erased
                save_lead(crm, "notes", PAIRS + key, {"notes": f"Secret {turn}"}, {}, snapshot)

    def merge(crm: Crm, _number: int) -> None:
        snapshot = crm.snapshot()
        for key in reversed(kept):
            time.sleep(0.05)
            with suppress(NotFound, Refused):
                merge_leads(crm, "fusion", [key, PAIRS + key], {}, {}, snapshot)

    def take(crm: Crm, number: int) -> None:
        for turn in range(ROUNDS):
            import_workbook(crm, "import", file, f"{number}-{turn}.csv")

    def export(crm: Crm, _number: int) -> None:
        for _turn, key in product(range(ROUNDS), kept):
            with suppress(NotFound, Refused):  # erased, or two contacts as long as they are not merged
                found, chapters = held_of(crm, "moi", f"zoe{key}@secret.example")
                assert "Secret" in found.called and chapters, "half of somebody"

    others = [partial(_alone, url, work, number) for number in range(2) for work in (write_notes, merge, take, export)]
    _together([*others, partial(_alone, url, erase, 0)])


def _say(*words: str) -> None:
    """A line in one piece, whatever the other processes print meanwhile."""
    os.write(sys.stdout.fileno(), f"{' '.join(words)}\n".encode())


def _alone(url: str, work: Callable[[Crm, int], None], number: int) -> None:
    work(_open(url), number)


def _killed_at_random(url: str, job: Callable[[Crm, int], object]) -> Iterator[int]:
    """The number of each job, 1 to MOMENTS, once it was stopped somewhere in the time that job 0 took, or a little after."""
    started = time.monotonic()
    _killed(url, lambda crm: job(crm, 0))
    longest, moments = 1.1 * (time.monotonic() - started), random.Random(MOMENTS)
    for number in range(1, MOMENTS + 1):
        child = os.fork()
        if child == 0:
            job(_open(url), number)
            os._exit(0)
        time.sleep(moments.uniform(0, longest))
        os.kill(child, signal.SIGKILL)  # still ours to wait for, so never somebody else's number
        os.waitpid(child, 0)
        yield number


def _print_owners(snapshot: Snapshot) -> None:
    living = snapshot.leads.index.tolist()
    print(" ".join(f"{living[min(place, len(living) - 1)]}:{key}" for place, key in enumerate(snapshot.events["lead_key"])), flush=True)


def _killed(url: str, job: Callable[[Crm], object]) -> bool:
    """Whether the job, done in another process, was killed."""
    child = os.fork()
    if child == 0:
        job(_open(url))
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _print_lead(uow: UnitOfWork) -> None:
    row = uow.row("leads", 1)
    print("/".join(sorted({row[name] for name in FIELDS})), flush=True)


def _kill_at(crm: Crm, number: int) -> None:
    left = [number]

    def before(*_: Any) -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    event.listen(crm.engine, "before_cursor_execute", before)
    event.listen(crm.engine, "commit", before)


def read_only(url: str) -> None:
    """Saves without the right to write, and prints what is said; root, who writes everywhere, becomes nobody."""
    first = _open(url)
    first.snapshot()  # loads every module while we may still read them all
    first.close()
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    try:
        crm = _open(url)
        save_lead(crm, "lecteur", None, {"name": "Zoé"}, None, crm.snapshot())
    except StoreReadOnly as refusal:
        print(refusal)


def _open(url: str) -> Crm:
    return open_crm(replace(settings_module.load({}), database_url=url))


def _together(jobs: list[Callable[[], None]]) -> None:
    children = []
    for job in jobs:
        child = os.fork()
        if child == 0:
            job()
            os._exit(0)
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise SystemExit("a process failed")


JOBS = {
    job.__name__: job
    for job in (
        increments,
        numbers,
        add_lead,
        killed_saves,
        killed_merges,
        imports_killed_at_random,
        merges_killed_at_random,
        busy_hour,
        erased_meanwhile,
        read_only,
    )
}


def serve() -> None:
    """Jobs from the standard input, each in its own process, ended by a line « END status »."""
    for line in sys.stdin:
        job, url = line.split()
        child = os.fork()
        if child == 0:
            JOBS[job](url)
            sys.stdout.flush()
            os._exit(0)
        print(f"END {int(os.waitpid(child, 0)[1] != 0)}", flush=True)


if __name__ == "__main__":
    serve()
