"""Health in words: the verdict, the subjects, and each condition's sentence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from studio_core.errors import StudioError
from studio_core.extrato.health import Condition, Level
from studio_core.extrato.health_reports import Report
from studio_desktop import formats
from studio_desktop.models.columns import Badge, Tone
from studio_desktop.screens.administration.names import (
    alert_kind_words,
    run_status_words,
    who_words,
)
from studio_desktop.sentences import retold, sentence_of

translate = QCoreApplication.translate

OLD = timedelta(hours=36)
"""After that long no server can be looking every day."""
TONES: dict[Level, Tone] = {"ok": "success", "warning": "warning", "bad": "danger"}
ICONS: dict[Level, str] = {"ok": "check_circle", "warning": "alert", "bad": "error"}


def verdict_words(report: Report) -> str:
    bad = sum(condition.level == "bad" for condition in report.conditions)
    warnings = sum(condition.level == "warning" for condition in report.conditions)
    if bad == 1:
        return translate("Health", "One thing is not well")
    if bad:
        return translate("Health", "{n} things are not well").replace("{n}", str(bad))
    if warnings == 1:
        return translate("Health", "All is well, with one remark")
    if warnings:
        return translate("Health", "All is well, with {n} remarks").replace("{n}", str(warnings))
    return translate("Health", "All is well")


def looked_words(report: Report, zone: ZoneInfo) -> str:
    """Looked at on 12/09/2025 06:30 by Helena Prado on balcao, took 2 s."""
    if report.looked_at is None:
        return ""
    when = formats.day_and_time(report.looked_at.astimezone(zone))
    words = translate("Health", "Looked at on {when}").replace("{when}", when)
    who = who_words(report.looked_by or "–")
    if report.looked_on:
        both = translate("Health", "{who} on {computer}")
        who = both.replace("{who}", who).replace("{computer}", report.looked_on)
    took = ""
    if report.started_at is not None:
        seconds = (report.looked_at - report.started_at).total_seconds()
        took = translate("Health", "took {time}").replace("{time}", formats.duration(seconds))
    asked = ""
    if report.asked_by and report.asked_by != report.looked_by:
        asked = translate("Health", "asked for by {who}").replace("{who}", report.asked_by)
    return formats.summary((words, who, asked, took))


def subject_words(subject: str) -> str:
    words = {
        "schema": translate("Health", "Database schema"),
        "backups": translate("Health", "Backups"),
        "runs": translate("Health", "Closings"),
        "chain": translate("Health", "Closed months untouched"),
        "drift": translate("Health", "Totals add up"),
        "alerts": translate("Health", "Alerts"),
        "disk": translate("Health", "Disk space"),
    }
    return words.get(subject, subject)


def level_badge(level: Level) -> Badge:
    words = {
        "ok": translate("Health", "OK"),
        "warning": translate("Health", "Attention"),
        "bad": translate("Health", "Not well"),
    }
    return Badge(words[level], TONES[level])


def condition_words(condition: Condition) -> str:
    """Its sentence; words of the program among its values are put into the language as well."""
    params = dict(condition.params)
    if "status" in params:
        params["status"] = run_status_words(str(params["status"])).lower()
    if "reason" in params:
        params["reason"] = retold(str(params["reason"])).rstrip(".")
    if "kind" in params:
        params["kind"] = alert_kind_words(str(params["kind"]).replace(" ", "_"))
    return sentence_of(StudioError(condition.code, **params))


def is_old(report: Report, now: datetime) -> bool:
    return report.looked_at is not None and now - report.looked_at > OLD
