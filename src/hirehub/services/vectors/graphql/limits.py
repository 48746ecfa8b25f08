"""What a query may ask for: levels, aliases, objects. Counted on the document, before anything is run.

Fragments are walked once each, so that fragments that spread one another many times cost no more than their text.
Introspection has its own limit, a rule of the engine, and counts for no objects.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_variable_values,
)

from hirehub.kernel.errors import LimitExceeded
from hirehub.services.vectors.graphql.errors import ValidationFailed

_SIZES: Final = ("limit", "first")
_COUNTED: Final = (*_SIZES, "ids")
_HEAVY: Final = {"recruitCounts": 20, "candidateCounts": 20, "domainStats": 50, "deadLetterCounts": 20}
"""Fields whose work is not told by the number of objects they answer with."""


class TooDeep(LimitExceeded):
    """A query nests more levels than it may."""

    code = "query_too_deep"


class TooManyAliases(LimitExceeded):
    """A query uses more aliases than it may."""

    code = "too_many_aliases"


class TooCostly(LimitExceeded):
    """A query asks for more objects than it may."""

    code = "query_too_costly"


@dataclass(frozen=True)
class Limits:
    """Levels and aliases of one query."""

    depth: int
    aliases: int


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Raises TooDeep or TooManyAliases."""
    walk = _Walk(document)
    deepest = max((walk.depth(one.selection_set) for one in walk.operations), default=0)
    if deepest > limits.depth:
        raise TooDeep(
            f"The query nests {deepest} levels, and may nest {limits.depth}.",
            hint="Ask for the inner parts in a second query.",
            actual=deepest,
            most=limits.depth,
        )
    if walk.aliases > limits.aliases:
        raise TooManyAliases(
            f"The query uses {walk.aliases} aliases, and may use {limits.aliases}.",
            hint="Ask for several ids at once, or send more than one query.",
            actual=walk.aliases,
            most=limits.aliases,
        )


class Costs:
    """Counts what root fields ask for; how many objects a field answers with by default is in the schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        fields = schema.query_type.fields if schema.query_type else {}
        self._defaults = {
            (name, size): field.args[size].default_value
            for name, field in fields.items()
            for size in _SIZES
            if size in field.args
        }

    def of(
        self, roots: Sequence[FieldNode], counted: Collection[VariableDefinitionNode], variables: Mapping[str, Any]
    ) -> int:
        """Objects that root fields may answer with. Variables count as the engine will read them.

        Where it will refuse them nothing is run, and nothing is counted.
        """
        values = get_variable_values(self._schema, counted, dict(variables), max_errors=1)
        if isinstance(values, list):
            return 0
        return sum(self._of(root, values.coerced) for root in roots)

    def _of(self, field: FieldNode, variables: Mapping[str, Any]) -> int:
        name = field.name.value
        if name.startswith("__"):
            return 0
        cost = _HEAVY.get(name, 1)
        arguments = {argument.name.value: argument.value for argument in field.arguments or ()}
        for size in _SIZES:
            if (name, size) in self._defaults:
                stated = _value(arguments[size], variables) if size in arguments else None
                cost += max(0, stated if isinstance(stated, int) else self._defaults[(name, size)])
        if "ids" in arguments:
            ids = _value(arguments["ids"], variables)
            cost += len(ids) if isinstance(ids, list | tuple) else 1
        return cost


def check_cost(cost: int, most: int) -> None:
    """Raises TooCostly where a query asks for more objects than it may."""
    if cost > most:
        raise TooCostly(
            f"The query asks for {cost} objects, and may ask for {most}.",
            hint="Lower its limits, or send more than one query.",
            actual=cost,
            most=most,
        )


def root_fields(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Sequence[FieldNode]:
    """The fields that an operation asks of the root, those of fragments included, each fragment once."""
    found: list[FieldNode] = []
    seen: set[str] = set()
    open_sets: list[SelectionSetNode] = [operation.selection_set]
    while open_sets:
        for selection in open_sets.pop().selections:
            if isinstance(selection, FieldNode):
                found.append(selection)
            elif isinstance(selection, InlineFragmentNode):
                open_sets.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                open_sets.append(fragments[selection.name.value].selection_set)
    return found


def counted_variables(fields: Sequence[FieldNode]) -> set[str]:
    """The variables that tell how many objects root fields answer with."""
    return {
        argument.value.name.value
        for field in fields
        for argument in field.arguments or ()
        if argument.name.value in _COUNTED and isinstance(argument.value, VariableNode)
    }


class _Walk:
    """One pass over a document."""

    def __init__(self, document: DocumentNode) -> None:
        self.aliases = 0
        self.operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._depths: dict[str, int] = {}
        self._open: set[str] = set()

    def depth(self, selections: SelectionSetNode | None) -> int:
        """Levels below, counting aliases on the way."""
        deepest = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                self.aliases += selection.alias is not None
                if not selection.name.value.startswith("__"):
                    deepest = max(deepest, 1 + self.depth(selection.selection_set))
            elif isinstance(selection, InlineFragmentNode):
                deepest = max(deepest, self.depth(selection.selection_set))
            elif isinstance(selection, FragmentSpreadNode):
                deepest = max(deepest, self._fragment(selection.name.value))
        return deepest

    def _fragment(self, name: str) -> int:
        if name in self._open:
            raise ValidationFailed.of([GraphQLError(f'Cannot spread fragment "{name}" within itself.')])
        if name not in self._depths:
            fragment = self._fragments.get(name)
            self._open.add(name)
            self._depths[name] = self.depth(fragment.selection_set) if fragment else 0
            self._open.discard(name)
        return self._depths[name]


def _value(node: ValueNode, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value of a variable
    """The number or list that an argument stands for; the document was found valid."""
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, IntValueNode):
        return int(node.value)
    if isinstance(node, ListValueNode):
        return node.values
    return None
