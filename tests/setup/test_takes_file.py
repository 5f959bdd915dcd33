"""The file into which Asterisk writes of the messages that it took while we were away."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pbx.node import takes_db
from pbx.node.takes_db import Left


def test_a_file_of_an_earlier_program_gets_what_it_lacks_and_its_messages_came_from_no_phone(tmp_path: Path) -> None:
    file = tmp_path / "takes.db"
    with closing(sqlite3.connect(file)) as earlier, earlier:
        earlier.execute(
            "CREATE TABLE takes"
            " (id TEXT PRIMARY KEY, company TEXT, box TEXT, caller TEXT, lang TEXT, at TEXT, status TEXT)"
        )
        earlier.execute("INSERT INTO takes VALUES ('17.1', 'c', 'b', '201', 'sv', '1700000000', 'HANGUP')")
    for _ in range(2):
        takes_db.prepare(file)
    with closing(sqlite3.connect(file)) as asterisk, asterisk:
        asterisk.execute("INSERT INTO takes (id, company, box, phone, caller) VALUES ('17.2', 'c', 'b', 'a1b2', '202')")
    assert takes_db.read(file) == {
        "17.1": Left("17.1", "c", "b", "", "201", "sv", 1_700_000_000.0, "HANGUP"),
        "17.2": Left("17.2", "c", "b", "a1b2", "202", "sv", 0.0, ""),
    }
