#!/bin/sh
# Backs last month up and closes it, as the crontab beside this file calls it; studio_cron.sh says
# what its environment and its exit codes mean.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
exec "$here/studio_cron.sh" extrato run --with-backup
