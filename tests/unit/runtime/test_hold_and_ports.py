"""One product a data directory, and ports that are told by whom they are held."""

import os
import socket
from pathlib import Path

import pytest

from hirehub.kernel.data_dir import DataDirUnusable
from hirehub.kernel.grpc import PortTaken
from hirehub.runtime import hold, ports
from hirehub.runtime.ports import AddressUnusable
from hirehub.runtime.settings_table import Setting, Source


def test_a_second_product_on_a_data_directory_is_told_of_the_first(tmp_path: Path) -> None:
    with hold.hold(tmp_path) as held:
        held.tell({"http": "http://127.0.0.1:8000"})
        with pytest.raises(hold.AlreadyUp, match=f"process {os.getpid()}, http://127.0.0.1:8000"), hold.hold(tmp_path):
            pass
        assert hold.told(tmp_path)["http"] == "http://127.0.0.1:8000"


def test_what_a_product_told_goes_with_it(tmp_path: Path) -> None:
    with hold.hold(tmp_path) as held:
        held.tell({"http": "http://127.0.0.1:8000"})
    assert hold.told(tmp_path) == {}
    with hold.hold(tmp_path):
        assert hold.told(tmp_path) == {"pid": os.getpid()}


def test_what_a_killed_product_left_behind_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "up.json").write_text('{"pid": 1, "http": "http://127.0.0.1:1"}')
    assert hold.told(tmp_path) == {}


@pytest.mark.parametrize("place", ["/dev/null/x", "/proc/nope/d"])
def test_a_directory_that_cannot_be_made_is_told_with_the_setting(place: str) -> None:
    with pytest.raises(DataDirUnusable, match="cannot be used") as caught, hold.hold(Path(place)):
        pass
    assert "HIREHUB_DATA_DIR" in caught.value.hint


def test_a_directory_without_a_product_is_left_alone(tmp_path: Path) -> None:
    assert hold.told(tmp_path / "nothing") == {}
    assert not (tmp_path / "nothing").exists()


def test_a_taken_port_is_told_with_its_holder_and_the_setting_that_moves_it() -> None:
    with ports.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            ports.refuse_taken("127.0.0.1", [port])
    assert f"Port {port} on 127.0.0.1 is taken (" in caught.value.message
    assert f"process {os.getpid()})" in caught.value.message
    assert caught.value.hint == "Stop that process, or set its setting to another port."


def test_the_setting_of_a_port_is_found_by_its_value() -> None:
    table = [
        Setting("HIREHUB_HTTP__PORT", "8000", Source.DEFAULT, "8000", "int", ""),
        Setting("HIREHUB_HTTP__MAX_BODY", "50051", Source.DEFAULT, "1", "int", ""),
        Setting("HIREHUB_AI__GRPC_PORT", "50051", Source.DEFAULT, "50051", "int", ""),
    ]
    assert ports.setting_of(50051, table) == "HIREHUB_AI__GRPC_PORT"


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(AddressUnusable, match=r"Nothing can listen on 192\.0\.2\.1:"):
        ports.listen("192.0.2.1", 50999)


def test_a_port_left_a_moment_ago_is_free() -> None:
    """A closed connection lingers in the machine's tables; that must not keep a restart from listening."""
    with ports.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as caller:
            accepted, _ = first.accept()
            accepted.close()
            assert caller.recv(1) == b""
    ports.refuse_taken("127.0.0.1", [port])
    assert ports.holder(port) is None
