"""Shapes of requests and answers."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from hirehub.kernel.http.shapes import AnswerBody, RequestBody, example

MOST_TEXTS: Final = 64
MOST_LETTERS: Final = 8192

TaskType = Literal["pii_masking", "parsing", "embedding", "matching", "summary"]
SourceType = Literal["resume", "job"]
Status = Literal["pending", "processing", "completed", "failed"]
AText = Annotated[str, StringConstraints(max_length=MOST_LETTERS)]


class TextsIn(RequestBody):
    """Texts to turn into vectors; a model reads only so much of each as it takes."""

    model_config = example({"texts": ["Backend engineer: Python, PostgreSQL."]})

    texts: Annotated[list[AText], Field(min_length=1, max_length=MOST_TEXTS)]


class VectorOut(AnswerBody):
    """A text's vector, of unit length."""

    embedding: list[float]


class VectorsOut(AnswerBody):
    """The texts' vectors in their order; those of two models cannot be compared."""

    model: str
    dimension: int
    items: list[VectorOut]


class TaskOut(AnswerBody):
    """A step of the work on a resume or a post: counts and times, never a word of a text."""

    id: UUID
    task_type: TaskType
    source_type: SourceType | None
    source_id: UUID | None
    status: Status
    input_data: dict[str, Any] | None
    output_data: dict[str, Any] | None
    error_message: str | None
    model_used: str | None
    tokens_used: int | None
    processing_time_ms: int | None
    created_at: datetime
    completed_at: datetime | None
