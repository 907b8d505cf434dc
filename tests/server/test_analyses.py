"""Published analyses as they are served: to whom, from which file, in which kernel; what fails or never ends in one stops nothing."""

from __future__ import annotations

import html
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.store.analyses import Analysis, digest_of, forget, record
from gnetics.store.crm import Crm, open_crm
from tests.probes import told, write_probe
from tests.served import Answer, Served, serve
from tests.server.kernel.test_messages import browser
from tests.server.test_sign_in import channel, cookie_of, post
from tests.server.test_wire import INVALID, closing_code, message

ANALYSES = "voila/render/analyses/"
PASSWORD = "une longue phrase de passe"
CHIEF, LIMITED = "Chef", "Sophie Marchand"
SECRETS = {"smtp_url": "smtp://x:S3cret-a@127.0.0.1:9", "metrics_token": "S3cret-b", "proposer_key": "S3cret-c"}
BOX = {"mail_boxes_equipe_password": "S3cret-d"}  # of a mailbox of the configuration file
COUNTS = """
import gnetics, json

crm = gnetics.open_crm()
print("<<" + json.dumps({
    "frames": len(crm.leads), "figures": crm.figures.contacts().value, "sql": int(crm.sql("select count(*) as n from leads")["n"].item()),
    "mails": len(crm.messages()), "runs": len(crm.runs()), "owners": sorted(crm.leads["owner"].dropna().unique()),
}) + ">>")
"""
ENVIRONMENT = """
import json, os
from gnetics.settings import load

settings = load()
found = json.dumps([dict(os.environ), settings.smtp_url, settings.metrics_token, settings.proposer_key, os.environ.get("GNETICS_ALONE")])
print("<<" + json.dumps({"secrets": found.count("S3cret"), "alone": os.environ.get("GNETICS_ALONE")}) + ">>")
"""
WRONG = (
    "1 / 0",
    "import gnetics",
    "gnetics.open_crm(write=True)",
    "gnetics.open_crm(as_user='Chef')",
    "gnetics.open_crm('x.db')",
    "print('la suite')",
)
WIDGETS = """
import ipyvuetify as v, ipywidgets

class Mine(v.VuetifyTemplate):
    template = "<div></div>"
    def forbidden(self):
        label.value = "obeyed"

mine, label, slider = Mine(), ipywidgets.Label("quiet"), ipywidgets.IntSlider()
slider.observe(lambda change: setattr(label, "value", f"moved to {change['new']}"), "value")
print("<<" + __import__("json").dumps({"mine": mine.model_id, "slider": slider.model_id}) + ">>")
"""
ENDLESS = "open({journal!r}, 'w').close()\nwhile True:\n    pass"
NOTEBOOKS: dict[str, tuple[str, ...]] = {
    "comptes": (COUNTS,),
    "environnement": (ENVIRONMENT,),
    "fautes": WRONG,
    "elements": (WIDGETS,),
    "change": ("print('premier')",),
    "retire": ("1",),
}


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analyses")
    write_probe(folder, "accueil")
    (folder / "vide.ipynb").write_bytes(b"")
    (folder / "cassee.ipynb").write_text("{", "utf-8")
    (folder / "liste.ipynb").write_text("[1]", "utf-8")
    write(folder, "Untitled", "1").rename(folder / "Untitled.ipynb")
    for name, cells in NOTEBOOKS.items():
        write(folder, name, *cells)
    write(folder, "brouillon", "1")
    for name in ("vide", "cassee"):
        (folder / "analyses" / f"{name}.ipynb").write_text("{" if name == "cassee" else "", "utf-8")
    return folder


def write(folder: Path, name: str, *cells: str) -> Path:
    (folder / "analyses").mkdir(exist_ok=True)
    place = folder / "analyses" / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), place)
    return place


def published(crm: Crm, folder: Path, name: str) -> None:
    """Recorded without being run: what fails or never ends is to be served too."""
    content = (folder / "analyses" / f"{name}.ipynb").read_bytes()
    record(crm, Analysis(name, f"Titre <i>{name}</i>", "Chef", datetime(2026, 11, 1, tzinfo=UTC), digest_of(content)))


@pytest.fixture(scope="module")
def crm(copy_of_demo: Callable[[], str], notebooks: Path) -> Iterator[Crm]:
    """With accounts, one of which sees its own leads only."""
    settings = replace(settings_module.load({}), database_url=copy_of_demo(), notebooks_dir=notebooks)
    with closing(open_crm(settings, trusted=True)) as opened:
        accounts.add(opened, "x", CHIEF, "administration", PASSWORD)
        accounts.add(opened, "x", LIMITED, "édition", PASSWORD)
        accounts.set_own_leads(opened, "x", LIMITED, True)
        for name in NOTEBOOKS:
            published(opened, notebooks, name)
        yield opened


@pytest.fixture(scope="module", params=["oui", pytest.param("non", marks=pytest.mark.soak)], ids=["forked", "alone"])
def server(request: pytest.FixtureRequest, crm: Crm, notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "gnetics.toml").write_text('[mail.boxes.equipe]\nurl = "imaps://crm@127.0.0.1:9"\n', "utf-8")
    settings = {
        "notebooks_dir": str(notebooks),
        "database_url": crm.settings.database_url,
        "pools": "accueil=1",
        "fork_kernels": request.param,
    }
    with serve(folder / "log", config=str(folder / "gnetics.toml"), **settings, **SECRETS, **BOX) as served:
        yield served


@pytest.fixture(scope="module")
def cookies(server: Served) -> dict[str, str]:
    return {name: cookie_of(post(server, "connexion", name=name, password=PASSWORD)) for name in (CHIEF, LIMITED)}


def opened(server: Served, name: str, cookie: str) -> Answer:
    answer = server.get(f"{ANALYSES}{name}.ipynb", Cookie=cookie)
    assert answer.status == 200, answer.body[-2000:]
    return answer


def kernel_of(page: str) -> str:
    found = re.search(r'"kernelId": "([-0-9a-f]+)"', page)
    assert found, page[-2000:]
    return found[1]


def errors(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'<div class="g-error" role="alert">(.*?)</div>', page, re.DOTALL)]


def test_it_shows_each_person_what_is_theirs(server: Served, crm: Crm, cookies: dict[str, str]) -> None:
    every, mine = (told(opened(server, "comptes", cookies[name]).body) for name in (CHIEF, LIMITED))
    for name in (CHIEF, LIMITED):
        leads = crm.snapshot(name).leads
        found = every if name == CHIEF else mine
        assert (found["frames"], found["sql"], found["figures"]) == (len(leads), len(leads), int(leads["real"].sum()))
    assert mine["owners"] == [LIMITED] and len(every["owners"]) > 1
    assert all(mine[name] < every[name] for name in ("frames", "figures", "sql", "mails", "runs"))


def test_it_says_when_it_was_computed_at_which_revision_and_in_what_time(server: Served, crm: Crm, cookies: dict[str, str]) -> None:
    page = opened(server, "comptes", cookies[CHIEF]).body
    assert re.search(rf"À jour à \d\d:\d\d · calcul\s: \d+,\d s · révision {crm.latest_rev()}\b", html.unescape(page))


def test_it_is_drawn_with_the_pages_and_the_other_analyses_and_titles_are_no_markup(server: Served, cookies: dict[str, str]) -> None:
    page = opened(server, "comptes", cookies[LIMITED]).body
    assert "Titre &lt;i&gt;elements&lt;/i&gt;" in page and "<i>" not in page
    assert f'<span class="g-user" title="{LIMITED}">{LIMITED}</span>' in page and 'href="/voila/render/accueil.ipynb">Accueil</a>' in page
    assert "brouillon" not in page and "Untitled" not in page and COUNTS.split()[-1] not in page


@pytest.mark.parametrize(
    "path",
    [
        "analyses/brouillon",
        "analyses/vide",
        "analyses/cassee",
        "analyses/absente",
        "analyses/../accueil",
        "analyses/",
        "Untitled",
        "vide",
        "cassee",
    ],
)
def test_what_is_not_published_is_as_what_is_not_there(server: Served, cookies: dict[str, str], path: str) -> None:
    nowhere = server.get("voila/render/nulle-part.ipynb", Cookie=cookies[CHIEF])
    answer = server.get(f"voila/render/{path}.ipynb", Cookie=cookies[CHIEF])
    assert (answer.status, answer.body) == (404, nowhere.body)
    assert "brouillon" not in nowhere.body and "Untitled" not in nowhere.body and "comptes" not in nowhere.body


def test_a_file_that_changed_is_not_served_until_it_is_published_again(
    server: Served, crm: Crm, notebooks: Path, cookies: dict[str, str]
) -> None:
    assert "premier" in opened(server, "change", cookies[CHIEF]).body
    write(notebooks, "change", "print('second')")
    assert server.get(f"{ANALYSES}change.ipynb", Cookie=cookies[CHIEF]).status == 404
    assert "Titre &lt;i&gt;change" not in opened(server, "comptes", cookies[CHIEF]).body
    published(crm, notebooks, "change")
    assert "second" in opened(server, "change", cookies[CHIEF]).body
    forget(crm, "x", "retire")
    assert server.get(f"{ANALYSES}retire.ipynb", Cookie=cookies[CHIEF]).status == 404


def test_a_stranger_signs_in_first_and_comes_back(server: Served) -> None:
    answer = server.get(f"{ANALYSES}comptes.ipynb")
    assert (answer.status, answer.headers["Location"]) == (302, "/connexion?next=%2Fvoila%2Frender%2Fanalyses%2Fcomptes.ipynb")
    back = post(server, "connexion", name=CHIEF, password=PASSWORD, next=f"/{ANALYSES}comptes.ipynb")
    assert back.headers["Location"] == f"/{ANALYSES}comptes.ipynb"


def test_no_other_site_shows_it_within_its_own_page(server: Served, cookies: dict[str, str]) -> None:
    assert server.get(f"{ANALYSES}comptes.ipynb", Cookie=cookies[CHIEF], Sec_Fetch_Dest="iframe").status == 403
    headers = opened(server, "comptes", cookies[CHIEF]).headers
    assert headers["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_its_kernel_inherits_nothing_and_knows_no_secret(server: Served, cookies: dict[str, str]) -> None:
    assert told(opened(server, "environnement", cookies[CHIEF]).body) == {"secrets": 0, "alone": "oui"}


def test_a_cell_that_fails_is_a_box_and_the_others_go_on(server: Served, cookies: dict[str, str]) -> None:
    page = opened(server, "fautes", cookies[CHIEF]).body
    failed, *refused = errors(page)
    reference = re.search(r"réf\. ([0-9A-F]{6})", failed)
    assert reference and f"reference {reference[1]}" in server.log.read_text("utf-8")
    assert [each.partition("\u00a0:")[2].strip(" .") for each in refused] == [
        "retirez write=True",
        "retirez as_user=…",
        "appelez open_crm() sans adresse ni fichier",
    ]
    assert "la suite" in page and "ZeroDivisionError" not in page and "Traceback" not in page and "À jour à" in page


def test_what_a_cell_shows_has_an_end(server: Served, crm: Crm, notebooks: Path, cookies: dict[str, str]) -> None:
    endless = "while True:\n    print('x' * 1000)"
    large = "from IPython.display import Markdown\nlarge = Markdown('y' * 9_000_000)"
    write(notebooks, "bavarde", endless, f"{large}\nlarge", "display(large)", "print('la suite')")
    published(crm, notebooks, "bavarde")
    page = opened(server, "bavarde", cookies[CHIEF]).body
    assert errors(page) == 3 * ["Cette partie affiche trop de données\u00a0: le reste est coupé."]
    assert "la suite" in page and len(page) < 4_000_000


def test_its_visitor_runs_no_code_and_its_widgets_hear_them(server: Served, cookies: dict[str, str]) -> None:
    page = opened(server, "elements", cookies[LIMITED])
    kernel, known = kernel_of(page.body), told(page.body)
    with channel(server, kernel, cookies[LIMITED]) as socket:
        socket.send(message(json.dumps({"code": "1", "silent": False}), msg_type="execute_request"))
        assert closing_code(socket) == INVALID
    with pytest.raises(Exception, match="403"), channel(server, kernel, cookies[CHIEF]):
        pass
    with browser(server, kernel, Cookie=cookies[LIMITED]) as tab:
        tab.custom(known["mine"], {"create_widget": ["os", "abort"], "id": "x", "props": {"a": {"functionRef": "forbidden"}}})
        tab.custom(known["mine"], {"update_ref": {"functionRef": "forbidden"}, "id": known["slider"], "prop": "value"})
        tab.send("comm_msg", {"comm_id": known["slider"], "data": {"method": "update", "state": {"value": 42}, "buffer_paths": []}})
        tab.until("moved to 42")
        assert not [each for each in tab.heard if "obeyed" in each]


def streamed(server: Served, path: str, cookie: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse, str]:
    """A page as it comes, until the name of its kernel is there."""
    place = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    connection.request("GET", f"/{path}", headers={"Cookie": cookie})
    answer = connection.getresponse()
    begun = ""
    while not re.search(r'"kernelId": "[-0-9a-f]+"', begun):
        some = answer.read1()
        assert some, begun
        begun += some.decode(errors="replace")
    return connection, answer, begun


def test_a_person_interrupts_the_cell_that_computes_and_nobody_elses(
    server: Served, crm: Crm, notebooks: Path, cookies: dict[str, str], tmp_path: Path
) -> None:
    write(notebooks, "endless", ENDLESS.format(journal=str(tmp_path / "begun")), "print('la suite')")
    published(crm, notebooks, "endless")
    connection, answer, begun = streamed(server, f"{ANALYSES}endless.ipynb", cookies[LIMITED])
    assert 'data-act="interrupt"' in begun, "the bar is there before the cells"
    end = time.monotonic() + 60
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    asked = f"analyses/interrompre/{kernel_of(begun)}"
    assert post(server, asked, cookies[CHIEF]).status == 403
    assert server.get(asked, method="POST", Cookie=cookies[LIMITED]).status == 403, "without its page's token"
    assert post(server, asked, cookies[LIMITED]).status == 204
    rest = answer.read().decode()
    connection.close()
    assert errors(rest) == ["Calcul interrompu\u00a0: cette partie n’est pas affichée."] and "la suite" in rest


@pytest.fixture(scope="module")
def hasty(crm: Crm, notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Gives each cell two seconds."""
    soon = "import gnetics.server.analyses as analyses; analyses.SECONDS = 2"
    settings = {"notebooks_dir": str(notebooks), "database_url": crm.settings.database_url, "pools": ""}
    with serve(tmp_path_factory.mktemp("hasty") / "log", before=soon, **settings) as served:
        yield served


def test_a_cell_has_its_time(hasty: Served, crm: Crm, notebooks: Path, cookies: dict[str, str]) -> None:
    write(notebooks, "longue", "while True:\n    pass", "print('la suite')")
    published(crm, notebooks, "longue")
    page = opened(hasty, "longue", cookies[CHIEF]).body
    assert errors(page) == ["Cette partie dépasse 2 secondes\u00a0: son calcul est arrêté."] and "la suite" in page


@pytest.mark.soak
def test_a_cell_that_nothing_interrupts_ends_with_its_kernel(hasty: Served, crm: Crm, notebooks: Path, cookies: dict[str, str]) -> None:
    write(notebooks, "sourde", "sum(range(10**14))", "print('la suite')")
    published(crm, notebooks, "sourde")
    page = opened(hasty, "sourde", cookies[CHIEF]).body
    assert "brutalement" in errors(page)[0] and "la suite" not in page
    assert hasty.get("sante").status == 200
