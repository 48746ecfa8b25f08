"""Joins decoded messages, or cuts them, into groups of the size that the database likes.

In a pull the checkpoint lies between two groups, and a stream is asked again from after it. So a group never ends
between rows of one id: the rows of the last id seen wait until the next id (or the end) shows that they are all there.
"""

import time

from hirehub.services.vectors.pipeline.group import Group, join

_UNCUTTABLE = 2
"""Times the wanted rows after which even rows of one id are cut, so that memory stays bounded."""


class Cutter:
    """Collects the groups of single messages; `add` and `flush` give groups to store."""

    def __init__(self, *, rows: int, size: int, between_ids: bool) -> None:
        """At most `rows` rows and about `size` bytes a group; `between_ids`: cut only where the id changes."""
        self._rows = rows
        self._size = size
        self._between_ids = between_ids
        self._waiting: list[Group] = []
        self.since = 0.0
        """When the oldest row that waits came, or was last passed over for the rows before it (monotonic seconds)."""

    @property
    def waiting(self) -> int:
        """Rows that no group has yet, dead ones included."""
        return sum(group.received for group in self._waiting)

    def add(self, group: Group) -> list[Group]:
        """Takes the rows of one message; gives the groups that are full."""
        if not self._waiting:
            self.since = time.monotonic()
        self._waiting.append(group)
        most = self._most()
        if sum(len(part.dead) for part in self._waiting) > most:
            return self.flush(whole=False) or self.flush(whole=True)
        if sum(map(len, self._waiting)) <= most:
            return []
        rest = join(self._waiting)
        full: list[Group] = []
        while len(rest) > most and (at := self._place(rest, most)):
            first, rest = rest.split(at)
            full.append(first)
        if full:
            self.since = time.monotonic()
        self._waiting = [rest]
        return full

    def flush(self, *, whole: bool) -> list[Group]:
        """Gives what waits. Between ids, and unless `whole`, the rows of the last id go on waiting."""
        if not self.waiting:
            return []
        rest = join(self._waiting)
        self._waiting, self.since = [], time.monotonic()
        if whole or not self._between_ids:
            return [rest]
        at = _last_change(rest, len(rest) - 1)
        first, last = rest.split(at) if at else (None, rest)
        self._waiting = [last]
        return [first] if first is not None else []

    def drop(self) -> None:
        """Forgets what waits; it will be asked for again."""
        self._waiting = []

    def _most(self) -> int:
        """Rows that fit a group, by their number and their bytes."""
        received = self.waiting
        size = sum(group.size for group in self._waiting)
        return max(1, min(self._rows, self._size * received // size if size else self._rows))

    def _place(self, group: Group, most: int) -> int:
        """Where to cut a group of more than `most` rows; 0: not yet."""
        if not self._between_ids:
            return most
        return _last_change(group, most) or (most if len(group) > _UNCUTTABLE * most else 0)


def _last_change(group: Group, at: int) -> int:
    """The greatest place up to `at` at which a new id begins; 0: there is none.

    A dead row right before the place counts too: it must not be parted from a sound row of its id.
    """
    ids = group.ids
    twins = {
        place
        for place, letter in group.dead
        if place < len(ids) and letter.entity_id is not None and letter.entity_id.bytes == ids[place]
    }
    while at > 0 and (ids[at - 1] == ids[at] or at in twins):
        at -= 1
    return max(0, at)
