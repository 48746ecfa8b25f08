"""Counts of a load, and the payload of a dead letter."""

import pytest

from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.domain.deadletters import UnreadablePayload, fingerprint, wire_of, with_wire


def test_counts_that_do_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="3 received is not 1 stored"):
        Counts(received=3, stored=1, skipped=1, dead=0)


def test_counts_of_two_groups_add_up_cause_by_cause() -> None:
    both = Counts.of(stored=5, causes={"bad_id": 1}) + Counts.of(skipped=2, causes={"bad_id": 2, "bad_text": 1})
    assert both == Counts(received=11, stored=5, skipped=2, dead=4, causes={"bad_id": 3, "bad_text": 1})


def test_a_payload_gives_back_the_rows_own_bytes() -> None:
    wire = bytes(range(256))
    assert wire_of(with_wire({"id": "x"}, wire)) == wire


@pytest.mark.parametrize("payload", [{}, {"wire": 7}, {"wire": "no base64!"}])
def test_a_payload_without_wire_bytes_is_named(payload: dict[str, object]) -> None:
    with pytest.raises(UnreadablePayload):
        wire_of(payload)


def test_equal_rows_of_two_domains_are_two_dead_letters() -> None:
    assert fingerprint("recruit", b"row") != fingerprint("candidate", b"row")
    assert fingerprint("recruit", b"row") == fingerprint("recruit", b"row")
