"""The table of words of work, read once from the data of this package."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hirehub.services.ai.work.stems import stem

_DATA = files("hirehub.services.ai.work") / "data"

_KINDS = ("short", "korean_short", "english", "korean")
RANK = 4
"""A word of rank tells so many times less of a title's kind of work than its occupations say."""

_PERSONAL = """
age aged old young birth gender sex male female man woman men women boy girl lady gentleman mother father wife husband
family marital married single divorced widow pregnant maternity paternity parental leave gap unemployed sabbatical
nationality religion race ethnic photo name school university college academy campus degree bachelor master doctorate
diploma graduate alumni she her his him
"""
BARRED = frozenset(map(stem, _PERSONAL.split()))
"""Words that say who somebody is, where they studied or when they did not work: they never count."""


@dataclass(frozen=True)
class WorkWords:
    """What words tell.

    `weights` of words of any text and `titles` of words of a title are whole numbers; `groups` are the occupations
    (ISCO-08) of a title's word, each with how much. `short` are short forms in capitals, `korean_short` what they
    are in a Korean text, `english` words in small letters, `pairs` those of two words by the first and the second,
    `korean` Korean words, all with the words of the table that they stand for. `version` is the hash of the files.
    """

    weights: Mapping[str, int]
    titles: Mapping[str, int]
    groups: Mapping[str, tuple[tuple[str, int], ...]]
    short: Mapping[str, tuple[str, ...]]
    korean_short: Mapping[str, tuple[str, ...]]
    english: Mapping[str, tuple[str, ...]]
    pairs: Mapping[str, Mapping[str, tuple[str, ...]]]
    korean: Mapping[str, tuple[str, ...]]
    version: str


@cache
def load_work_words() -> WorkWords:
    """The table of this package."""
    digest = hashlib.sha256()
    content = {}
    for name in ("words.tsv", "own.toml"):
        content[name] = (_DATA / name).read_bytes()
        digest.update(name.encode() + b"\0" + content[name] + b"\0")
    weights, titles, groups = {}, {}, {}
    for line in content["words.tsv"].decode("utf-8").splitlines():
        if line.startswith("#"):
            continue
        form, weight, title, *rows = line.split("\t")
        weights[form], titles[form] = int(weight), int(title)
        groups[form] = tuple((group, int(more)) for group, _, more in (row.partition(":") for row in rows))
    own = tomllib.loads(content["own.toml"].decode("utf-8"))
    for form in {stem(word) for word in own["ranks"].split()} & titles.keys():
        titles[form] //= RANK
    listed = {kind: {word: tuple(forms.split()) for word, forms in own[kind].items()} for kind in _KINDS}
    pairs: dict[str, dict[str, tuple[str, ...]]] = {}
    for words, forms in listed["english"].items():
        first, _, second = words.partition(" ")
        if second:
            pairs.setdefault(first, {})[second] = forms
    return WorkWords(
        weights=weights,
        titles=titles,
        groups=groups,
        short=listed["short"],
        korean_short=listed["short"] | listed["korean_short"],
        english={word: forms for word, forms in listed["english"].items() if " " not in word},
        pairs=pairs,
        korean=listed["korean"],
        version=digest.hexdigest(),
    )
