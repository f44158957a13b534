"""Seeing what happens: log files and the id that follows one action through them."""

from studio_core.observability.correlation import correlation, correlation_id
from studio_core.observability.logs import configure_logging, get_logger
from studio_core.observability.route import at_route

__all__ = ["at_route", "configure_logging", "correlation", "correlation_id", "get_logger"]
