"""The pictures of the story: painted anew each time, the same, light, and good for every browser."""

import pytest

from api.demo.masters import own_picture
from api.demo.story import read_story
from api.pages.consumer.pictures import MOST_SHOWN
from schemas.bare_picture import bare


@pytest.mark.parametrize("member", ["growers", "packer", "mill"])
def test_each_member_shows_a_light_picture_that_is_always_the_same(member: str) -> None:
    told = read_story()["members"][member]
    painted = own_picture(told)
    assert len(painted) <= MOST_SHOWN
    assert bare(painted, "image/png") == painted == own_picture(told)
    assert set(told["picture"]["alt"]) == {"it", "en"}
