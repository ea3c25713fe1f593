"""Is the process well, can it work, and how much has it done? Asked by machines that say no name."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlmodel import Session, col, func, select

from api.guard import Guarded, installation_of, needs
from casework.context import Installation
from casework.health import readiness
from casework.permissions import Permission
from models.outbox import waiting
from models.session import reading
from models.tables import CaseRow

probes = APIRouter(route_class=Guarded, tags=["probes"])


@probes.get("/healthz")
@needs(Permission.PROBE)
async def healthz() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


@probes.get("/readyz", response_model=dict[str, bool], responses={503: {"model": dict[str, bool]}})
@needs(Permission.PROBE)
async def readyz(request: Request) -> JSONResponse:
    """Database and Temporal answer."""
    found = await readiness(installation_of(request))
    return JSONResponse({"database": found.database, "temporal": found.temporal}, 200 if found.ready else 503)


@probes.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
@needs(Permission.PROBE)
def metrics(request: Request) -> Response:
    """Prometheus text: requests, open cases by stage and service status, messages that wait for delivery."""
    body = generate_latest(request.app.state.registry) + generate_latest(_of_the_record(installation_of(request)))
    return Response(body, media_type=CONTENT_TYPE_LATEST)


def _of_the_record(at: Installation) -> CollectorRegistry:
    """Return gauges of what the record holds at this moment: any process of the installation tells the same."""
    registry = CollectorRegistry()
    cases = Gauge("arrears_open_cases", "Open cases", ("stage", "status"), registry=registry)
    outbox = Gauge("arrears_outbox_waiting", "Messages not yet delivered", registry=registry)
    with reading(at.engine) as session:
        for stage, status, count in _open_cases(session):
            cases.labels(stage, status).set(count)
        outbox.set(waiting(session))
    return registry


def _open_cases(session: Session) -> list[tuple[str, str, int]]:
    query = select(CaseRow.stage, CaseRow.status, func.count()).where(col(CaseRow.closed).is_(None))
    return [
        (stage, status, count) for stage, status, count in session.exec(query.group_by(CaseRow.stage, CaseRow.status))
    ]
