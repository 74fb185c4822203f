"""No password stays in a text, however its connection is written."""

from __future__ import annotations

import html
import json
from urllib.parse import quote

import pytest
from gruene_infra.gruene_infra_plugin.passwords import without_passwords

SECRET = "gehe1m"  # noqa: S105 - planted


@pytest.mark.parametrize(
    "text",
    [
        f"postgres://dbname='gis' user='anna' password='{SECRET}' key='id' table=\"s\".\"t\" (geom)",
        f"host=db user=anna password={SECRET} sslmode=disable",
        f"host=db password = '{SECRET} {SECRET}' x",
        rf"password='a\'{SECRET}' x",
        r"password='a\\' user='x'",
        f"'postgres://user=''anna'' password=''{SECRET}'' table=x' || @x",
        repr({"a": f"password='{SECRET}' \"t\""}),
        repr(repr(f"password='{SECRET}' \"t\"")),
        f"?layer=postgres:user%3D%27anna%27%20password%3D%27{SECRET}%27%20key",
        f"password%3D{SECRET}&x=1",
        f"postgresql://anna:{SECRET}@db/gis",
        f"https://anna:{SECRET}@{SECRET}@db/gis",
        f"Server=x;Uid=anna;Pwd={SECRET};",
        f"PASSWORD='{SECRET}",
        f"sslpassword={SECRET}\npasswd={SECRET}",
    ],
)
def test_a_password_is_left_out(text):
    assert SECRET not in without_passwords(text)


ODD = [
    f"{SECRET}'{SECRET}",
    f"'{SECRET}'",
    f"''{SECRET}",
    rf"\'{SECRET}",
    rf"{SECRET}\{SECRET}",
    f"{SECRET}\\",
    f'{SECRET} "{SECRET}',
    f"{SECRET}%40{SECRET}",
    f"{SECRET},{SECRET};{SECRET})]}}|&{SECRET}",
    f"{SECRET}/{SECRET}@{SECRET}:{SECRET}",
]
"""Passwords with everything that some way of writing a connection quotes."""


def escaped(password: str) -> str:
    return password.replace("\\", "\\\\").replace("'", "\\'")


SPELLINGS = {
    "as QGIS writes it": str,
    "by Python": repr,
    "by Python, twice": lambda text: repr([repr(text)]),
    "as JSON": json.dumps,
    "as JSON, twice": lambda text: json.dumps({"a": json.dumps([text])}),
    "within an expression": lambda text: "'" + text.replace("'", "''") + "' || @x",
    "in an address": quote,
    "as HTML": html.escape,
    "as XML": lambda text: text.replace("&", "&amp;").replace("'", "&apos;").replace('"', "&quot;"),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_whatever_a_password_holds_all_of_it_is_left_out(spelling):
    for password in ODD:
        source = f"dbname='gis' user='anna' password='{escaped(password)}' key='id' table=\"s\".\"t\" (geom)"
        said = without_passwords(spelling(source))
        assert SECRET not in said
        assert "gis" in said and "geom" in said


@pytest.mark.parametrize("spelling", [repr, json.dumps])
def test_a_password_by_name_is_left_out(spelling):
    for password in ODD:
        assert SECRET not in without_passwords(spelling({"user": "anna", "password": password, "port": 1}))


def test_a_password_without_quotes_is_left_out():
    for password in ODD:
        bare = escaped(password).replace(" ", "\\ ")
        assert SECRET not in without_passwords(f"PG:host=db password={bare} dbname=gis")
        assert SECRET not in without_passwords(f"postgresql://anna:{quote(password, safe='')}@db/gis")


def test_a_long_text_is_read_once():
    text = "a.b+" * 250_000
    assert without_passwords(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The server asks for a password. Store it in the connection.",
        "https://www.wms.nrw.de:443/geobasis/wms_nw_dop",
        "postgres://dbname='gis' user='anna' authcfg=abc1234 table=\"s\".\"t\" (geom)",
        "anna@db 12:30 a:b@c",
        "/home/anna/password/a.gpkg|layername=b",
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert without_passwords(text) == text


def test_what_stands_around_a_password_stays():
    text = f"postgres://dbname='gis' password='{SECRET}' table=\"s\".\"t\" cannot be written: no right."
    assert without_passwords(text) == (
        'postgres://dbname=\'gis\' password=… table="s"."t" cannot be written: no right.'
    )
