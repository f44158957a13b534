"""All models in one place, for the migrations and whoever compares them with the database."""

from studio_core.agenda import models as agenda
from studio_core.alerts import models as alerts
from studio_core.audit import models as audit
from studio_core.clients import models as clients
from studio_core.db.base import Base
from studio_core.extrato import models as extrato
from studio_core.ledger import models as ledger
from studio_core.legacy import models as legacy
from studio_core.people import models as people
from studio_core.settings import models as settings
from studio_core.stock import models as stock

MODELS = (agenda, alerts, audit, clients, extrato, ledger, legacy, people, settings, stock)
metadata = Base.metadata
