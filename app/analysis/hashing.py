"""Which data an answer is of, told by the data themselves.

A number that goes up with every change would tell strangers of changes that they may not see, and
would be another one in another database that holds the same.
"""

import hashlib

import numpy as np

from app.analysis.ground import SupplyGround


def hash_arrays(*arrays: np.ndarray) -> str:
    """Return sixteen letters and digits that are others for other numbers."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(str(array.shape).encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def hash_supply(supply: SupplyGround) -> str:
    """Return the same for the sites of a category, in whichever order they are."""
    order = np.lexsort((supply.places[:, 1], supply.places[:, 0]))
    served = np.zeros(0) if supply.served is None else supply.served[:, order].toarray()
    return hash_arrays(
        supply.places[order],
        supply.capacity[order],
        supply.owner[order],
        supply.is_area[order],
        supply.is_confirmed[order],
        served,
    )


def hash_words(*words: str) -> str:
    """Return sixteen letters and digits that are others for other words."""
    digest = hashlib.sha256()
    for word in words:
        said = word.encode()
        digest.update(len(said).to_bytes(4, "big") + said)
    return digest.hexdigest()[:16]


def hash_lines(*lines: str) -> str:
    """Return the SHA-256 of lines, which tells a question of its data from every other."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def choose_seed(*parts: str) -> int:
    """Return the seed that belongs to a question, so that the same one gives the same answer."""
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:8], "big")
