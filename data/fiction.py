"""Who lives in Demo City, and where? Names, streets and shops that were all made up for it."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

ENGLISH_FIRST = (
    "Abel Ada Alva Anselm Beryl Bodil Clem Cora Dag Delphine Edda Elias Esme Fern Gideon Greta Hollis Ingrid Isla "
    "Jasper Kai Lena Linus Mabel Marit Nell Odell Orla Otto Pearl Quinn Rhea Rufus Selma Signe Thea Tor Una Verna "
    "Wes Xia Yusuf Zoë Åsa Søren Renée Chang Pa Amina Hodan Bilal Farah Mai Tou"
).split()
ENGLISH_LAST = (
    "Ashgrove Bellweather Birkdale Castleton Dunmarrow Eastwick Fairlight Fjeldbo Grönqvist Halvarsen Inglenook "
    "Kettleby Lindqvist Larkspur Marrowby Mosskin Nightingall Oakhollow Pendrake Quillfeather Ravensby Skogmo "
    "Thistlewood Underlund Vinterdal Wexcombe Yarrowell Æbelund Müllerhof Lôvancourt Warsamo Xiongvue Hersimo Vangtao"
).split()
SPANISH_FIRST = (
    "Álvaro Amparo Benjamín Concepción Dulce Efraín Inés Íñigo Jesús José Lucía María Martín Noemí Óscar Pilar "
    "Ramón Sofía Tomás Úrsula Verónica Xóchitl Yolanda Zacarías"
).split()
SPANISH_LAST = (
    "Arroyuelo Cañadas Colmenarejo Espadaña Fontanal Gorriónez Higuerón Labrañez Montealto Nogaleda Olmedilla "
    "Peñalver Quebradas Riofrío Salvatierra Torrijano Valdehuerta Ybáñez Zarzamora"
).split()
SHOP_FIRST = (
    "Two Herons|Copper Kettle|Blue Lantern|Old Orchard|Paper Boat|Three Wrens|Tin Whistle|Red Barn Door|Silver Thread|"
    "Quiet Harbor|Wandering Goat|Seven Elms|Café Olé|Señor Pino|Little Anvil|Half Moon"
).split("|")
SHOP_LAST = (
    "Bakery|Barber Shop|Bookbinders|Car Wash|Clinic|Coffee|Dry Cleaners|Florist|Laundromat|Machine Works|Nursery|"
    "Print Shop|Storage|Taquería|Tavern|Upholstery"
).split("|")
LANDLORDS = (
    "Ashgrove Homes LP|Fontanal Property Group|Kettleby Rentals LLC|Mosskin Apartments LLC|Olmedilla Leasing Co"
).split("|")
STREETS = (
    "Acorn Hollow Rd|Bittern Ln|Cobbler St|Dragonfly Ct|Ember Ave|Foxglove Dr|Gable St|Heron Lake Rd|Inkwell Way|"
    "Juniper Bend|Kingbird Ave|Lantern St|Millwheel Rd|Nutmeg Ln|Otter Creek Dr|Pinwheel Ave|Quarry Steps|"
    "Rosehip Cir|Sandpiper Ct|Tanager St"
).split("|")
QUARTERS = ("NE", "NW", "SE", "SW")
TOWN = "Demo City MN 55999"


def draw(rng: Random) -> float:
    """Return the next of the numbers that Python promises to be the same in every version for one seed.

    `choice`, `randint` and `shuffle` carry no such promise, so all chance here is drawn through this function.
    """
    return rng.random()


def between(rng: Random, low: int, high: int) -> int:
    """Return a whole number from *low* through *high*."""
    return low + int(draw(rng) * (high - low + 1))


def pick(rng: Random, among: Sequence[T]) -> T:
    return among[between(rng, 0, len(among) - 1)]


def chance(rng: Random, percent: int) -> bool:
    return between(rng, 1, 100) <= percent


def shuffled(rng: Random, items: Sequence[T]) -> list[T]:
    """Return *items* in an order drawn from *rng*."""
    keyed = [(draw(rng), place) for place in range(len(items))]
    return [items[place] for _, place in sorted(keyed)]


def person(rng: Random, *, spanish: bool) -> str:
    if spanish:
        return f"{pick(rng, SPANISH_FIRST)} {pick(rng, SPANISH_LAST)}"
    return f"{pick(rng, ENGLISH_FIRST)} {pick(rng, ENGLISH_LAST)}"


def shop(rng: Random) -> str:
    return f"{pick(rng, SHOP_FIRST)} {pick(rng, SHOP_LAST)}"


def phone(rng: Random) -> str:
    """Return a number of the block 555-0100 to 555-0199, which is kept free for fiction."""
    return f"507-555-01{between(rng, 0, 99):02d}"


def address(rng: Random, taken: set[str]) -> str:
    """Return an address that nobody has yet, and note it in *taken*."""
    while True:
        found = f"{between(rng, 100, 4999)} {pick(rng, STREETS)} {pick(rng, QUARTERS)}"
        if found not in taken:
            taken.add(found)
            return found
