"""How can a call to another system fail: shall it be tried again, or can it never be?"""


class Outage(Exception):
    """The system could not be reached or did not say what it did: timeout, 429, 5xx, connection lost. Try again.

    `str()` of it names system, call and cause, never an account's owner.
    """

    def __init__(self, system: str, call: str, cause: str) -> None:
        super().__init__(system, call, cause)
        self.system = system
        self.call = call
        self.cause = cause

    def __str__(self) -> str:
        return f"{self.system} did not answer {self.call}: {self.cause}"


class Rejected(Exception):
    """The system understood and says that it can never be done so; trying again changes nothing.

    *slug* is stable for machines (`unknown-account`, `closed-account`, `unknown-payment`, `already-returned`,
    `duplicate-trace`, `bad-amount`, `key-used-otherwise`, `unknown-order`, `no-such-order-type`, …), *detail* one
    sentence for a person.
    """

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(slug, detail)
        self.slug = slug
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.detail} [{self.slug}]"
