from tests.models.conftest import (  # noqa: F401  # both databases, as the tests of `models` have them
    database_url,
    postgres_server,
    postgres_template,
    sqlite_template,
)
from tests.workflows.conftest import temporal, world  # noqa: F401  # the same server and world as the cases have
