"""The composition root: settings become gateways, gateways activities, activities a worker. Imported by nobody."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.case import CaseActivities
from activities.codec import data_converter
from activities.effects import EffectActivities
from activities.messages import TASK_QUEUE
from activities.outbox import Relay
from activities.sweep import SweepActivities
from cli.settings import Settings
from gateways.http import systems
from gateways.systems import Systems
from models.clock import SqlClock
from models.policies import all_policies
from models.session import open_database, reading
from workflows.collections_case import CollectionsCase
from workflows.policies import hold
from workflows.sweep import Sweep

CASES_CACHED = 2_000  # about 140 KiB each with the sandbox: some 300 MiB
TASKS_AT_ONCE = 100
THREADS = 16
GRACE = timedelta(seconds=20)

log = structlog.get_logger()


def make_worker(client: Client, *, engine, clock: SqlClock, city: Systems, policy) -> Worker:  # noqa: ANN001
    """Return the worker of one installation: both workflows and every activity they call."""
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
        activity_executor=ThreadPoolExecutor(THREADS),
        workflow_runner=SandboxedWorkflowRunner(),
        max_cached_workflows=CASES_CACHED,
        max_concurrent_workflow_tasks=TASKS_AT_ONCE,
        max_concurrent_activities=TASKS_AT_ONCE,
        max_concurrent_local_activities=TASKS_AT_ONCE,
        graceful_shutdown_timeout=GRACE,
    )
