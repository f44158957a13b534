"""PostgreSQL that belongs to this computer: started, shared and stopped by our programs."""

from studio_core.db.embedded.binaries import ServerBinaries, find_binaries
from studio_core.db.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer", "ServerBinaries", "find_binaries"]
