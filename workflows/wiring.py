"""Which workflows and activities make up a worker of one installation?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.worker import Worker

from activities.case import CaseActivities
from activities.effects import EffectActivities
from activities.messages import TASK_QUEUE
from activities.sweep import SweepActivities
from domain.policy import Policy
from gateways.systems import Systems
from models.clock import SqlClock
from workflows.collections_case import CollectionsCase
from workflows.sweep import Sweep

CASES_CACHED = 2_000  # about 140 KiB each with the sandbox: some 300 MiB
AT_ONCE = 32  # activities at once, a thread for each that reads SQL; two cores make no use of more
GRACE = timedelta(seconds=20)


def make_worker(
    client: Client,
    *,
    engine: Engine,
    clock: SqlClock,
    city: Systems,
    policy: Policy,
    cached: int = CASES_CACHED,
) -> Worker:
    """Return the worker: both workflows and every activity they call. With *cached* zero every task is a replay."""
    case = CaseActivities(engine, clock, city.billing)
    effects = EffectActivities(engine, clock, city)
    sweep = SweepActivities(engine, clock, city.billing, policy, client)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[CollectionsCase, Sweep],
        activities=[
            case.look,
            case.record,
            effects.send_letter,
            effects.create_order,
            effects.dispatch_order,
            effects.cancel_order,
            sweep.plan_sweep,
            sweep.open_cases,
            sweep.refresh_cases,
        ],
        activity_executor=ThreadPoolExecutor(AT_ONCE),
        max_cached_workflows=cached,
        max_concurrent_workflow_tasks=AT_ONCE,
        max_concurrent_activities=AT_ONCE,
        max_concurrent_local_activities=AT_ONCE,
        graceful_shutdown_timeout=GRACE,
    )
