"""How hard do the random tests try? A little while developing, more on the server, much under `make prove`."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=300, deadline=None)
settings.register_profile(
    "deep", max_examples=5_000, deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large)
)
settings.load_profile("deep" if os.environ.get("ARREARS_PROVE") else "ci" if os.environ.get("CI") else "dev")
