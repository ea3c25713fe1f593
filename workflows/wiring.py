"""Which workflows and activities make up a worker of one installation?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.case import CaseActivities
from activities.effects import EffectActivities
from activities.messages import TASK_QUEUE
from activities.payment_files import PaymentFileActivities
from activities.sweep import SweepActivities
from domain.policy import Policy
from gateways.systems import Systems
from models.clock import SqlClock
from workflows.collections_case import CollectionsCase
from workflows.payment_file import PaymentFile
from workflows.sweep import Sweep

CASES_CACHED = 2_000  # about 140 KiB each with the sandbox: some 300 MiB
AT_ONCE = 32  # activities at once, a thread for each that reads SQL; two cores make no use of more
GRACE = timedelta(seconds=20)
VERSION = WorkerDeploymentVersion(deployment_name="arrears", build_id="0.1.0")


def make_worker(
    client: Client,
    *,
    engine: Engine,
    clock: SqlClock,
    city: Systems,
    policy: Policy,
    cached: int = CASES_CACHED,
    sandboxed: bool = True,
) -> Worker:
    """Return the worker: all workflows and every activity they call.

    With *cached* zero every task is a replay. Without the sandbox a case costs a third less of the worker's time;
    the tests always run in it, so that nothing it forbids gets in.
    """
    case = CaseActivities(engine, clock, city.billing)
    effects = EffectActivities(engine, clock, city)
    sweep = SweepActivities(engine, clock, city.billing, policy, client)
    files = PaymentFileActivities(engine, clock, city.billing)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[CollectionsCase, Sweep, PaymentFile],
        activities=[
            case.look,
            case.record,
            effects.send_letter,
            effects.create_order,
            effects.dispatch_order,
            effects.cancel_order,
            effects.ask_agency,
            effects.ask_court,
            effects.remind_order,
            effects.remind_payment,
            effects.charge_fee,
            effects.end_account,
            effects.move_balance,
            files.settle_part,
            files.finish_file,
            sweep.plan_sweep,
            sweep.open_cases,
            sweep.refresh_cases,
        ],
        activity_executor=ThreadPoolExecutor(AT_ONCE),
        workflow_runner=SandboxedWorkflowRunner() if sandboxed else UnsandboxedWorkflowRunner(),
        # Named, or the SDK would read and hash every module's code at each start, for seconds.
        deployment_config=WorkerDeploymentConfig(version=VERSION, use_worker_versioning=False),
        max_cached_workflows=cached,
        max_concurrent_workflow_tasks=AT_ONCE,
        max_concurrent_activities=AT_ONCE,
        max_concurrent_local_activities=AT_ONCE,
        graceful_shutdown_timeout=GRACE,
    )
