"""The file of a campaign: what is wrong with it is told with its line, and no person stands in it."""

import pytest

from analytics.errors import SchemeError
from analytics.response.campaign import campaign_from
from tests.response.sweep_world import CAMPAIGN


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("to: 2026-10-29", "to: 2026-10-19", "line 7 .*before it begins"),
        ("to: 2026-10-29", "to: 2027-10-21", "366 days at most"),
        ("destroy_on: 2026-11-30", "destroy_on: 2026-10-28", "destroyed before"),
        ("areas: [A, B]", "areas: [A, A]", "“A” is listed twice"),
        ("team: T2", "team: T1", "“T1” is listed twice"),
        ("not_at_home: 0.35", "not_at_home: 1", "less than 1"),
        ("minutes: {household: 8", "minutes: {household: 0", "greater than 0"),
        ("from: 2026-10-20", "from: soon", "date"),
        ("format: 1", "format: 2", "Use one of: 1|cannot be 2"),
        ("id: small", "id: small\nmore: 1", "“more” is not known"),
    ],
)
def test_a_wrong_campaign_is_refused_with_its_line(was, now, said):
    with pytest.raises(SchemeError, match=said):
        campaign_from(CAMPAIGN.replace(was, now).encode(), "campaign.yaml")


@pytest.mark.parametrize(
    ("post", "said"),
    [
        ("{zh: 张伟, en: Zhang Wei}", "岗位或部门"),
        ("{zh: 网格长张伟, en: grid leader}", "岗位或部门"),
        ("{zh: 值班岗13800000000, en: duty post}", "手机号码"),
        ("{zh: 值班岗, en: duty post}", ""),
    ],
)
def test_a_person_is_no_post_of_a_campaign(post, said):
    text = CAMPAIGN.replace("{team: T2, pairs: 1}", f"{{team: T2, pairs: 1, post: {post}}}")
    if not said:
        assert campaign_from(text.encode(), "campaign.yaml").teams[1].post.en == "duty post"
        return
    with pytest.raises(SchemeError) as refused:
        campaign_from(text.encode(), "campaign.yaml")
    told = refused.value.text("zh")
    assert "第14行（teams[2].post" in told
    assert said in told
    assert not any(one in told + refused.value.text("en") for one in ("张伟", "Zhang Wei", "13800000000"))
