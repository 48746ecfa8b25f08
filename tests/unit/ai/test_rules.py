"""The hash of all that a stored match depends on: it leaves out nothing that numbers are made by."""

from grimp import build_graph

from hirehub.services.ai.matching.rules import MADE_BY, rules
from hirehub.services.ai.scoring.model import Weights

AI = "hirehub.services.ai"
SPOKEN = "masking"
"""It says no more here than in which language a post is."""


def test_other_weights_are_other_rules() -> None:
    found = {rules(Weights(*one)) for one in ((50, 35, 15), (51, 35, 15), (50, 36, 15), (50, 35, 16))}
    assert len(found) == 4
    assert rules(Weights(50, 35, 15)) in found


def test_everything_that_profiles_and_numbers_are_made_by_counts() -> None:
    graph = build_graph("hirehub", cache_dir=None)
    makers = ("profiles.posts", "profiles.resumes", "scoring.scorer")
    used = {one for maker in makers for one in graph.find_upstream_modules(f"{AI}.{maker}")}
    packages = {one.removeprefix(f"{AI}.").split(".")[0] for one in used if one.startswith(f"{AI}.")}
    assert {"scoring", "parsing"} <= packages
    assert packages - {SPOKEN} <= set(MADE_BY)
