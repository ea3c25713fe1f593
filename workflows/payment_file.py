"""One payment file: its money goes to billing part by part, and the file is done when billing has heard of all."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.messages import FilePart, FileProgress

PART = 200  # sums in one activity: some seconds at billing, so that progress shows and a crash costs little
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
PART_TIME = timedelta(minutes=10)


@workflow.defn(name="PaymentFile")
class PaymentFile:
    """The workflow ``payment-file/{sha256}``: the file was read and planned whole before it starts."""

    @workflow.init
    def __init__(self, file: FilePart) -> None:
        self._progress = FileProgress(settled=0, left=0)

    @workflow.run
    async def run(self, file: FilePart) -> int:
        while True:
            part: FileProgress = await workflow.execute_activity(
                "settle_part",
                FilePart(file_id=file.file_id, limit=file.limit or PART, left=self._progress.left),
                result_type=FileProgress,
                start_to_close_timeout=PART_TIME,
                retry_policy=PATIENT,
                summary=f"Post to billing, {self._progress.settled} done",
            )
            self._progress = FileProgress(settled=self._progress.settled + part.settled, left=part.left)
            if part.left == 0:
                break
        await workflow.execute_activity(
            "finish_file",
            FilePart(file_id=file.file_id),
            start_to_close_timeout=PART_TIME,
            retry_policy=PATIENT,
            summary="The file is done",
        )
        return self._progress.settled

    @workflow.query
    def progress(self) -> FileProgress:
        """Return how many sums billing has heard of, and of how many it has not."""
        return self._progress
