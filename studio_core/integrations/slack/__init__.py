"""Slack, by incoming webhook: alerts for whoever looks after the studio."""
