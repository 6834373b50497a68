"""People at the start: the invented ones of the demo program, and the first real administrator."""

from __future__ import annotations

import os
from datetime import datetime

import click

from footbridge.cli import ready
from footbridge.cli.start import DEMO_PEOPLE, DEMO_UNFINISHED
from footbridge.config import config

STAGES = (
    "inquiry", "screening", "placement", "plan", "medication", "timetable", "sessions", "practice", "measures",
    "reviews", "transitions", "aftercare",
)  # fmt: skip


@click.command(short_help="Load the demo program with invented people.")
@click.option(
    "--stage", metavar="STAGE", type=click.Choice(STAGES), help="Build people's lives only up to this stage of care."
)
@click.option(
    "--people", default=60, show_default=True, type=click.IntRange(1, 500), help="How many clients to invent."
)
@click.option("--silent", is_flag=True, hidden=True, help="footbridge start prints the people itself.")
def demo(stage: str | None, people: int, silent: bool) -> None:
    """Load the demo program: two sites, staff, and clients at every stage of care, all of them invented.

    Stages, in the order of care: inquiry, screening, placement, plan, medication, timetable, sessions, practice,
    measures, reviews, transitions, aftercare.

    Everything is made by the product's own actions on a simulated clock, so a demo is also a test. It works on an
    empty database only: invented people never stand beside real ones.
    """
    with ready.django():
        from django.contrib.auth import get_user_model

        from footbridge.wiring import demo as program

        if get_user_model().objects.exists():
            if (config.home / DEMO_UNFINISHED).exists() and config.embedded:
                raise click.ClickException(
                    "An earlier demo was interrupted; 'footbridge start' clears it and begins anew."
                )
            raise click.ClickException("There are people in this database already. The demo needs an empty one.")
        unfinished = config.home / DEMO_UNFINISHED
        unfinished.touch(mode=0o600)
        with ready.progress("Demo program") as step:
            program.build(stage=stage, people=people, progress=step)
        lines = people_lines(program.people())
        path = config.home / DEMO_PEOPLE
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(lines)
        unfinished.unlink()
        ready.done("Demo program", "all people in it are invented")
        if not silent:
            ready.console.print(lines.rstrip(), markup=False)


def people_lines(rows: list[tuple[str, str, str]]) -> str:
    """(who they are, address, password) as a plain table."""
    wide = max((len(who) for who, _, _ in rows), default=0), max((len(mail) for _, mail, _ in rows), default=0)
    table = [f"  {who:<{wide[0]}}  {mail:<{wide[1]}}  {password}" for who, mail, password in rows]
    return "\n".join(["", "Sign in as one of the demo people:", *table, ""])


@click.command("create-admin", short_help="Make the account of the first administrator.")
@click.option("--email", prompt="Email address (to sign in with)", help="Asked for when not given.")
@click.option("--name", prompt="Full name", help="Asked for when not given.")
@click.password_option(
    envvar="FOOTBRIDGE_ADMIN_PASSWORD",
    prompt="Password (12 characters or more)",
    help="Better not given: you are asked.",
)
def create_admin(email: str, name: str, password: str) -> None:
    """Make the account of an administrator, who can then invite everybody else.

    The second factor is set up at the first sign-in.
    """
    with ready.django():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email
        from django.utils import timezone

        from footbridge.kit import access

        try:
            validate_email(email)
            validate_password(password)
        except ValidationError as wrong:
            raise click.ClickException(" ".join(wrong.messages)) from None
        try:
            _make_admin(email, name, password, timezone.now())
        except access.Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
        ready.done("Administrator", f"{email.lower()} can sign in at {config.base_url}")


def _make_admin(email: str, name: str, password: str, at: datetime) -> None:
    """Account, person, place on the staff list and role: all of it or nothing."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from footbridge.ground.people import actions
    from footbridge.kit.access import SYSTEM

    users = get_user_model().objects
    if users.filter(email=email.lower()).exists():
        raise click.ClickException(f"There is an account for {email.lower()} already.")
    with transaction.atomic():
        user = users.create_user(email, password)
        person = actions.add_person(legal_name=name, email=email, by=SYSTEM, at=at, user=user)
        staff = actions.hire(person, title="Administrator", started_on=at.date(), by=SYSTEM, at=at)
        actions.give_role(staff, "admin", held_from=at.date(), by=SYSTEM, at=at)
