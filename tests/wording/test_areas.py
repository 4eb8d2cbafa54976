import pytest

from analytics.wording.areas import short_name


@pytest.mark.parametrize(
    ("name", "parent", "short"),
    [
        ("东湖社区", "", "东湖"),
        ("花径一村社区第四网格", "花径一村社区", "第四"),
        ("花径一村社区第四网格", "", "花径一村社区第四"),
        ("网格4", "东湖社区", "网格4"),
        ("东湖社区1网格", "东湖社区", "1网格"),
        ("东湖社区", "东湖社区", "东湖"),
        ("衢化街道", "柯城区", "衢化"),
        ("社区", "", "社区"),
        (" 信安 ", "", "信安"),
        ("Riverside", "", "Riverside"),
    ],
)
def test_a_short_name_drops_the_parent_and_the_kind_of_area(name, parent, short):
    assert short_name(name, parent) == short
