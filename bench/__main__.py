import asyncio, sys, tempfile, time
from pathlib import Path
from bench.cost import two_years, actions, EventType


async def main():
    t = time.time()
    with tempfile.TemporaryDirectory() as d:
        h = await two_years(Path(d), say=lambda s: print(round(time.time() - t, 1), s, flush=True))
    print(actions(h))
    from collections import Counter

    print(Counter(EventType.Name(e.event_type) for e in h.events))
    Path("/tmp/two.json").write_text(h.to_json())


asyncio.run(main())
