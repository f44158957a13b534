"""What each code means, in English, with what to do about it.

The desktop translates the template before it fills it in; the command line prints it as it is.
"""

from collections.abc import Mapping

SENTENCES: dict[str, str] = {
    # Money and dates as typed.
    "amount_empty": "Type an amount.",
    "amount_negative": "The amount cannot be negative. To give money back, record a refund.",
    "amount_zero": "The amount must be more than zero.",
    "amount_letters": "“{text}” is not an amount. Type it like 1.234,56 or 1234.56.",
    "amount_decimals": "An amount has at most two decimals: “{text}” has more.",
    "amount_grouping": "The thousands in “{text}” are not grouped by three. Type it like 1.234,56.",
    "amount_too_large": "The amount is larger than the books can hold (9.999.999.999,99).",
    "percent_out_of_range": "A percentage is a number from 0 to 100.",
    "month_malformed": "“{text}” is not a month. Type it like 2025-09.",
    "year_out_of_range": "The year must be between 2000 and 2100.",
    "month_out_of_range": "The month must be a number from 1 to 12.",
    "month_half_given": "Give both --year and --month, or neither for last month.",
    # Rules of the ledger.
    "month_closed": "The month {month} is closed. Date the entry in an open month, or reopen it.",
    "month_in_closing": "The month {month} is being closed right now. Try again in a moment.",
    "month_not_over": "The month {month} is not over yet, so it cannot be closed.",
    "month_already_closed": "The month {month} is already closed. Use force to close it again.",
    "month_not_closed": "The month {month} is not closed, so there is nothing to reopen.",
    "month_busy": "The month {month} is in use by {who}. Try again when that is finished.",
    "already_running": "A closing of {month} is already running.",
    "closing_unfinished": "A closing must be finished in one piece; half a month is never saved.",
    "closing_mismatch": "What left the month {month} is not what arrived ({table}). "
    "Nothing was moved.",
    "closed_out_of_order": "A month after {month} is closed already.",
    "closing_cancelled": "The closing was cancelled. Nothing was moved.",
    "no_such_extrato": "There is no extrato of {month}.",
    "no_such_version": "The extrato of {month} has no version {version}.",
    "reason_required": "Say why, in a few words.",
    "backup_missing": "The month {month} has no backup. Make one first: backup create.",
    "backup_unreadable": "The backup {name} cannot be read: {reason}. Make a new one.",
    "backup_corrupt": "The backup {name} is damaged ({reason}). Make a new one.",
    "backup_stale": "The backup {name} is not what the month {month} holds now ({table}). "
    "Make a new one.",
    "changed_during_backup": "Somebody changed the month {month} while its backup was written. "
    "Nothing was moved; close it once more.",
    "backup_wrong_month": "The backup {name} is of {found}, not of {month}.",
    "backup_exists": "Rows of the month {month} stand in this database already. "
    "Restore into an empty one.",
    "backup_foreign": "People of another studio stand in this database under the same numbers as "
    "those of {name}. Restore into an empty one.",
    "backup_revision": "The backup {name} was made by another version of the program "
    "({found}, here {expected}).",
    "backup_swapped": "The backup {name} is not the file on record: it is another backup, or was "
    "made anew.",
    "backup_cancelled": "The backup was cancelled. Nothing is left of it.",
    "full_backup_none": "There is no backup of the whole database yet. "
    "Make one first: backup full.",
    "full_backup_running": "A backup of the whole database is being made already.",
    "full_backup_not_allowed": "The login {login} may not back up the whole database. "
    "Run studio-jobs migrate with ADMIN_DATABASE_URL and DATABASE_URL set.",
    "table_not_readable": "The table {table} is not the program's own, and the backup may not "
    "read it. Grant studio_backup SELECT on it and USAGE on its schema, or keep it elsewhere.",
    "copy_dir_missing": "The backups cannot be copied: {path} is not there. Connect that disk, or "
    "change BACKUP_COPY_DIR.",
    "copy_differs": "The copy of the backup {name} in {path} is not what was written. "
    "That disk may be failing.",
    "copy_source_differs": "The backup {name} is not as it was made, and was not copied.",
    "drill_failed": "The trial restore of {name} failed. {reason}",
    "restore_differs": "What was restored from {name} is not what was backed up ({tables}).",
    "logins_differ": "{count} logins restored from {name} are not what was backed up.",
    "restore_not_empty": "The database {database} is in use. Restore into an empty one, "
    "or into a new one: name it in ADMIN_DATABASE_URL, and it is made.",
    "restore_needs_superuser": "The login {login} is no administrator (superuser) of the server, "
    "as a restore with all its roles needs. Name one in ADMIN_DATABASE_URL.",
    "migrate_needs_superuser": "The login {login} is no administrator (superuser) of the server, "
    "as setting a database up needs. Name one in ADMIN_DATABASE_URL.",
    "restore_server_older": "The backup comes from PostgreSQL {needed}, the server is {found}. "
    "Restore it on {needed} or newer.",
    "program_failed": "{program} did not succeed: {reason}.",
    "disk_full": "The disk is full: {path}. Free some room and try again.",
    "cannot_write": "Cannot write to {path}: {reason}.",
    "no_such_payment": "That payment does not exist any more.",
    "no_such_expense": "That expense does not exist any more.",
    "no_such_client": "That client does not exist any more.",
    "no_such_artist": "Choose an artist.",
    "already_voided": "That entry is already voided.",
    "imported_row": "An entry brought from the old system cannot be corrected; void it instead.",
    "booked_and_closed": "This was already booked, and its month has been closed since.",
    "request_reused": "This request was already used for something else. Start again.",
    "description_required": "Say what the money was spent on.",
    "name_required": "Type a name.",
    "method_unknown": "Choose how it was paid.",
    "category_unknown": "Choose a category.",
    "date_required": "Type a date.",
    "date_in_future": "The date is in the future.",
    "text_too_long": "This text is too long: at most {limit} characters.",
    "refund_too_large": "The refund is larger than what was paid ({limit}).",
    # People, clients, agenda.
    "phone_invalid": "“{text}” is not a phone number. Type it with the area code.",
    "cpf_invalid": "“{text}” is not a valid CPF.",
    "cpf_taken": "That CPF belongs to another client.",
    "email_invalid": "“{text}” is not an e-mail address.",
    "email_required": "Type the e-mail that they will sign in with.",
    "email_taken": "That e-mail belongs to somebody else.",
    "birth_date_future": "The birth date is in the future.",
    "session_collision": "{who} already has a session from {from_time} to {to_time}.",
    "ex_sessions_artist": "Another desk has just booked that artist at that time.",
    "ex_sessions_chair": "Another desk has just booked that chair at that time.",
    "ck_sessions_length": "A session lasts at most a day.",
    "ck_sessions_times": "A session must end after it starts.",
    "no_such_person": "That person does not exist any more.",
    "instagram_invalid": "“{text}” is not an Instagram name.",
    "flag_unknown": "Choose what the flag is about.",
    "no_such_flag": "That flag does not exist any more.",
    "last_owner": "The studio must keep at least one owner.",
    "login_too_long": "A password given like that lasts from now to at most {hours} hours.",
    "too_many_devices": "This person is signed in on {limit} devices already. "
    "Sign out on one of them.",
    "device_missing": "The device has no name of its own. This is a fault.",
    "no_own_password": "You signed in with Google, and have no password here to change.",
    "pin_malformed": "A PIN has {shortest} to {longest} digits, and nothing else.",
    "pin_too_simple": "That PIN is too easy to guess. Choose digits that do not follow each other.",
    "pin_not_a_hash": "The PIN was not prepared for the database. This is a fault.",
    "pin_wait": "Too many wrong PINs. Try again in {seconds} seconds.",
    "password_weak": "The password is too weak: use at least {length} characters, "
    "not only your name or e-mail.",
    # Programs and databases.
    "server_too_old": "The database server is PostgreSQL {found}; {oldest} or newer is needed.",
    "login_without_access": "Only an active person with an e-mail and an access can sign in.",
    "password_not_a_verifier": "The password was not prepared for the database. This is a fault.",
    "bad_setting": "The setting {name} is wrong: {reason}.",
    "bad_settings": "{problems}",
    "secret_weak": "The setting {name} keeps no secret: {reason}. Make one with: "
    'python -c "import secrets; print(secrets.token_urlsafe(48))"',
    "setting_missing": "The setting {name} is missing. Set it in the environment or in .env.",
    "program_too_old": "This program ({version}) is older than the database allows "
    "({minimum}). Install the newer version.",
    "schema_too_new": "The database was set up by a newer program (revision {found}). "
    "Install the newer version.",
    "not_migrated": "The database is not set up for this program (revision {found}, "
    "expected {expected}). Run: studio-jobs migrate.",
    "setup_done": "The studio is already set up: {email} is its owner. "
    "Use --reset-owner for a new password.",
    "answer_missing": "{what} is missing, and nobody is there to type it. Give it by {option}.",
    "version_malformed": "“{text}” is not a version. Versions count 1, 2, 3.",
    "login_refused": "The database refuses the login {login}: the name or the password is wrong.",
    "login_without_group": "The login {login} is not in the group studio_jobs. "
    "Run studio-jobs migrate with ADMIN_DATABASE_URL and DATABASE_URL set.",
    "jobs_login_taken": "{login} is a group of the program and cannot be a login. "
    "Name another one in DATABASE_URL.",
    "scratch_not_allowed": "The login {login} may not make a database to prove things on. "
    "Set ADMIN_DATABASE_URL to an administrator's address.",
    "numbers_malformed": "{option}: “{text}” is not a number from 1 to 10,000,000. "
    "Type them like 100,10000.",
    # Reaching the database.
    "database_url_malformed": "The database address cannot be read. "
    "It looks like postgresql://user:password@host:5432/database.",
    "database_url_scheme": "A database address starts with postgresql://, not with {scheme}://.",
    "database_url_port": "“{port}” in the database address is not a port number.",
    "database_url_no_database": "The database address names no database. "
    "It looks like postgresql://user:password@host:5432/database.",
    "database_missing": "The database “{database}” does not exist on that server.",
    "database_unreachable": "The database does not answer. Check the network and the address.",
    "database_starting": "The database is starting or stopping. Try again in a moment.",
    "database_busy": "The database is too busy right now. Try again in a moment.",
    "database_read_only": "The database takes no changes right now. Try again in a moment.",
    "database_disk_full": "The database server's disk is full. Nothing was changed.",
    "no_primary": "None of the database servers takes changes right now. Try again in a moment.",
    "connection_lost": "The connection to the database was lost. Try again.",
    "connection_not_admitted": "The database server does not admit this computer or this user.",
    "server_without_tls": "The database server offers no encryption (TLS), "
    "which is required outside this computer.",
    "server_certificate": "The database server's certificate could not be verified.",
    "sign_in_refused": "The e-mail or the password is wrong, or access was withdrawn.",
    "password_must_change": "This is a one-time password. Sign in at the desk and choose your own.",
    "google_refused": "Google’s sign-in was not accepted. Sign in again; if that does not help, "
    "ask an owner whether this e-mail has access.",
    "google_unreachable": "Google does not answer. Try again in a moment, or sign in with e-mail "
    "and password.",
    "google_not_configured": "This studio does not use Google to sign in. "
    "Sign in with e-mail and password.",
    "sign_in_not_configured": "This server is not set up for signing in over HTTP "
    "(JWT_SECRET_KEY).",
    "token_refused": "The token is missing, has expired or was revoked. Sign in again.",
    "too_many_tries": "Too many tries. Wait {minutes} min and try again.",
    "no_such_page": "That is not where a page of this list ended. Start again without after.",
    "body_too_large": "That is too much at once: at most {limit} bytes.",
    "server_busy": "The server has too much to do right now. Try again in a moment.",
    "server_without_scram": "The database server lets people in without a SCRAM password. "
    "Set scram-sha-256 in its pg_hba.conf.",
    "extension_missing": "The database server lacks the extension “{extension}”. "
    "Install PostgreSQL's contrib package there.",
    "unlock_empty": "Type what unlocks your desk.",
    "unlock_refused": "That does not unlock this desk.",
    "not_allowed": "You are not allowed to do that.",
    "lock_timeout": "Somebody else is changing the same entry. Try again in a moment.",
    "try_again": "Two changes met at the same moment, and yours was not made. Try again.",
    "took_too_long": "That took too long and was stopped. Nothing was changed.",
    "constraint_unique": "That exists already ({constraint}).",
    "constraint_exclusion": "That overlaps with what exists already ({constraint}).",
    "constraint_check": "A value is outside what is allowed ({constraint}).",
    "constraint_not_null": "A value is missing ({constraint}).",
    "constraint_foreign_key": "That is still in use elsewhere, or does not exist any more "
    "({constraint}).",
    "changed_elsewhere": "Somebody else changed this meanwhile. Reload it and choose.",
    "database_no_answer": "The database did not answer in time. Try again in a moment.",
    "database_login_refused": "The database refuses the program's own login. "
    "Check DATABASE_URL where the server's jobs run.",
    # The server's jobs.
    "serve_port_taken": "Nothing can listen on {host}, port {port}: {reason}. "
    "Set SERVE_HOST and SERVE_PORT.",
    "serve_certificate_unusable": "The certificate {certificate} and its key {key} cannot be used: "
    "{reason}.",
    "extrato_overdue": "The month {month} should be closed by now and is not.",
    "chore_monthly_closing": "Monthly closing ({what})",
    "chore_daily_backup": "Daily backup ({what})",
    "chore_backup_copies": "Copies of backups ({what})",
    "chore_old_backups": "Tidying of backups ({what})",
    "chore_weekly_drill": "Weekly drill ({what})",
    "chore_health": "Look at the studio's health ({what})",
    "chore_clean_up": "Clean-up ({what})",
    "chore_failed": "{chore} failed: {reason}",
    "chore_given_up": "{chore} failed {tries} times and is not tried again before a restart: "
    "{reason}",
    "unexpected": "Something went wrong that should not have. "
    "The log has the details under {correlation_id}.",
    "request_interrupted": "The closing was interrupted several times. Nothing was moved.",
    "no_server_closes": "No server program is running that closes months. "
    "Start studio-jobs serve on the server, then try again.",
    "refused_because": "It was refused: {reason}",
    "took_too_long_to_answer": "The answer took too long. Try again in a moment.",
    # Alerts.
    "slow_query": "{milliseconds} ms (limit {threshold} ms) at {route}: {statement}",
    "alert_test": "This is a test of the alerts.",
    "slack_slow_query": "Slow query: {milliseconds} ms (limit {threshold} ms), {count} × at "
    "{route} of {program}: {statement} (log: {correlation_id})",
    "slack_alert": "{kind}{about}. See Administration, or the log under {correlation_id}.",
    "slack_more": "… and {count} more, in Administration.",
    "webhook_timeout": "Slack did not answer in time.",
    "webhook_refused": "Slack's address refuses the connection.",
    "webhook_dns": "Slack's address is not known to the network.",
    "webhook_tls": "The connection to Slack could not be encrypted, "
    "or its certificate is not valid.",
    "webhook_unreachable": "The connection to Slack broke, or could not be made.",
    "webhook_3xx": "Slack's address leads elsewhere ({status}). Set ALERT_SLACK_WEBHOOK_URL anew.",
    "webhook_4xx": "Slack does not take the message ({status}). "
    "Perhaps ALERT_SLACK_WEBHOOK_URL is not valid any more.",
    "webhook_5xx": "Slack has trouble of its own ({status}).",
    # Bringing data over.
    "legacy_source": "The old system's database: {reason}",
    "legacy_not_found": "That database is not the old system's: it lacks {missing}.",
    "import_running": "An import is already running.",
    "csv_missing": "The file {path} cannot be read: {reason}.",
    "csv_empty": "The file {name} holds no lines.",
    "csv_no_header": "The first line of {name} names no column for the client's name. "
    "It must say which column is which, like: Nome;Telefone;E-mail.",
    "csv_not_text": "The file {name} is not a text file with separated columns.",
    "csv_too_large": "The file {name} is too large: at most {limit} are read.",
    "csv_columns": "The line has {found} columns, but the first line names {expected}.",
    "csv_field_long": "The line holds a text that is far too long, or a quotation mark too many.",
    "csv_repeated": "It is the same client as in line {line}.",
    "csv_known": "{name} is here already.",
    "csv_yes_or_no": "“{text}” is neither yes nor no.",
    "date_invalid": "“{text}” is not a date. Type it like 31/12/1990.",
    "csv_bad_lines": "{count} lines of {name} are wrong. Mend them, or import only the others.",
    # Whether all is well.
    "health_schema": "The schema is at revision {revision}, as this program needs it.",
    "health_schema_other": "The schema is at revision {found}, this program needs {expected}. "
    "Run: studio-jobs migrate.",
    "health_nothing_closed": "No month has been closed yet.",
    "health_backup_verified": "The backup of {month} is whole, and equal to the closed month.",
    "health_backups": "The backups of all {count} closed months are in their place.",
    "health_backup_gone": "The backup {name} of the closed month {month} is gone. "
    "Put it back, or make a new one: backup create.",
    "health_backup_none": "The month {month} was closed without a backup.",
    "health_full": "The newest backup of the whole database, {name}, is {hours} hours old.",
    "health_full_none": "There is no backup of the whole database yet.",
    "health_full_old": "The newest backup of the whole database, {name}, is {hours} hours old, "
    "more than a day.",
    "health_full_gone": "The backup of the whole database {name} is gone.",
    "health_full_changed": "The file {name} is not the backup of the whole database that was made. "
    "Make a new one: backup full.",
    "health_drill": "A backup was restored for a trial {days} days ago, and held everything.",
    "health_drill_none": "No backup of the whole database was ever restored for a trial.",
    "health_drill_old": "The last trial restore was {days} days ago, more than a week.",
    "health_drill_failed": "The trial restore of {name} failed: {reason}.",
    "health_one_place": "Backups are in one place alone ({folder}). "
    "Name a folder on another disk in BACKUP_COPY_DIR.",
    "health_copied": "The backups are copied to {folder}.",
    "health_not_copied": "{count} backups of more than a day ago are not copied to {folder}.",
    "health_run": "The last run, {run} of {month}, ended: {status}.",
    "health_run_none": "No closing has run yet.",
    "health_run_failed": "The last run of {month} (number {run}) {status}: {reason}.",
    "health_month_open": "The month {month} is over and not closed.",
    "health_chain": "All {count} extratos and their rows are as they were closed.",
    "tampered_row": "The month {month} was changed after its closing: {table}, row {row} "
    "(version {version}).",
    "tampered_rows": "The month {month} was changed after its closing: rows of {table} are missing "
    "or were added (version {version}).",
    "tampered_header": "The month {month} was changed after its closing: totals or digest of "
    "version {version}.",
    "tampered_chain": "The chain of extratos breaks before {month}, version {version}: "
    "an extrato is missing or was moved.",
    "tampered_stray": "The month {month} is closed, but a row stands where none may: {table}, "
    "row {row}.",
    "tampered_state": "The month {month} is closed without its extrato, or has one and is open.",
    "health_no_drift": "The totals of {count} closed months are what their rows add up to.",
    "health_drift": "The totals of {month} are not what its rows add up to: {what}.",
    "health_no_alerts": "No alert in the last {days} days.",
    "health_slow_queries": "{count} slow queries in the last {days} days.",
    "health_alerts": "{count} alerts of “{kind}” in the last {days} days, which nobody has seen.",
    "health_database_size": "The database takes {size}.",
    "health_running": "Somebody is looking at the studio's health already.",
    "health_interrupted": "The look at the studio's health was interrupted.",
    "health_room": "{setting} has {free} free ({folder}).",
    "health_no_room": "{setting} has only {free} free ({folder}). Make room.",
    # The server on this computer.
    "postgres_not_found": "PostgreSQL was not found on this computer. Install it, or name its "
    "bin folder in {variable}.",
    "postgres_bin_wrong": "{variable} names {folder}, which holds no PostgreSQL server.",
    "postgres_too_old": "PostgreSQL {found} is too old: {minimum} or newer is needed.",
    "client_missing": "The programs pg_dump and pg_restore of PostgreSQL {major} or newer were not "
    "found. Install them (postgresql-client-{major}), or name their folder in {variable}.",
    "client_without_tls": "The programs pg_dump and pg_restore that were found know no TLS. "
    "Install others (postgresql-client-{major}), or name their folder in {variable}.",
    "server_of_major_missing": "A server of PostgreSQL {major} was not found on this computer. "
    "Install it (postgresql-{major}), or name its bin folder in {variable}.",
    "server_in_use": "Another program uses the database in {folder}. Close it and try again.",
    "server_other_version": "The data in {folder} belong to PostgreSQL {found}, but this program "
    "brings {expected}. Nothing was touched: use the program they were made with, make a full "
    "backup, and restore it here.",
    "server_folder_foreign": "The folder {folder} is not a database of this program. "
    "Choose another folder.",
    "server_folder_private": "The database server runs as {user}, who may not enter {folder}. "
    "Choose another data folder, or run: chmod o+x {folder}",
    "server_no_account": "PostgreSQL does not run as root, and none of these users exist: {users}.",
    "server_password_missing": "The password file {path} is missing, so the database beside it "
    "cannot be opened.",
    "server_lock_busy": "Another program has been starting or stopping the database for long "
    "({path}). Try again.",
    "demo_folder_taken": "The folder {folder} holds a studio that is not the demo. "
    "Choose another folder.",
    "server_not_created": "The database could not be created: {reason}.",
    "server_not_started": "The database server did not start: {reason}.",
    "server_not_stopped": "The database server did not stop: {reason}.",
}


def sentence(code: str, params: Mapping[str, object]) -> str:
    """The English sentence of a code; a code without one is shown as it is, never hidden."""
    template = SENTENCES.get(code)
    if template is None:
        return f"{code} {dict(params)}" if params else code
    return template.format_map(_Lenient(params))


class _Lenient(dict[str, object]):
    """A missing value leaves its name in the sentence; a refusal must never fail to be said."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
