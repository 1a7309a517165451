"""Clinic Scheduler: the appointment desk of a clinic."""

__version__ = "0.1.0"
