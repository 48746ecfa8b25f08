"""From the bytes of messages to groups ready to store, keeping watch over what a stream may hold.

All of it is pure computing, for a worker thread: the caller passes the messages that have come and gets the groups that
are full. Whatever is wrong with a message as a whole comes back beside the groups made before it, so that nothing that
arrived before is lost.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from hirehub.kernel.errors import HirehubError, Invalid
from hirehub.services.vectors.domain.domains import DOMAINS
from hirehub.services.vectors.pipeline.cutting import Cutter
from hirehub.services.vectors.pipeline.decoding import decode
from hirehub.services.vectors.pipeline.faults import reach
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.wire import read_chunk
from hirehub.services.vectors.settings import IngestSettings


class OutOfOrder(Invalid):
    """The stream's ids do not ascend, so that no checkpoint could be kept."""

    code = "out_of_order"


class ForeignRows(Invalid):
    """The stream brings rows of a domain that was not asked for."""

    code = "foreign_rows"


@dataclass
class Read:
    """What came out of some messages: full groups, and the error that ended them, if one did."""

    groups: list[Group] = field(default_factory=list)
    rows: int = 0
    """Rows in the messages, also those that fill no group yet."""
    error: HirehubError | None = None


class Reader:
    """Reads the messages of one stream. Its rows are of the domains in `rules`."""

    def __init__(
        self, rules: Mapping[str, Rules], settings: IngestSettings, arrivals: Callable[[], int], *, ordered: bool
    ) -> None:
        self._rules = rules
        self._arrivals = arrivals
        self._ordered = ordered
        self._last: bytes | None = None
        self._cutters = {
            name: Cutter(rows=settings.rows_per_write, size=settings.bytes_per_write, between_ids=ordered)
            for name in rules
        }

    @property
    def since(self) -> float | None:
        """Since when the oldest row without a group has waited (monotonic seconds); None where no row waits."""
        return min((cutter.since for cutter in self._cutters.values() if cutter.waiting), default=None)

    def restart(self, position: bytes | None) -> None:
        """Begins anew after a broken stream: what comes next lies at or beyond `position`."""
        self._last = position
        for cutter in self._cutters.values():
            cutter.drop()

    def read(self, messages: Sequence[bytes]) -> Read:
        """Takes messages in the order in which they came."""
        result = Read()
        try:
            for message in messages:
                for group in self._decode(message):
                    result.rows += group.received
                    result.groups += self._settled(self._cutters[group.rules.domain.name].add(group))
        except HirehubError as error:
            result.error = error
        reach("after_decode")
        return result

    def flush(self, *, whole: bool) -> list[Group]:
        """Gives what waits; all of it where nothing more is to come (`whole`)."""
        return [group for cutter in self._cutters.values() for group in self._settled(cutter.flush(whole=whole))]

    def _decode(self, message: bytes) -> list[Group]:
        chunk = read_chunk(message)
        arrival = self._arrivals()
        groups = []
        for name in DOMAINS:
            rows = chunk.of(name)
            if not rows:
                continue
            rules = self._rules.get(name)
            if rules is None:
                raise ForeignRows(
                    f"The stream brings rows of {name}, which were not asked for.", hint="Is it the right server?"
                )
            own = partial(chunk.wires, name)
            groups.append(decode(rules, rows, arrival_micros=arrival, size=len(message), wires=own))
        if self._ordered:
            for group in groups:
                self._check_order(group.sequence())
        return groups

    def _check_order(self, ids: Sequence[bytes]) -> None:
        """Raises OutOfOrder at the first id that is smaller than the one before it; equal ones are in order."""
        last = self._last
        if ids and (last is None or last <= ids[0]) and all(map(bytes.__le__, ids, ids[1:])):
            self._last = ids[-1]
            return
        for entity in ids:
            if last is not None and entity < last:
                raise OutOfOrder(
                    f"The stream is out of order: {UUID(bytes=entity)} came after {UUID(bytes=last)}.",
                    hint="Sort the source by id, or load it with --unordered.",
                    id=str(UUID(bytes=entity)),
                    after=str(UUID(bytes=last)),
                )
            last = entity

    @staticmethod
    def _settled(groups: Iterable[Group]) -> list[Group]:
        return [group.settled() for group in groups]
