"""pyarrow where types are found out while running, which its stubs cannot say: the same objects, seen without types."""

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

AnyArrow: TypeAlias = Any
"""An Arrow array of any type."""

arrow: Any = pa
compute: Any = pc
