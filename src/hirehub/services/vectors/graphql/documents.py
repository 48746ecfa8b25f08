"""Documents, parsed and checked once: a bounded store of those that were found sound, by their text.

What is refused (too deep, too many aliases, not valid) is not kept, so that a flood of bad documents pushes out no good
one. What a document costs depends on its variables, and is counted for each request.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    TypeNode,
    VariableDefinitionNode,
    parse,
    validate,
)
from graphql.validation import ASTValidationRule, recommended_rules, specified_rules

from hirehub.services.vectors.graphql.errors import ParseFailed, ValidationFailed
from hirehub.services.vectors.graphql.limits import Limits, check_shape, counted_variables, root_fields

_TOKENS: Final = 1000
_COMMENTS: Final = 200
_LONGEST_TEXT: Final = 65_536
_SHOWN_ERRORS: Final = 10
_RULES: Final[tuple[type[ASTValidationRule], ...]] = (*specified_rules, *recommended_rules)
_KEPT: Final = 500
_KEPT_TEXT: Final = 16_384


@dataclass(frozen=True)
class Planned:
    """An operation: its root fields, the variables that its cost depends on, those that hold lists of floats."""

    roots: Sequence[FieldNode] = ()
    counted: Collection[VariableDefinitionNode] = ()
    float_lists: frozenset[str] = frozenset()


_NOTHING: Final = Planned()


@dataclass(frozen=True)
class Prepared:
    """A sound document and its operations by name."""

    document: DocumentNode
    operations: Mapping[str | None, Planned]

    def planned(self, operation: str | None) -> Planned:
        """The operation that will run; nothing where the engine will refuse to choose one."""
        return self.operations.get(operation, _NOTHING)


class Documents:
    """Prepares documents for one schema."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def prepare(self, text: str) -> Prepared:
        """The parsed and checked document; raises ParseFailed, ValidationFailed or a limit's error."""
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return kept
        prepared = self._prepare(text)
        if len(text) <= _KEPT_TEXT:
            self._kept[text] = prepared
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return prepared

    def _prepare(self, text: str) -> Prepared:
        try:
            document = parse(text, max_lexical_tokens=_TOKENS, max_comments=_COMMENTS, max_source_length=_LONGEST_TEXT)
        except GraphQLError as error:
            raise ParseFailed.of([error]) from None
        check_shape(document, self._limits)
        errors = validate(self._schema, document, _RULES, max_errors=_SHOWN_ERRORS)
        if errors:
            raise ValidationFailed.of(errors)
        operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        if any(one.operation is not OperationType.QUERY for one in operations):
            raise ValidationFailed.of([GraphQLError("Only queries are answered here.")])
        return Prepared(document, _by_name(document, operations))


def _by_name(document: DocumentNode, operations: Sequence[OperationDefinitionNode]) -> dict[str | None, Planned]:
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    found = {one.name.value if one.name else None: _planned(one, fragments) for one in operations}
    if len(operations) == 1:
        found[None] = next(iter(found.values()))
    return found


def _planned(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Planned:
    roots = root_fields(operation, fragments)
    counted = counted_variables(roots)
    definitions = {one.variable.name.value: one for one in operation.variable_definitions or ()}
    return Planned(
        roots=roots,
        counted=[one for name, one in definitions.items() if name in counted],
        float_lists=frozenset(name for name, one in definitions.items() if _is_float_list(one.type)),
    )


def _is_float_list(node: TypeNode) -> bool:
    inner = node.type if isinstance(node, NonNullTypeNode) else node
    if not isinstance(inner, ListTypeNode):
        return False
    item = inner.type.type if isinstance(inner.type, NonNullTypeNode) else inner.type
    return isinstance(item, NamedTypeNode) and item.name.value == "Float"
