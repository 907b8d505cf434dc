"""Where a line of a configuration file is, and what is said of one that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gnetics.errors import GneticsError
from gnetics.settings.config_file import line_of, read

TEXT = '''# the server
port = 8900
user = """Ana
pools = 'in a text'
"""

list = [
  1,  # a = 2
  2,
]
"quoted key" = 1
mail.boxes.ana.host = "h"
mail.boxes.ana.port = 993

[calendars.team]  # a table
url = "u"
  colour.dark = "black"
[sources]
web = {worth = 3, words = ["[x]"]}
[[rules]]
name = "a"
[[rules]]
name = "b"
'''
LINES = {
    ("port",): 2,
    ("user",): 3,
    ("list",): 7,
    ("quoted key",): 11,
    ("mail",): 12,
    ("mail", "boxes", "ana", "host"): 12,
    ("mail", "boxes", "ana", "port"): 13,
    ("calendars",): 15,
    ("calendars", "team"): 15,
    ("calendars", "team", "url"): 16,
    ("calendars", "team", "colour", "dark"): 17,
    ("sources",): 18,
    ("sources", "web", "worth"): 19,
    ("rules",): 20,
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("keys", LINES, ids=".".join)
def test_a_key_is_found_on_its_line_plain_dotted_or_in_a_table(keys: tuple[str, ...], end: str, tmp_path: Path) -> None:
    file = tmp_path / "crm.toml"
    file.write_bytes(TEXT.replace("\n", end).encode())
    assert read(file).place(*keys) == f"crm.toml, ligne {LINES[keys]}"


@pytest.mark.parametrize("keys", [("pools",), ("a",), ("port", "x"), ("rules", "name"), ("calendars", "port")])
def test_a_key_that_is_not_there_has_no_line(keys: tuple[str, ...]) -> None:
    with pytest.raises(KeyError):
        line_of(TEXT, *keys)


def test_a_long_file_is_looked_through_at_once() -> None:
    assert line_of("[table]\n" + "".join(f"k{n} = {n}\n" for n in range(5000)), "table", "k4999") == 5001


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"port =", 1),
        (b"\n\nport =\n", 3),
        (b"a = 1\nport = 'x\nb = 2", 2),
        (b"a = 1\na = 2\n", 2),
        (b"a = 1\nS3cret\n", 2),
        (b"a = 1\n[b\n", 2),
        (b"a = 1\nb = [\n1,\n2,\n", 2),
        (b'a = 1\n\nb = """\nc = 1\n\nd = 2\n', 3),
        (b"a = 1\r\nb = \r\n", 2),
        (b"a = 1\nb = '\xff'\n", 2),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line_and_without_its_content(content: bytes, line: int, tmp_path: Path) -> None:
    file = tmp_path / "crm.toml"
    file.write_bytes(content)
    with pytest.raises(GneticsError) as refused:
        read(file)
    assert str(refused.value).startswith(f"crm.toml, ligne {line}\u00a0: illisible") and "S3cret" not in str(refused.value)


def test_a_folder_a_pipe_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path, tmp_path / "pipe", tmp_path / "absent"):
        with pytest.raises(GneticsError, match=f"{file.name}.*ne peut pas être lu"):
            read(file)


def test_a_repr_tells_nothing_of_the_content(tmp_path: Path) -> None:
    file = tmp_path / "crm.toml"
    file.write_text("metrics_token = 'S3cret'")
    assert repr(read(file)) == "ConfigFile(name='crm.toml')"
