"""Which mentions tell of one event: within an article, across articles, and by people's corrections.

``profiles`` and ``features`` say what is compared, ``scoring`` how sure it makes, ``blocking`` what is
compared at all, ``clustering`` what follows; ``merger`` does it in a store, ``corrections`` and
``explaining`` let people see and mend it, ``copies`` finds articles that repeat each other.
"""
