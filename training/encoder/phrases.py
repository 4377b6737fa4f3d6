def rows(rng):
    return []
