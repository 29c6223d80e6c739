"""The one kind of error that relgraph raises for bad input: what, where, and what to do about it."""


class RelgraphError(Exception):
    """Input that can't be used, told so that the reader can mend it.

    Args:
        subject: the file, store or query at fault, as the user would name it.
        problem: what is wrong with it, as a clause without a full stop.
        remedy: what the user can do about it, as a clause without a full stop.

    >>> str(RelgraphError("a.txt", "the file is empty", "remove it or put a text into it"))
    'a.txt: the file is empty; remove it or put a text into it'
    """

    def __init__(self, subject: object, problem: str, remedy: str) -> None:
        self.subject = str(subject)
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{self.subject}: {problem}; {remedy}")
