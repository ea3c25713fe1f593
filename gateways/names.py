"""What is each effect called on the wire, in faults and in logs, and which effects does each system know?"""

from collections.abc import Mapping
from types import MappingProxyType

from gateways.agency import PlaceAccount, RecallAccount, TellDirectPayment
from gateways.billing import Adjust, Charge, IssueFinalBill, PostPayment, ReturnPayment, SpareLateFees
from gateways.court import FileClaim, FileEvent
from gateways.field import CancelOrder, CreateOrder, DispatchOrder, RemindOrder
from gateways.mail import SendLetter
from gateways.messages import SendMessage
from gateways.money_out import ApplyDeposit, CorrectInstrument, EndAutopay, Refund, RestoreRefund, SetInstrument

EFFECTS: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        "billing": {
            "post_payment": PostPayment,
            "return_payment": ReturnPayment,
            "charge": Charge,
            "adjust": Adjust,
            "final_bill": IssueFinalBill,
            "spare_late_fees": SpareLateFees,
            "set_instrument": SetInstrument,
            "end_autopay": EndAutopay,
            "correct_instrument": CorrectInstrument,
            "refund": Refund,
            "restore_refund": RestoreRefund,
            "apply_deposit": ApplyDeposit,
        },
        "field": {"create_order": CreateOrder, "dispatch": DispatchOrder, "cancel": CancelOrder, "remind": RemindOrder},
        "mail": {"send": SendLetter},
        "messages": {"message": SendMessage},
        "agency": {"place": PlaceAccount, "recall": RecallAccount, "direct_payment": TellDirectPayment},
        "court": {"file_claim": FileClaim, "file_event": FileEvent},
    }
)

_NAMES = {kind: name for effects in EFFECTS.values() for name, kind in effects.items()}


def effect_name(kind: type) -> str:
    """Return the name of the effects of *kind*, which is that of the method that asks for them."""
    return _NAMES[kind]
