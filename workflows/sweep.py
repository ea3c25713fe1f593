"""The day's sweep: open a case for each delinquent account, and have the open ones look again."""

from datetime import timedelta

from temporalio import workflow
from temporalio.client import (
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
)
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.messages import TASK_QUEUE, SweepPart, SweepPlan, SweepResult, SweepStart

SWEEP_HOUR = 5  # before the office opens, after the billing system's night
PART = 200  # cases that may wait for their first task at one time: a burst of starts starves the worker
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
PART_TIME = timedelta(minutes=30)


@workflow.defn(name="Sweep")
class Sweep:
    """The workflow ``sweep/{city_date}``: plan, then open part by part, then tell the open cases to look again."""

    @workflow.run
    async def run(self, start: SweepStart) -> SweepResult:
        plan: SweepPlan = await workflow.execute_activity(
            "plan_sweep",
            start,
            result_type=SweepPlan,
            start_to_close_timeout=PART_TIME,
            retry_policy=PATIENT,
            summary="Read the delinquency extract",
        )
        result = SweepResult(rows=plan.rows, notes=plan.notes)
        for offset in range(0, plan.rows, PART):
            part: SweepResult = await workflow.execute_activity(
                "open_cases",
                SweepPart(import_id=plan.import_id, offset=offset, limit=PART),
                result_type=SweepResult,
                start_to_close_timeout=PART_TIME,
                heartbeat_timeout=timedelta(minutes=2),
                retry_policy=PATIENT,
                summary=f"Open cases {offset + 1} to {min(offset + PART, plan.rows)} of {plan.rows}",
            )
            result = SweepResult(
                rows=result.rows, opened=result.opened + part.opened, told=result.told, notes=result.notes
            )
        told: int = await workflow.execute_activity(
            "refresh_cases",
            SweepPart(import_id=plan.import_id, offset=0, limit=0),
            result_type=int,
            start_to_close_timeout=PART_TIME,
            retry_policy=PATIENT,
            summary="Have cases whose balance moved look again",
        )
        return SweepResult(rows=result.rows, opened=result.opened, told=told, notes=result.notes)


def sweep_schedule(zone: str) -> Schedule:
    """Return the Schedule that starts the day's sweep in city time, when the clock is the wall's."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "Sweep", SweepStart(), id="sweep", task_queue=TASK_QUEUE, static_summary="The day's sweep"
        ),
        spec=ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(SWEEP_HOUR)])], time_zone_name=zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(hours=12)),
    )
