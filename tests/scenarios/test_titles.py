"""A scenario that names something unknown is told what is near."""

from __future__ import annotations

import pytest

from lifecycle.core.workflow import Role, Workflow
from tests.scenarios.titles import UnknownTitle, role_of

OFFICE = Workflow(
    name="office",
    version=1,
    zone="Asia/Shanghai",
    roles={
        "clerk": Role(name="clerk", titles={"zh": "客服", "en": "Clerk"}),
        "manager": Role(name="manager", titles={"zh": "客服主管", "en": "Manager"}),
    },
)


@pytest.mark.parametrize("typed", ["客服主管", "Manager", "manager"])
def test_a_thing_is_named_by_its_title_in_either_language_or_by_its_own_name(typed):
    assert role_of(OFFICE, typed) == "manager"


def test_an_unknown_title_is_answered_with_the_nearest():
    with pytest.raises(UnknownTitle, match="no role is called '客服主任'; did you mean 客服主管"):
        role_of(OFFICE, "客服主任")


def test_a_title_far_from_all_is_answered_with_what_is_known():
    with pytest.raises(UnknownTitle, match="known: 客服 / Clerk"):
        role_of(OFFICE, "xyz")
