"""No password stays in a text, however its connection is written."""

from __future__ import annotations

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
