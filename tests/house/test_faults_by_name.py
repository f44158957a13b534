"""Which tests provoke which fault: a list to look things up in, held to the tests that exist.

Each fault is caused for real, on a real server; afterwards the month's rows are exactly as they
were or closed exactly once, the run's record says what happened, and the next run succeeds.
"""

import ast
from functools import cache

import pytest

import make

BY_NAME = {
    "server killed (immediate) during a batch, after the last batch": (
        "test_server_killed_leaves_the_month_as_it_was",
        "test_server_killed_for_longer_than_the_program_waits_leaves_a_run_that_died",
    ),
    "server killed during the commit": (
        "test_server_killed_during_the_commit_before_it_is_durable_leaves_the_month_as_it_was",
        "test_server_killed_during_the_commit_once_it_is_durable_is_recognised_as_done",
    ),
    "server killed while a backup is written": (
        "test_server_killed_while_a_backup_is_written_leaves_no_backup",
    ),
    "client killed (-9) at each step: begin, backup, every table, totals": (
        "test_client_killed_at_a_step_leaves_the_month_as_it_was",
    ),
    "client killed in the commit": (
        "test_client_killed_in_the_commit_and_noticed_leaves_the_month_as_it_was",
        "test_client_killed_in_the_commit_that_goes_on_is_recognised_as_done",
    ),
    "client killed in the middle of the backup's file": (
        "test_client_killed_in_the_middle_of_the_backups_file_leaves_no_backup",
        "test_clean_up_removes_what_broken_off_backups_left_and_not_what_is_being_written",
    ),
    "server that runs the scheduler killed or stopped in the middle": (
        "test_another_server_takes_over_from_one_that_was_killed",
        "test_sigterm_in_the_middle_of_a_closing_rolls_it_back",
    ),
    "connection cut between commit and answer: recognised as done, not repeated": (
        "test_connection_cut_between_commit_and_answer_is_recognised_as_done_and_not_repeated",
        "test_connection_cut_while_the_server_commits_is_recognised_as_done",
        "test_payment_whose_answer_was_cut_off_is_booked_once_when_it_is_sent_again",
    ),
    "connection cut before the commit": (
        "test_connection_cut_before_the_commit_arrives_leaves_the_month_as_it_was",
        "test_a_closing_whose_progress_is_cut_off_says_so",
    ),
    "disk full in the backup": ("test_disk_full_in_the_backup_is_said_and_leaves_no_half_file",),
    "disk full in the WAL, and under the tables": (
        "test_disk_full_in_the_wal_leaves_the_month_as_it_was",
        "test_disk_full_under_the_tables_is_said_and_leaves_the_month_as_it_was",
    ),
    "corrupt, truncated and forged backup": ("test_a_damaged_backup_closes_nothing",),
    "swapped backup": (
        "test_a_swapped_backup_is_told_by_its_month",
        "test_another_whole_backup_under_the_same_name_is_not_the_one_on_record",
    ),
    "stale backup": (
        "test_a_backup_older_than_any_change_is_stale",
        "test_a_backup_made_while_a_desk_types_is_stale_afterwards",
    ),
    "clock moved back over month end: the scheduler's": (
        "test_schedulers_clock_moved_back_over_month_end_after_the_closing_closes_nothing_more",
        "test_schedulers_clock_moved_back_over_month_end_before_the_closing_closes_once",
    ),
    "clock moved back over month end: the computers'": (
        "test_servers_clock_moved_back_while_it_runs_does_not_stop_it_from_looking",
        "test_databases_clock_moved_back_over_month_end_closes_nothing_early_and_nothing_twice",
    ),
    "zones with and without summer time: rows near midnight of the 1st": (
        "test_every_row_near_midnight_of_the_1st_belongs_to_the_month_on_the_studios_wall",
        "test_each_1st_of_each_zone_begins_where_its_date_begins",
    ),
    "zones with and without summer time: 02:00 that is missing or comes twice": (
        "test_a_month_is_closed_once_when_the_wall_first_shows_two_or_later",
        "test_the_bell_rings_when_the_wall_first_shows_two_or_later",
    ),
    "statement time-out": (
        "test_runaway_query_of_a_desk_is_ended_with_our_sentence",
        "test_statement_time_out_leaves_long_work_alone",
        "test_closing_ended_on_the_server_leaves_the_month_as_it_was",
    ),
    "lock time-out": (
        "test_lock_time_out_at_the_closings_last_step_names_who_is_in_the_way",
        "test_a_payment_that_waits_too_long_is_told_that_the_month_is_being_closed",
    ),
    "two closings of different months at once": (
        "test_two_months_close_at_once_and_the_chain_stays_one",
    ),
    "desk with a long transaction on the month": (
        "test_desk_with_a_long_transaction_is_named_from_a_second_connection_while_the_closing_waits",
    ),
    "desk frozen with an open transaction": (
        "test_desk_frozen_with_an_open_transaction_is_freed_by_the_database_and_the_closing_goes_on",
        "test_closing_waits_longer_than_a_frozen_desk_is_left_alone",
    ),
}


@cache
def _tests() -> frozenset[str]:
    return frozenset(
        node.name
        for path in (make.ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    )


@pytest.mark.parametrize("fault", BY_NAME)
def test_fault_is_provoked_by_tests_that_exist(fault: str) -> None:
    assert set(BY_NAME[fault]) - _tests() == set()
