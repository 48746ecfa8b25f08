"""Logs go to standard error, say which request they belong to, and hold no secret."""

import json
import subprocess
import sys
from typing import Any

import pytest
from pydantic import SecretStr

from hirehub.kernel.telemetry import REQUEST_ID, accepted_request_id, bound, redact, redact_text

LOGGING = """
import logging, sys
from pydantic import SecretStr
from hirehub.kernel.settings import LogSettings
from hirehub.kernel.telemetry import bound, configure_logging, get_logger
log = get_logger("test")
configure_logging(LogSettings(level="info", format=sys.argv[1]))
with bound(request_id="r-1", run_id="run-2"):
    log.info("took_off", rows=3, token="hunter2", key=SecretStr("hunter2"), dsn="postgresql://me:hunter2@db/x")
log.debug("not_shown")
logging.getLogger("library").warning("connect %s", "redis://:hunter2@cache:6379/0")
try:
    raise ValueError("Bearer hunter2hunter2")
except ValueError:
    log.exception("failed")
"""


def run(format_: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", LOGGING, format_], capture_output=True, text=True, check=True)


def test_json_lines_go_to_standard_error_with_ids_and_without_secrets() -> None:
    done = run("json")
    assert done.stdout == ""
    assert "hunter2" not in done.stderr
    first, second, third = (json.loads(line) for line in done.stderr.splitlines())
    assert first["event"] == "took_off"
    assert (first["rows"], first["request_id"], first["run_id"]) == (3, "r-1", "run-2")
    assert (first["level"], first["module"], first["token"]) == ("info", "test", "***")
    assert first["dsn"] == "postgresql://me:***@db/x"
    assert (second["event"], second["module"]) == ("connect redis://:***@cache:6379/0", "library")
    assert "request_id" not in second
    assert "ValueError" in third["exception"]


def test_what_is_no_terminal_gets_json_and_the_console_format_is_for_people() -> None:
    assert json.loads(run("auto").stderr.splitlines()[0])["event"] == "took_off"
    console = run("console").stderr
    assert "took_off" in console
    assert "rows=3" in console
    assert not console.startswith("{")
    assert "hunter2" not in console


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("password", "x", "***"),
        ("tokens_used", 12, 12),
        ("api_key", "x", "***"),
        ("Authorization", "Basic x", "***"),
        ("plain", "words", "words"),
        ("nested", {"secret": "x", "rows": [1, "a://u:p@h"]}, {"secret": "***", "rows": [1, "a://u:***@h"]}),
        ("level", "basic intermediate", "basic intermediate"),
        ("value", SecretStr("x"), SecretStr("x")),
        ("nothing", None, None),
    ],
)
def test_secrets_are_masked_by_name_and_by_shape_and_nothing_else_is(name: str, value: Any, expected: object) -> None:
    assert redact(value, name) == expected


def test_a_connection_string_in_words_loses_its_password() -> None:
    assert redact_text("host=db password='hunter2 x' user=me") == "host=db password=*** user=me"
    assert redact_text("failed at https://u:p%40@h/x?token=abc&y=1") == "failed at https://u:***@h/x?token=***&y=1"


@pytest.mark.parametrize("told", [None, "", "a b", "x\ny", "é", "a" * 129, '"quoted"'])
def test_a_request_id_that_could_spoil_a_log_is_replaced(told: str | None) -> None:
    first, second = accepted_request_id(told), accepted_request_id(told)
    assert told not in {first, second}
    assert first != second
    assert len(first) > 16


def test_a_plain_request_id_is_kept_and_ids_end_with_their_block() -> None:
    assert accepted_request_id("ab-12/x.y:z") == "ab-12/x.y:z"
    with bound(request_id="outer"):
        with bound(request_id="inner"):
            assert REQUEST_ID.get() == "inner"
        assert REQUEST_ID.get() == "outer"
    assert REQUEST_ID.get() is None


def test_configuring_with_a_stream_writes_there_and_quiets_chatty_libraries() -> None:
    script = (
        "import io, logging\n"
        "from hirehub.kernel.settings import LogSettings\n"
        "from hirehub.kernel.telemetry import configure_logging, get_logger\n"
        "stream = io.StringIO()\n"
        "configure_logging(LogSettings(), stream)\n"
        "get_logger('x').info('here')\n"
        "logging.getLogger('uvicorn.access').info('chatter')\n"
        "print(stream.getvalue())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["event"] == "here"
    assert done.stderr == ""


def test_the_line_of_a_request_looks_the_same_whichever_way_it_is_written() -> None:
    script = (
        "import io, json, sys\n"
        "from hirehub.kernel.settings import LogSettings\n"
        "from hirehub.kernel.telemetry import PlainLog, bound, configure_logging, get_logger\n"
        "for settings in (LogSettings(format='json'), LogSettings(format='console'), LogSettings(level='warning')):\n"
        "    stream = io.StringIO()\n"
        "    configure_logging(settings, stream)\n"
        "    with bound(request_id='r-1'):\n"
        "        PlainLog('m').info('took_off', rows=3, part=0.5)\n"
        "        get_logger('m').info('took_off', rows=3, part=0.5)\n"
        "    print(json.dumps(stream.getvalue().splitlines()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    direct, console, warning = (json.loads(line) for line in done.stdout.splitlines())
    plain, chained = (json.loads(line) for line in direct)
    assert len(plain.pop("timestamp")) == len(chained.pop("timestamp"))
    assert (
        plain
        == chained
        == {"event": "took_off", "level": "info", "module": "m", "rows": 3, "part": 0.5, "request_id": "r-1"}
    )
    assert len(console) == 2
    assert "rows=3" in console[0]
    assert warning == []
