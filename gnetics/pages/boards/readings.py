"""One sentence per block: the message its picture carries, or why there is nothing to read."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from gnetics.domain.regions import Region
from gnetics.domain.statuses import OPEN, WON
from gnetics.domain.typography import counted, number, spaced
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.rules import BLOCKING
from gnetics.metrics.words import brief, decimal, percent

NO_PAST_QUALITY = "Les contrôles lisent les fiches et les messages d’aujourd’hui : la qualité d’un jour passé ne se rejoue pas."
NOBODY_YET = "Aucun contact réel ici : ajoutez ou importez des contacts, ou choisissez un autre responsable."


def month_short(month: date, region: Region) -> str:
    """« nov. 26 »."""
    return format_date(month, "MMM yy", locale=region.locale)


def month_tick(month: date, region: Region) -> str:
    """« nov »: three letters, so that twelve fit side by side on a telephone."""
    word = format_date(month, "MMM", locale=region.locale).rstrip(".")
    return {"janv": "jan", "févr": "fév", "mars": "mar", "avril": "avr", "juin": "jun", "juil": "jul", "août": "aoû", "sept": "sep"}.get(
        word, word
    )


def month_long(month: date, region: Region) -> str:
    return format_date(month, "MMMM y", locale=region.locale)


def kpis(board: Board, region: Region, during: str) -> str:
    made = board.kpis
    won = made.won_amount
    if not won.numerator and not len(won.left_out):
        return spaced(f"{counted(made.created.numerator, 'contact créé', 'contacts créés')} {during}, aucune affaire gagnée.")
    return spaced(f"{brief(won, region)} gagnés {during} ; {counted(made.created.numerator, 'contact créé', 'contacts créés')}.")


def outreach(board: Board, during: str) -> str:
    mail = board.outreach
    if not mail.answer_rate.denominator:
        return f"Aucun contact sollicité par email {during}."
    asked, answered = mail.contacted.numerator, mail.answered.numerator
    among = f"sur {number(asked)} {'sollicité' if asked == 1 else 'sollicités'}"
    if not answered:
        return f"Aucun contact {among} n’a répondu {during}."
    verb = "a répondu" if answered == 1 else "ont répondu"
    return spaced(f"{counted(answered, 'contact')} {among} {verb} {during} : {percent(mail.answer_rate.value)}.")


def pipeline(board: Board) -> str:
    open_rows = [row for row in board.pipeline if row["type"] == "ouvert"]
    if not sum(row["leads"].numerator for row in open_rows):
        return "Aucun contact ouvert : rien n’est en cours."
    late = sum(row["red"].numerator for row in open_rows)
    worst = max(open_rows, key=lambda row: row["red"].numerator)
    if not late:
        return "Aucun contact ouvert n’est en retard dans son statut."
    verb = "est en retard" if late == 1 else "sont en retard"
    most = worst["red"].numerator
    where = f", dont {number(most)} en" if most < late else " en" if late == 1 else ", tous en"
    return spaced(f"{counted(late, 'contact')} {verb} dans le statut{where} « {worst['status']} ».")


def forecast(board: Board, region: Region) -> str:
    made = board.forecast
    if not made.total.known:
        return "Prévision n/d : les contacts ouverts n’ont pas de montant."
    if not made.total.numerator:
        return "Rien à prévoir : aucun contact ouvert n’a de montant."
    best = max(made.months, key=lambda bucket: bucket.weighted.value or 0)
    last = made.months[-1].month
    text = f"{brief(made.total, region)} pondérés attendus d’ici {month_long(last, region)}" if last else brief(made.total, region)
    if best.month and best.weighted.value:
        text += f" ; le mois le plus fort est {month_long(best.month, region)} ({brief(best.weighted, region)})"
    return spaced(f"{text}.")


def sources(board: Board, region: Region, during: str) -> str:
    rows = [row for row in board.sources if not row["small"]]
    if not board.sources:
        return f"Aucun contact créé {during}."
    if not rows:
        return "Moins de 10 contacts par source : trop peu pour comparer des taux."
    best = max(rows, key=lambda row: (row["conversion"].value, row["leads"].numerator))
    if not best["won"].numerator:
        return f"Aucun contact créé {during} n’est encore gagné : les cohortes sont en maturation."
    text = f"{best['source']} convertit {percent(best['conversion'].value)} de {number(best['leads'].numerator)} leads"
    richest = max(board.sources, key=lambda row: row["amount"].value or 0)
    if richest is not best and richest["amount"].value:
        text += f" ; {richest['source']} rapporte le plus ({brief(richest['amount'], region)})"
    return spaced(f"{text}.")


def scores(board: Board) -> str:
    rows = [row for row in board.scores.rows if row["median"].known]
    if not rows:
        return "Aucun contact n’a de score."
    falls = [row["status"] for row in rows if row["falls"]]
    if falls:
        return spaced(f"Le score médian baisse à l’entrée de « {falls[0]} » : il devrait monter avec l’avancement.")
    path = [row for row in rows if row["status"] in (*OPEN, WON)]
    if len(path) < 2:
        return spaced(f"Score médian de « {rows[0]['status']} » : {decimal(rows[0]['median'].value)}.")
    first, last = path[0], path[-1]
    low, high = decimal(first["median"].value), decimal(last["median"].value)
    return spaced(f"Le score médian monte de {low} ({first['status']}) à {high} ({last['status']}).")


def funnel(board: Board, during: str) -> str:
    first, last = board.funnel[0]["reached"], board.funnel[-1]["reached"]
    if not first.numerator:
        return f"Entonnoir : aucun contact créé {during}."
    return spaced(
        f"Entonnoir : sur {counted(first.numerator, 'contact créé', 'contacts créés')} {during}, "
        f"{number(last.numerator)} {'est allé' if last.numerator < 2 else 'sont allés'} jusqu’à Clos ({percent(last.value)})."
    )


def owners(board: Board, region: Region, during: str) -> str:
    rows = [row for row in board.owners if row["won_amount"].value]
    if not rows:
        return f"Aucune affaire gagnée {during}."
    best = max(rows, key=lambda row: row["won_amount"].value)
    return spaced(
        f"{best['owner']} a gagné le plus {during} : {brief(best['won_amount'], region)}, {counted(best['won'].numerator, 'affaire')}."
    )


def quality(board: Board) -> str:
    made = board.quality
    blocking = [each for each in made.findings if each.severity == BLOCKING and each.figure.numerator]
    if not blocking:
        return "Aucune anomalie bloquante."
    worst = max(blocking, key=lambda each: each.figure.numerator)
    count, title = made.blocking.numerator, worst.rule.title.split(" (")[0].lower()
    verb = "contact a" if count == 1 else "contacts ont"
    return spaced(
        f"{number(count)} {verb} une anomalie bloquante ({percent(made.blocking.value)}) ; "
        f"la plus fréquente : {title} ({number(worst.figure.numerator)})."
    )


def completeness(board: Board) -> str:
    known = [row for row in board.quality.completeness if row["filled"].known]
    if not known:
        return "Aucun champ à vérifier."
    worst: Row = known[0]
    return spaced(f"Le champ le moins rempli est « {worst['label']} » : {percent(worst['filled'].value)} des contacts concernés.")


def split(board: Board) -> str:
    active = next(row for row in board.split.groups if row["type"] == "ouvert")
    return spaced(f"{counted(active['share'].numerator, 'contact actif', 'contacts actifs')} sur {number(board.population.size)}.")


def priority(total: Figure, late: Figure) -> str:
    """« 23 leads attendent, 4 en retard de plus d’une semaine »."""
    if not total.numerator:
        return "rien n’attend aujourd’hui"
    words = f"{number(total.numerator)} {'lead attend' if total.numerator == 1 else 'leads attendent'}"
    return f"{words}, {number(late.numerator)} en retard de plus d’une semaine" if late.numerator else words


def scale_of(amounts: list[float], region: Region) -> tuple[int, str]:
    """The unit in which columns are labelled: (cents in one, « k€ »)."""
    highest = max(amounts, default=0.0)
    power, prefix = (100_000_000, "M") if highest >= 1_000_000_000 else (100_000, "k") if highest >= 1_000_000 else (100, "")
    return power, f"{prefix}{region.symbol}"
