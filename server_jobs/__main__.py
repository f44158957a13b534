"""`python -m server_jobs` is `studio-jobs`."""

import sys

from server_jobs.cli import main

sys.exit(main())
