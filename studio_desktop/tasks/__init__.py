"""Work that must not stop the screen: the runner, long jobs and the change bus."""
