"""How a decision says no where no gate was asked."""

from domain.verdict import Refusal


def no(slug: str, detail: str, way_out: str = "", *, rule: str = "", citation: str = "") -> Refusal:
    """Return a refusal; where no rule of a pack or statute speaks, the slug names the house's own rule."""
    return Refusal(
        slug=slug,
        title=slug.replace("-", " ").capitalize(),
        detail=detail,
        way_out=way_out,
        rules=(rule or slug,),
        citations=(citation,) if citation else (),
    )
