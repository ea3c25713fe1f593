"""A case that takes one more step than those on record: what a careless change of the workflow would be."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.messages import CaseStart
    from domain.view import CaseView

from workflows.collections_case import CollectionsCase


@workflow.defn(name="CollectionsCase")
class HastyCase(CollectionsCase):
    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> CaseView:
        await workflow.sleep(timedelta(seconds=1))
        return await super().run(start)
