"""What Slack is told: enough to find the matter, and nobody's name or words."""

from typing import Any

from studio_core.alerts.sending import UnsentAlert
from studio_core.integrations.slack.messages import alert_text


def alert(kind: str, severity: str = "danger", **details: Any) -> UnsentAlert:
    return UnsentAlert(1, kind, severity, details)


def test_slow_query_is_told_with_its_place_and_statement() -> None:
    text = alert_text(
        "Estúdio & Alma",
        [
            alert(
                "slow_query",
                statement="SELECT `a` FROM b WHERE c < %(d)s",
                worst_ms=1500,
                threshold_ms=1000,
                count=3,
                route="GET /clients/api/list",
                program="studio-jobs",
                login="studio.0123",
                correlation_id="c-1",
            )
        ],
    )

    assert text.splitlines() == [
        "*Estúdio &amp; Alma*",
        "• Slow query: 1500 ms (limit 1000 ms), 3 × at GET /clients/api/list of studio-jobs: "
        "`SELECT 'a' FROM b WHERE c &lt; %(d)s` (log: c-1)",
    ]


def test_failure_is_told_by_what_programs_made_alone() -> None:
    text = alert_text(
        "Alma",
        [
            alert(
                "closing_failed",
                chore="monthly closing",
                what="2025-09",
                correlation_id="c-2",
                who="Maria",
                reason="in use by Maria",
            )
        ],
    )

    assert text.splitlines()[1] == (
        "• Closing failed (chore monthly closing, what 2025-09). "
        "See Administration, or the log under c-2."
    )


def test_alert_of_another_version_is_told_without_what_it_lacks() -> None:
    assert "Drill failed. See" in alert_text("Alma", [alert("drill_failed")])
    assert "- ms" in alert_text("Alma", [alert("slow_query")])


def test_flood_is_one_message_with_a_count() -> None:
    text = alert_text("Alma", [alert("drill_failed")] * 57)

    assert len(text.splitlines()) == 12
    assert text.endswith("… and 47 more, in Administration.")


def test_number_of_a_person_in_a_detail_is_hidden() -> None:
    assert "529" not in alert_text("Alma", [alert("backup_failed", file="529.982.247-25.zip")])
