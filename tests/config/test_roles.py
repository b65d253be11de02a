from typing import get_args

from cartend.config.roles import LEADING, ROLES
from cartend.config.study import Role


def test_the_roles_in_order_are_those_that_a_study_may_state():
    assert get_args(Role) == ROLES
    assert LEADING == ("primary", "key secondary")
