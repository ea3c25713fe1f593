"""Our API; the other systems are out of its reach, and a decision does not need them."""

import sys

from api.server import ApiSettings, serve
from bench.told import HOST, KEY, Site

if __name__ == "__main__":
    site = Site.from_json(sys.argv[1])
    settings = ApiSettings(
        database_url=site.database,
        systems_url=f"http://{HOST}:9",
        key=KEY,
        temporal_address=site.temporal,
        log_level="WARNING",
    )
    serve(settings, host=HOST, port=site.api_port)
