"""How are words about a person kept so that destroying one key makes them unreadable for ever?"""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.tables import CustomerKeyRow

KEY_BITS = 256
KEY_ID_BYTES = 8
NONCE_BYTES = 12
MASTER_KEY = "arrears_master_key"  # the engine's execution option under which the master key travels
_OPENED = "arrears_customer_keys"  # keys unwrapped in this session, by account


class MasterKeyMissing(RuntimeError):
    """Something private was to be written or read, and the database was opened without the master key."""


def seal(session: Session, account_no: str, plaintext: bytes) -> bytes:
    """Return *plaintext* under the customer's own key, which is made when there is none.

    The ciphertext names its key and holds for this account alone.
    """
    key_id, key = _key_of(session, account_no) or _new_key(session, account_no)
    return key_id + _encrypt(key, plaintext, about=account_no)


def unseal(session: Session, account_no: str, sealed: bytes) -> bytes | None:
    """Return the plaintext; none once the key it was sealed under has been destroyed.

    Raises:
        cryptography.exceptions.InvalidTag: the ciphertext was changed, or belongs to another account.
    """
    held = _key_of(session, account_no)
    if held is None or held[0] != sealed[:KEY_ID_BYTES]:
        return None
    return _decrypt(held[1], sealed[KEY_ID_BYTES:], about=account_no)


def destroy(session: Session, account_no: str) -> None:
    """Destroy the customer's key: whatever was sealed under it is redacted, and every hash stands."""
    session.exec(delete(CustomerKeyRow).where(col(CustomerKeyRow.account_no) == account_no))
    _opened(session).pop(account_no, None)


def _key_of(session: Session, account_no: str) -> tuple[bytes, bytes] | None:
    opened = _opened(session)
    if account_no not in opened:
        row = session.exec(select(CustomerKeyRow).where(CustomerKeyRow.account_no == account_no)).one_or_none()
        if row is None:
            return None
        opened[account_no] = (row.key_id, _decrypt(_master(session), row.wrapped, about=account_no))
    return opened[account_no]


def _new_key(session: Session, account_no: str) -> tuple[bytes, bytes]:
    key_id, key = os.urandom(KEY_ID_BYTES), AESGCM.generate_key(KEY_BITS)
    wrapped = _encrypt(_master(session), key, about=account_no)
    session.add(CustomerKeyRow(account_no=account_no, key_id=key_id, wrapped=wrapped))
    session.flush()
    _opened(session)[account_no] = (key_id, key)
    return key_id, key


def _opened(session: Session) -> dict[str, tuple[bytes, bytes]]:
    opened: dict[str, tuple[bytes, bytes]] = session.info.setdefault(_OPENED, {})
    return opened


def _master(session: Session) -> bytes:
    master = session.connection().get_execution_options().get(MASTER_KEY)
    if not isinstance(master, bytes):
        raise MasterKeyMissing("the database was opened without the master key that personal notes are kept under")
    return master


def _encrypt(key: bytes, plaintext: bytes, *, about: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, about.encode())


def _decrypt(key: bytes, ciphertext: bytes, *, about: str) -> bytes:
    return AESGCM(key).decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], about.encode())
