"""Clients. The legacy system knew their names only."""

from sqlalchemy import select

from studio_core.clients.models import Client
from studio_core.legacy.naming import name_of
from studio_core.legacy.run import Converted, Existing, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import clean


def import_clients(run: Run) -> None:
    """Clients, also by the id of their form where that is here already."""

    def convert(rows: list[Row]) -> list[Converted]:
        forms = {clean(row["jotform_submission_id"]) for row in rows} - {None}
        here = dict(
            run.session.execute(
                select(Client.jotform_submission_id, Client.id).where(
                    Client.jotform_submission_id.in_(forms)
                )
            ).all()
        )
        converted: list[Converted] = []
        for row in rows:
            form = clean(row["jotform_submission_id"])
            if form in here:
                run.find(
                    "client_here_already",
                    "clients",
                    row["id"],
                    "A client with the same form is here already: they are taken as one.",
                )
                converted.append(Existing(here[form]))
                continue
            name = name_of(run, "clients", row["id"], row["name"])
            converted.append({"name": name, "jotform_submission_id": form})
        return converted

    import_table(run, "clients", Client, convert)
