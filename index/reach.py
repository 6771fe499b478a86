"""Whether vectors can be found that a store should hold: a count says nothing of that.

They are looked for by themselves, spread evenly over the catalog. The graph of a store is
approximate, so that a few out of reach are no damage; many are where a graph has too few neighbors
for texts that are alike but for a number or a name, of which it makes islands.
"""

from collections.abc import Callable

from index.catalog import Catalog
from index.vectors import Vectors

_FEW, _SOME, _MANY = 3, 20, 200
"""Vectors that are looked for: at every opening, after a change, and to tell how many are lost."""
_THIN = 0.02
"""A share of lost vectors. Of a thousand texts alike but for a number, a graph of 32 neighbors each
lost .03 to .16 in five trials, and one of 64 none."""


Judge = Callable[[Vectors, Catalog, int], str | None]
"""Says what is wrong with open vectors that should hold a revision of the catalog, or None."""


def trouble(vectors: Vectors, catalog: Catalog, revision: int) -> str | None:
    """What is wrong with vectors; see `Judge`."""
    return vectors.check(catalog.sample(_SOME, revision))


def trouble_at_once(vectors: Vectors, catalog: Catalog, revision: int) -> str | None:
    """What is wrong with vectors that were found to work before; see `Judge`.

    A few are looked for, and where one is not found as many as then: of few, one says nothing, and
    stores that are made again for it would be found to work.
    """
    few = vectors.check(catalog.sample(_FEW, revision))
    return few and trouble(vectors, catalog, revision)


def trouble_of_new(vectors: Vectors, catalog: Catalog, revision: int) -> str | None:
    """What is wrong with vectors that were made or changed; see `Judge`.

    Where one is not found it is looked closer, since a denser graph may have more of them found.
    """
    some = catalog.sample(_SOME, revision)
    if vectors.is_dense:
        return vectors.check(some)
    if vectors.check(some, most=0.0) is None:
        return None
    return vectors.check(catalog.sample(_MANY, revision), most=_THIN)
