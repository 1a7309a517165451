"""Every table of the schema; imported as `tables as t`."""

from .base import Base
from .booking import Appointment, AppointmentAddOn, Booking, BookingRequest, BookingSession, Claim, Payment
from .calls import DeskTask
from .clinic import (
    AddOn,
    Clinic,
    Closure,
    HoursException,
    Resource,
    Service,
    ServiceGap,
    ServicePerformer,
    ServiceSession,
    StaffUser,
    TimeOff,
    WorkingHours,
)
from .people import Patient, PatientTrait, WaitlistEntry, WaitlistOffer
from .pins import Pin
from .plans import PlanSession, TreatmentPlan
from .records import AuditEntry, Message, Setting, UpkeepTurn

__all__ = [
    "AddOn",
    "Appointment",
    "AppointmentAddOn",
    "AuditEntry",
    "Base",
    "Booking",
    "BookingRequest",
    "BookingSession",
    "Claim",
    "Clinic",
    "Closure",
    "DeskTask",
    "HoursException",
    "Message",
    "Patient",
    "PatientTrait",
    "Payment",
    "Pin",
    "PlanSession",
    "Resource",
    "Service",
    "ServiceGap",
    "ServicePerformer",
    "ServiceSession",
    "Setting",
    "StaffUser",
    "TimeOff",
    "TreatmentPlan",
    "UpkeepTurn",
    "WaitlistEntry",
    "WaitlistOffer",
    "WorkingHours",
]
