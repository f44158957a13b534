"""The people who work at the demo studio."""

from dataclasses import dataclass
from decimal import Decimal

STUDIO_NAME = "Estúdio Pedra & Nanquim"
CHAIRS = ("Maca 1", "Maca 2", "Maca 3", "Maca 4", "Maca 5")
DOMAIN = "estudio.example"


@dataclass(frozen=True, slots=True)
class Member:
    """One person. hour_rate: what an hour with this artist costs; 0 for those who draw nothing.

    day_off: 0 is Monday; everyone is off on Sundays as well.
    """

    name: str
    login: str | None
    access: str | None
    commission_percent: Decimal = Decimal(0)
    colour: int = 0
    hour_rate: int = 0
    day_off: int = 6

    @property
    def email(self) -> str | None:
        return f"{self.login}@{DOMAIN}" if self.login else None

    @property
    def is_artist(self) -> bool:
        return self.hour_rate > 0


OWNER = Member("Helena Prado", "helena", "owner", colour=6)
MANAGER = Member("Otávio Lins", "otavio", "manager", colour=7)
RECEPTIONIST = Member("Camila Teixeira", "camila", "reception", colour=7)

# One of the six is off on each working day, so five chairs are enough.
ARTISTS = (
    Member("Rafael Monteiro", "rafael", "artist", Decimal(50), 0, 260, 0),
    Member("Bianca Yamada", "bianca", "artist", Decimal(55), 1, 300, 1),
    Member("Diego Farias", "diego", "artist", Decimal(45), 2, 220, 2),
    Member("Lívia Sampaio", "livia", "artist", Decimal("52.50"), 3, 280, 3),
    # Learns the trade: paid by the month, so without commission, and without a login of her own.
    Member("Nina Albuquerque", None, None, Decimal(0), 4, 150, 4),
    Member("Thiago Bastos", "thiago", "artist", Decimal(60), 5, 340, 5),
)

MEMBERS = (OWNER, MANAGER, RECEPTIONIST, *ARTISTS)
