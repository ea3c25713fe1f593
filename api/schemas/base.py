"""What everything the API shows has in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict

Json = dict[str, Any]


class Shown(BaseModel):
    """What is shown has these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)
