from tests.workflows.conftest import temporal, world  # noqa: F401  # the same server and world as the cases have
