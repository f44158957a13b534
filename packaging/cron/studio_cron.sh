#!/bin/sh
# Runs one command of studio-jobs for cron:  studio_cron.sh backup full
#
#   STUDIO_HOME  the folder with .env        (default: this file's own)
#   LOG_DIR      where the logs are written  (default: /var/log/tattoo-studio)
#   STUDIO_JOBS  the command                 (default: studio-jobs)
#
# Says nothing when all went well; otherwise what the command said, and its exit code:
# 1 failed and rolled back, 2 configuration, 4 refused by a rule, 75 already running.
# Everything is also in LOG_DIR/atomic_extrato_cron.log, one JSON object a line.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
home=${STUDIO_HOME:-$here}
LOG_DIR=${LOG_DIR:-/var/log/tattoo-studio}
export LOG_DIR
log=$LOG_DIR/atomic_extrato_cron.log

if [ "$#" -lt 2 ]; then
    echo "Name a command, as in: studio_cron.sh backup full" >&2
    exit 2
fi
# Of one command a second call ends at once; different ones do not wait for each other.
name=$(printf '%s_%s' "$1" "$2" | tr -c 'a-z0-9_' _)

cd -- "$home" || exit 2
mkdir -p -- "$LOG_DIR" || exit 2

tell() {
    # $1: the event, $2: its exit code or null. In the shape of the program's own lines.
    printf '{"time": "%s", "level": "info", "event": "%s", "job": "%s", "code": %s, "program": "cron", "pid": %s}\n' \
        "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$name" "$2" "$$" >>"$log"
}

# The lock goes with the process, however that ends.
exec 9>"$LOG_DIR/.studio_cron_$name.lock" || exit 2
if ! flock --nonblock 9; then
    tell cron_already_running 75
    echo "What was started earlier is still running: studio-jobs $1 $2" >&2
    exit 75
fi

tell cron_started null
said=$("${STUDIO_JOBS:-studio-jobs}" --scheduled "$@" 2>&1 9>&-)
code=$?
tell cron_ended "$code"
if [ "$code" -ne 0 ]; then
    printf '%s\n' "$said" >&2
fi
exit "$code"
