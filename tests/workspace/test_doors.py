"""Every call of the workspace is a door that asks for a role before it does anything else."""

import importlib
import inspect
import pkgutil

import pytest

from analytics import workspace
from analytics.access import ROLES, Actor
from analytics.errors import AccessError
from analytics.releases import Intent
from analytics.workspace import Workspace, published, tasks
from tests.test_access import MAY

ASKS_FOR = {
    "read": """
        area_page.area_view area_page.areas_view area_page.records_behind area_page.week_before
        baselines.baseline_choices baselines.baseline_for baselines.pair_against
        briefings.briefing briefings.briefing_copy briefings.briefing_file briefings.file_to_take briefings.own_copy
        copies.heading_of_copy copies.require_logged
        briefings.confidence_of briefings.own_briefing briefings.preview
        briefings.preview_document briefings.preview_pages closing.closing_view
        datasets.datasets datasets.find datasets.own datasets.require_own datasets.store
        decisions.outcome_of decisions.outcome_of_withdrawing decisions.overrides decisions.own_overrides
        drafts.forget_draft drafts.keep_draft drafts.kept_draft
        doctor.examine due_list.due_list_view due_list.old_hazards
        evidence.backtest_maps evidence.detection_bias_of evidence.fitted_weights evidence.is_under_visited
        evidence.past_releases evidence.scheme_of evidence.simulate evidence.versions
        ledgers.audit_trail ledgers.ledger ledgers.log_looked ledgers.log_sign_in ledgers.log_sign_out ledgers.log_taken
        ledgers.own_ledger ledgers.verify_audit
        feeds.area_names feeds.called feeds.missing feeds.missing_lines feeds.of_areas feeds.reminders feeds.states
        feeds.unaccepted feeds.weekly
        loads.blank_template loads.corrections loads.export loads.guessed loads.history loads.offered_moves
        loads.remembered_columns meetings.meeting meetings.own_meeting
        public.exhibit_for public.exhibit_of public.form_of public.own_exhibit public.schemes_told
        published.before published.code_of_view published.comparison_report published.first_that_fits
        published.folder_verified published.frozen published.look_up published.material published.newest_release
        published.newest_standing published.own_entry published.own_look_up published.own_release
        published.carried published.own_releases published.own_report published.own_verified published.release_for
        published.newest_but published.planned published.planned_of_draft published.releases
        published.run_of published.week_of published.weekly_of
        deployment.reinforced deployment.team_plan
        response.is_ready response.response
        runs.area_counts runs.assess_draft runs.assessed runs.compare_versions runs.cutoffs_by_capacity runs.delay
        runs.duty_change runs.goal_seek runs.inspection_load runs.what_if runs.tiers_by_day runs.workload_change
        schemes.adoption schemes.current schemes.own_current schemes.own_version schemes.own_versions
        schemes.saved_versions
        schemes.scheme_for schemes.scheme_text schemes.scheme_to_try schemes.schemes schemes.version_of
        schemes.unfit schemes.usual schemes.version_texts
        settings.office_settings settings.own_settings
        sweep.campaign_on sweep.campaigns sweep.exhibits sweep.hazards sweep.require_swept sweep.summary
        sweep.sweep_plan sweep.sweep_view
        scoring.checked scoring.counts_of_files scoring.own_counts scoring.scored
        tasks.areas_called tasks.assignments tasks.planned tasks.planned_step tasks.post_asked tasks.take_step
        two_hands.is_asked two_hands.may_take two_hands.planned_step two_hands.take_step
        two_hands.waiting
        trends.communities trends.delay_for trends.tier_history trends.weekly
        views.noise_of views.overview
        words.doubtful words.doubtful_of words.mappings words.unknown_words
    """,
    "draft": """
        drafts.own_drafts evidence.keep_simulation published.keep_draft schemes.save_own schemes.save_version
    """,
    "load": """
        backups.backup backups.restore feeds.save_agreements ledgers.record_loads loads.change_areas loads.compact
        loads.load_file loads.load_report loads.seen loads.undo loads.undoing loads.void sweep.closing_paper
        sweep.draw_sample sweep.load_calls sweep.load_results sweep.pair_sheets words.map_words
    """,
    "release": "ledgers.rebuild published.publish published.publish_kept published.withdraw published.withdraw_own",
    "adopt": "schemes.adopt_own schemes.adopt_version",
    "configure": "ledgers.redact settings.save_office_settings settings.save_own_settings",
    "assign": "tasks.assign",
    "override": "decisions.override decisions.own_override decisions.withdraw_override",
}
"""What each door asks for. Whatever stays its browser's own, as the draft of a scheme does, asks for no more than to
read; `published.own_release`, `tasks.take_step` and the steps of `two_hands` ask for more once they know what is
wanted."""

ACTION = {name: action for action, names in ASKS_FOR.items() for name in names.split()}


PUBLIC = {"public.exhibit_for", "public.schemes_told", "ledgers.log_sign_in", "ledgers.log_sign_out"}
"""The doors that a reader may pass, who has no right to internal figures: they give the public form and no other, or
give nothing and tell the audit trail that somebody came or went."""


class ReachedError(Exception):
    """The door is open: what lies behind it has begun."""


class Untouched:
    """Something that must not be looked at in any way."""

    def _touched(self, *_: object, **__: object) -> None:
        raise ReachedError

    __getattr__ = __getitem__ = __iter__ = __hash__ = __eq__ = __str__ = __format__ = __fspath__ = _touched
    __bool__ = __contains__ = __len__ = __call__ = __truediv__ = __lt__ = __gt__ = __le__ = __ge__ = _touched


def doors():
    """Every public function of the workspace that is handed one, by module and name."""
    found = {}
    for info in pkgutil.iter_modules(workspace.__path__):
        module = importlib.import_module(f"{workspace.__name__}.{info.name}")
        for name, made in vars(module).items():
            own = inspect.isfunction(made) and made.__module__ == module.__name__ and not name.startswith("_")
            if own and any("Workspace" in f"{one.annotation}" for one in inspect.signature(made).parameters.values()):
                found[f"{info.name}.{name}"] = made
    return found


DOORS = doors()


def of(role):
    return Workspace(Actor("甲", role), Untouched(), Untouched())


def knock(name, role):
    """Call a door with nothing that may be looked at."""
    door = DOORS[name]
    asked = [one for one in inspect.signature(door).parameters.values() if one.default is inspect.Parameter.empty]
    by_name = [one.name for one in asked if one.kind is inspect.Parameter.KEYWORD_ONLY]
    by_place = len(asked) - 1 - len(by_name)
    door(of(role), *(Untouched() for _ in range(by_place)), **{name: Untouched() for name in by_name})


def test_every_call_is_a_door_and_stands_in_the_table():
    without = [name for name, made in DOORS.items() if not hasattr(made, "action")]
    assert not without, f"no role is asked for: {without}"
    assert {name: made.action for name, made in DOORS.items()} == ACTION


@pytest.mark.parametrize("name", sorted(ACTION))
@pytest.mark.parametrize("role", ROLES)
def test_a_role_passes_the_doors_of_what_it_may_do_and_no_other(name, role):
    may = ACTION[name] in MAY[role].split() and (role != "reader" or name in PUBLIC)
    with pytest.raises(ReachedError if may else AccessError):
        knock(name, role)


def test_the_doors_that_give_the_public_form_are_told_one_by_one():
    assert {name for name, made in DOORS.items() if made.public} == PUBLIC


@pytest.mark.parametrize("name", sorted(ACTION))
def test_a_role_that_does_not_exist_passes_no_door(name):
    with pytest.raises(AccessError, match="There is no role “root”"):
        knock(name, "root")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("publish", [True, False])
def test_whether_a_release_or_a_draft_is_wanted_decides_what_is_asked_for(role, publish):
    may = ("release" if publish else "draft") in MAY[role].split()
    with pytest.raises(ReachedError if may else AccessError):
        published.own_release(of(role), None, None, Intent("", publish=publish))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("step", "action"), [("report", "assign"), ("agree", "sign_off"), ("sign_off", "sign_off")])
def test_which_step_of_an_assignment_is_wanted_decides_what_is_asked_for(role, step, action):
    may = action in MAY[role].split()
    with pytest.raises(ReachedError if may else AccessError):
        tasks.take_step(of(role), Untouched(), tasks.NextStep(1, step))
