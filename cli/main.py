"""Which commands does `arrears` know?"""

import typer

from cli import (
    agencies,
    asking,
    audit,
    backtest,
    books,
    demo,
    facts,
    imports,
    inquiries,
    installation,
    money,
    obligations,
    observe,
    opening,
    papers,
    payments,
    play,
    reports,
    rules,
    simulate,
    step,
    users,
)

app = typer.Typer(
    name="arrears",
    help="Case management for the collections desk of a municipal utility.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may name a customer
)
installation.add_to(app)
app.command()(play.play)
app.command()(demo.demo)
imports.commands.command("opening")(opening.take)
app.add_typer(imports.commands, name="import")
app.add_typer(opening.export_commands, name="export")
app.command("held")(opening.held)
app.command("release")(opening.release_held)
app.command("observed")(observe.observed)
app.add_typer(audit.commands, name="audit")
app.add_typer(facts.commands, name="fact")
app.add_typer(obligations.commands, name="obligations")
app.add_typer(inquiries.commands, name="inquiries")
app.add_typer(users.commands, name="user")
app.add_typer(money.commands, name="money")
app.add_typer(agencies.commands, name="agency")
app.add_typer(papers.commands, name="papers")
app.add_typer(rules.commands, name="policy")
for command in (
    step.step,
    users.token,
    asking.why,
    reports.report,
    payments.payments,
    books.books,
    rules.gate,
    backtest.backtest,
    simulate.simulate,
):
    app.command()(command)
