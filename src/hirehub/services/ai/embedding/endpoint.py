"""Asks an OpenAI-compatible endpoint for vectors: in batches, within time limits, again while it is busy.

Neither the key nor a text reaches a log or an error.
"""

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from hirehub.kernel.errors import Invalid
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.embedding.errors import ModelUnavailable, UnusableModel
from hirehub.services.ai.settings import ModelSettings

if TYPE_CHECKING:
    import httpx

_MOST_ANSWER: Final = 268_435_456
_MOST_WAIT: Final = 60.0
_BUSY: Final = (408, 425, 429)
_SERVER: Final = 500
_WHERE: Final = "HIREHUB_AI__MODEL__"

_log = get_logger(__name__)


class WrongAnswer(Invalid):
    """The endpoint answered something that is no vectors of the model's dimension."""

    code = "wrong_model_answer"


class EndpointEmbedder:
    """A model behind an address; nothing is asked before the first texts."""

    def __init__(self, settings: ModelSettings) -> None:
        url = urlsplit(settings.url or "")
        if url.scheme not in ("http", "https") or not url.hostname or url.username or url.query:
            hint = "It is like https://HOST/v1; the key goes into HIREHUB_AI__MODEL__KEY."
            raise UnusableModel(f"{_WHERE}URL is no address of an endpoint.", hint=hint)
        if settings.dimension is None:
            raise UnusableModel(f"{_WHERE}DIMENSION is not set.", hint="Say how many floats a vector of the model has.")
        if len(settings.name) > 100:
            raise UnusableModel(f"{_WHERE}NAME has more than 100 letters.", hint="Name the endpoint's model.")
        self._settings = settings
        self._dimension = settings.dimension
        self._client: httpx.Client | None = None

    @property
    def model(self) -> str:
        """See Embedder.model."""
        return self._settings.name

    @property
    def dimension(self) -> int:
        """See Embedder.dimension."""
        return self._dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder.embed."""
        step = self._settings.batch
        found = [self._asked(texts[start : start + step]) for start in range(0, len(texts), step)]
        return np.concatenate([np.zeros((0, self._dimension), np.float32), *found])

    def _asked(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of one request's texts; asks again while the endpoint is busy or silent."""
        body = {"model": self._settings.name, "input": list(texts), "encoding_format": "float"}
        for attempt in range(1, self._settings.attempts + 1):
            status, content, wait = self._posted(body)
            if status is not None and status < _SERVER and status not in _BUSY:
                break
            if attempt == self._settings.attempts:
                said = "does not answer" if status is None else f"answers {status}"
                raise ModelUnavailable(f"The model's endpoint {said}.", hint="Try again later.")
            _log.info("model_endpoint_busy", status=status, attempt=attempt)
            time.sleep(min(max(wait, self._settings.backoff * 2 ** (attempt - 1)), _MOST_WAIT))
        if status in (401, 403):
            raise UnusableModel(f"The model's endpoint refuses our key ({status}).", hint=f"Correct {_WHERE}KEY.")
        if status != 200:
            hint = (
                f"Check {_WHERE}URL and {_WHERE}NAME; texts may be too long for the model, or {_WHERE}BATCH too many."
            )
            raise UnusableModel(f"The model's endpoint answers {status}.", hint=hint)
        return self._vectors(content, len(texts))

    def _posted(self, body: dict[str, Any]) -> tuple[int | None, bytes, float]:
        """Status, content, and seconds that the endpoint wants us to wait; no status where it is silent."""
        import httpx

        if self._client is None:
            key = self._settings.key
            headers = {"authorization": f"Bearer {key.get_secret_value()}"} if key else {}
            self._client = httpx.Client(headers=headers, timeout=self._settings.timeout, follow_redirects=False)
        url = f"{(self._settings.url or '').rstrip('/')}/embeddings"
        try:
            with self._client.stream("POST", url, json=body) as answer:
                content = bytearray()
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > _MOST_ANSWER:
                        raise WrongAnswer(f"The model's endpoint sends more than {_MOST_ANSWER} bytes.")
                asked = answer.headers.get("retry-after", "")
                return answer.status_code, bytes(content), float(asked) if asked.isdecimal() else 0.0
        except httpx.HTTPError:
            return None, b"", 0.0

    def _vectors(self, content: bytes, count: int) -> NDArray[np.float32]:
        try:
            told = sorted(json.loads(content)["data"], key=lambda one: int(one["index"]))
            found = np.array([one["embedding"] for one in told], np.float32)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise WrongAnswer("The model's endpoint answers no list of vectors.") from None
        if found.shape != (count, self._dimension):
            raise WrongAnswer(
                f"The model's endpoint answers vectors of the shape {found.shape}, not {(count, self._dimension)}.",
                hint=f"Correct {_WHERE}DIMENSION, or choose another model.",
            )
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise WrongAnswer("The model's endpoint answers a vector that points nowhere.")
        unit: NDArray[np.float32] = found / norms
        return unit
