"""A fact: something that happened, named by its topic, kept in order with the others of its key.

The attributes are those of CloudEvents 1.0: `id` and `source` are its own, `type` is the topic, `subject` the key,
`time` the moment. The body is small JSON with ids, never with personal data, a file or a vector.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from hirehub.kernel.clock import Clock, SystemClock
from hirehub.kernel.errors import Invalid
from hirehub.kernel.ids import uuid7

MOST_BYTES: Final = 65_536
"""Of a body. What is larger travels by reference."""

MOST_KEY: Final = 255


class FactInvalid(Invalid):
    """A body that is too large, or is not what its topic promises."""

    code = "fact_invalid"


class FactBody(BaseModel):
    """Base of the bodies in `contracts`: `class X(FactBody): topic = "x.happened"; key_field = "x_id"`.

    Fields that a newer publisher adds are passed over.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[str]
    key_field: ClassVar[str]

    @property
    def key(self) -> str:
        """The aggregate's id: facts of one key are worked in the order in which they happened."""
        return str(getattr(self, self.key_field))


B = TypeVar("B", bound=FactBody)


@dataclass(frozen=True)
class Fact:
    """One fact on its way. `body` is JSON text."""

    id: UUID
    topic: str
    key: str
    source: str
    time: datetime
    body: str

    @classmethod
    def of(cls, body: FactBody, *, source: str, clock: Clock | None = None) -> "Fact":
        """A new fact that `source` (a service's name) tells."""
        clock = clock or SystemClock()
        return cls(uuid7(clock), body.topic, body.key, source, clock.now(), body.model_dump_json()).checked()

    def checked(self) -> "Fact":
        """Itself; FactInvalid where it is beyond the limits."""
        if len(self.body.encode()) > MOST_BYTES:
            raise FactInvalid(f"The body of a {self.topic} has more than {MOST_BYTES} bytes; send a reference instead.")
        if not 0 < len(self.key) <= MOST_KEY:
            raise FactInvalid(f"The key of a {self.topic} has no character, or more than {MOST_KEY}.")
        return self

    def read(self, kind: type[B]) -> B:
        """The body as its contract says; FactInvalid where it is something else."""
        try:
            return kind.model_validate_json(self.body)
        except ValidationError as error:
            fields = sorted({".".join(map(str, one["loc"])) or "body" for one in error.errors()})
            raise FactInvalid(f"A {self.topic} without valid {', '.join(fields)}") from None

    def cloud_event(self) -> Mapping[str, Any]:
        """The fact as a CloudEvent in structured mode."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": f"/hirehub/{self.source}",
            "type": self.topic,
            "subject": self.key,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "data": json.loads(self.body),
        }
