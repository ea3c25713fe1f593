"""How are papers for courts and council, and files for the State and the county, made from the command line?"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casework import filings, packets, write_offs
from cli.handing_out import Out, hand_out, print_out
from cli.installation import City, Data, Policy
from cli.screen import run
from cli.settings import chosen

commands = typer.Typer(no_args_is_help=True, help="Papers for courts and council, files for the State and the county.")
Claim = Annotated[str, typer.Argument(help="The claim's number here, as `GET claims` and the console show it.")]
On = Annotated[datetime | None, typer.Option("--on", help="Of which day; today if not said.", formats=["%Y-%m-%d"])]


class Filing(StrEnum):
    """The files that go to the State and the county."""

    SETOFF = filings.SETOFF
    SETOFF_UPDATES = filings.SETOFF_UPDATES
    CERTIFICATION = filings.CERTIFICATION
    LIEN = filings.LIEN
    LIEN_RELEASES = filings.LIEN_RELEASES


@commands.command()
def claim(claim_id: Claim, *, out: Out = Path(), data: Data = None, city: City = None, policy: Policy = None) -> None:
    """Write the claim as the court is handed it, with the itemised account and the fee (PDF)."""
    settings = chosen(data=data, city=city, pack=policy)
    run(print_out(settings, out / f"{claim_id}-claim.pdf", lambda desk: packets.claim_packet(desk, claim_id)))


@commands.command()
def affidavit(
    claim_id: Claim, *, out: Out = Path(), data: Data = None, city: City = None, policy: Policy = None
) -> None:
    """Write the affidavit of non-military status that a default asks for (PDF)."""
    settings = chosen(data=data, city=city, pack=policy)
    run(print_out(settings, out / f"{claim_id}-affidavit.pdf", lambda desk: packets.affidavit(desk, claim_id)))


@commands.command("proof-of-claim")
def proof_of_claim(
    case_id: Annotated[str, typer.Argument(help="The case in which the petition stands.")],
    *,
    out: Out = Path(),
    data: Data = None,
    city: City = None,
    policy: Policy = None,
) -> None:
    """Write the account behind a proof of claim, split at the petition's day (PDF)."""
    settings = chosen(data=data, city=city, pack=policy)
    run(print_out(settings, out / f"{case_id}-proof-of-claim.pdf", lambda desk: packets.proof_of_claim(desk, case_id)))


@commands.command("write-offs")
def council_list(*, out: Out = Path(), data: Data = None, city: City = None, policy: Policy = None) -> None:
    """Write the debts old enough to be written off, for council or finance; no customer is named (PDF)."""
    run(print_out(chosen(data=data, city=city, pack=policy), out / "write-offs.pdf", write_offs.packet))


@commands.command("file")
def filing(
    kind: Annotated[Filing, typer.Argument(help="What the file tells.")],
    *,
    on: On = None,
    out: Out = Path(),
    data: Data = None,
    city: City = None,
    policy: Policy = None,
) -> None:
    """Write a file for the State or the county; updates and releases are those of a day, the others what stands."""
    settings, day = chosen(data=data, city=city, pack=policy), on.date() if on else None
    run(
        hand_out(
            settings,
            out,
            lambda desk: filings.export(desk, kind, on=day),
            lambda desk: f"There is nothing of {kind} of {day or desk.today()}.",
        )
    )
