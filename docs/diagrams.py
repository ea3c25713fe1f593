"""How do a case's lifecycle and the house's rooms look, drawn from the move table and from the imports?"""

from collections import defaultdict

from docs.tree import imports, rooms
from domain.states import MOVES, Stage, Trigger

_CLOSE = Trigger.CLOSE


def lifecycle() -> str:
    """Return the stages and their lawful moves; moves between the same two stages share an arrow."""
    arrows: defaultdict[tuple[Stage, Stage], list[str]] = defaultdict(list)
    for trigger, stages, target in MOVES:
        for stage in stages:
            if trigger is not _CLOSE:
                arrows[stage, target].append(trigger.replace("_", " "))
    lines = ["stateDiagram-v2", "    [*] --> open", "    state open {", "        [*] --> past_due"]
    order = list(Stage)
    lines += [
        f"        {source} --> {target}: {' / '.join(arrows[source, target])}"
        for source, target in sorted(arrows, key=lambda arrow: tuple(map(order.index, arrow)))
    ]
    return "\n".join([*lines, "    }", *_closing(), "    closed --> [*]", ""])


def _closing() -> list[str]:
    """Return the one arrow from every open stage, or one from each stage that may close, if not all may."""
    closable = next(stages for trigger, stages, _ in MOVES if trigger is _CLOSE)
    everywhere = set(closable) == set(Stage) - {Stage.CLOSED}
    return ["    open --> closed: close"] if everywhere else [f"    {stage} --> closed: close" for stage in closable]


def room_graph() -> str:
    """Return which room imports which; an import that another room's imports already bring along is left out."""
    graph = {room: imports(room) for room in ("worker", *rooms())}
    lines = [
        f"    {room} --> {other}"
        for room, others in graph.items()
        for other in sorted(others)
        if not any(other in _reached(graph, between) for between in others - {other})
    ]
    return "\n".join(["flowchart TD", *lines, ""])


def _reached(graph: dict[str, frozenset[str]], room: str) -> frozenset[str]:
    """Return every room below *room*."""
    below = graph[room]
    return below.union(*(_reached(graph, other) for other in below))
