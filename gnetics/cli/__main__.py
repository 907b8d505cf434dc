"""`python -m gnetics.cli`."""

from __future__ import annotations

import sys

from gnetics.cli import main

sys.exit(main())
