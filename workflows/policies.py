"""Which pack does a case decide by? Packs are pinned by digest and held by the process, never read in a workflow."""

from domain.policy import Policy


class PolicyMissing(LookupError):
    """This worker does not hold the pack that a case was told to use: load it, and the case goes on by itself."""


_held: dict[str, Policy] = {}


def hold(*policies: Policy) -> None:
    """Let workflows of this process use *policies*."""
    for policy in policies:
        _held[policy.digest] = policy


def policy_of(digest: str) -> Policy:
    """Return the pack with *digest*.

    Raises:
        PolicyMissing: no such pack is held. In a workflow this fails the task, which is tried again until it is.
    """
    try:
        return _held[digest]
    except KeyError:
        raise PolicyMissing(f"pack {digest} is not loaded in this worker") from None
