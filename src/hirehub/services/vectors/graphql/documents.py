"""Documents, parsed and checked once: a bounded store of those that were found sound, by their text.

What is refused (too deep, too many aliases, not valid) is not kept, so that a flood of bad documents pushes out no good
one. What a document costs depends on its variables, and is counted for each request.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from graphql import (
    DefinitionNode,
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
    VariableNode,
    parse,
    validate,
)
from graphql.language import NameNode
from graphql.validation import ASTValidationRule, recommended_rules, specified_rules

from hirehub.services.vectors.graphql.errors import ParseFailed, ValidationFailed
from hirehub.services.vectors.graphql.lifting import VARIABLE
from hirehub.services.vectors.graphql.limits import Limits, check_shape, root_fields

_TOKENS: Final = 1000
_COMMENTS: Final = 200
_LONGEST_TEXT: Final = 65_536
_SHOWN_ERRORS: Final = 10
_RULES: Final[tuple[type[ASTValidationRule], ...]] = (*specified_rules, *recommended_rules)
_KEPT: Final = 500
_KEPT_TEXT: Final = 16_384


@dataclass(frozen=True)
class Prepared:
    """A sound document: its operations' root fields by name, and the variables that hold lists of floats."""

    document: DocumentNode
    operations: Mapping[str | None, Sequence[FieldNode]]
    defaults: Mapping[str, Any]
    float_lists: frozenset[str]

    def roots(self, operation: str | None) -> Sequence[FieldNode]:
        """The root fields of the operation that will run; all of them where it is not known which."""
        if operation in self.operations:
            return self.operations[operation]
        return [field for fields in self.operations.values() for field in fields]


class Documents:
    """Prepares documents for one schema."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._kept: OrderedDict[tuple[str, int], Prepared] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def prepare(self, text: str, lifted: int) -> Prepared:
        """The parsed and checked document, with `lifted` variables declared that were vectors in its text.

        Raises ParseFailed, ValidationFailed or a limit's error.
        """
        key = (text, lifted)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        prepared = self._prepare(text, lifted)
        if len(text) <= _KEPT_TEXT:
            self._kept[key] = prepared
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return prepared

    def _prepare(self, text: str, lifted: int) -> Prepared:
        try:
            document = parse(text, max_lexical_tokens=_TOKENS, max_comments=_COMMENTS, max_source_length=_LONGEST_TEXT)
        except GraphQLError as error:
            raise ParseFailed.of([error]) from None
        document = _declared(document, lifted)
        check_shape(document, self._limits)
        errors = validate(self._schema, document, _RULES, max_errors=_SHOWN_ERRORS)
        if errors:
            raise ValidationFailed.of(errors)
        operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        if any(one.operation is not OperationType.QUERY for one in operations):
            raise ValidationFailed.of([GraphQLError("Only queries are answered here.")])
        definitions = [variable for one in operations for variable in one.variable_definitions or ()]
        return Prepared(
            document=document,
            operations=_by_name(document, operations),
            defaults={one.variable.name.value: one.default_value for one in definitions if one.default_value},
            float_lists=frozenset(one.variable.name.value for one in definitions if _is_float_list(one.type)),
        )


def _by_name(
    document: DocumentNode, operations: Sequence[OperationDefinitionNode]
) -> dict[str | None, Sequence[FieldNode]]:
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    found: dict[str | None, Sequence[FieldNode]] = {
        one.name.value if one.name else None: root_fields(one, fragments) for one in operations
    }
    if len(operations) == 1:
        found[None] = next(iter(found.values()))
    return found


def _declared(document: DocumentNode, lifted: int) -> DocumentNode:
    """Declares the variables that stand for lifted lists, in every operation."""
    if not lifted:
        return document
    added = tuple(_float_list(f"{VARIABLE}{place}") for place in range(lifted))
    return replace(document, definitions=tuple(_with_variables(one, added) for one in document.definitions))


def _with_variables(definition: DefinitionNode, added: tuple[VariableDefinitionNode, ...]) -> DefinitionNode:
    if not isinstance(definition, OperationDefinitionNode):
        return definition
    return replace(definition, variable_definitions=(*(definition.variable_definitions or ()), *added))


def _float_list(name: str) -> VariableDefinitionNode:
    number = NonNullTypeNode(type=NamedTypeNode(name=NameNode(value="Float")))
    return VariableDefinitionNode(
        variable=VariableNode(name=NameNode(value=name)),
        type=NonNullTypeNode(type=ListTypeNode(type=number)),
        directives=(),
    )


def _is_float_list(node: TypeNode) -> bool:
    inner = node.type if isinstance(node, NonNullTypeNode) else node
    if not isinstance(inner, ListTypeNode):
        return False
    item = inner.type.type if isinstance(inner.type, NonNullTypeNode) else inner.type
    return isinstance(item, NamedTypeNode) and item.name.value == "Float"
