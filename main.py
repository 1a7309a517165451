"""Starts the program from a checkout, and from the frozen build."""

import sys

from clinic_scheduler.command_line import main

if __name__ == "__main__":
    sys.exit(main())
