"""Whether vectors can be found that a store should hold: a count says nothing of that.

They are looked for by themselves, spread evenly over the catalog. The graph of a store is
approximate, so that a few out of reach are no damage; many are where a graph has too few neighbors
for texts that are alike but for a number or a name, of which it makes islands.
"""

from index.catalog import Catalog
from index.vectors import Vectors

_FEW, _SOME, _MANY = 3, 20, 200
"""Vectors that are looked for: at every opening, after a change, and to tell how many are lost."""
_THIN = 0.02
"""A share of lost vectors. Of a thousand texts alike but for a number, a graph of 32 neighbors each
lost .03 to .16 in five trials, and one of 64 none."""


def trouble(vectors: Vectors, catalog: Catalog, revision: int) -> str | None:
    """What is wrong with vectors that were made or changed, or None.

    Args:
        vectors: that are open.
        catalog: the truth.
        revision: that they should hold.
    """
    return vectors.check(catalog.sample(_SOME, revision))


def trouble_at_once(vectors: Vectors, catalog: Catalog, revision: int) -> str | None:
    """What is wrong with vectors that were found to work when they were made, or None.

    A few are looked for, and where one is not found as many as then: of few, one says nothing, and
    stores that are made again for it would be found to work.

    Args:
        vectors: that are open.
        catalog: the truth.
        revision: that they should hold.
    """
    few = vectors.check(catalog.sample(_FEW, revision))
    return few and trouble(vectors, catalog, revision)


def is_thin(vectors: Vectors, catalog: Catalog, revision: int) -> bool:
    """Whether a denser graph would have more of the vectors found.

    Args:
        vectors: that are open.
        catalog: the truth.
        revision: that they should hold.
    """
    if vectors.is_dense or not vectors.lost(catalog.sample(_SOME, revision)):
        return False
    sample = catalog.sample(_MANY, revision)
    return len(vectors.lost(sample)) > _THIN * len(sample)
