"""PostgreSQL that belongs to this computer: started, shared and stopped by our programs."""

from studio_core.db.embedded.binaries import Binaries, find_binaries
from studio_core.db.embedded.server import EmbeddedServer

__all__ = ["Binaries", "EmbeddedServer", "find_binaries"]
