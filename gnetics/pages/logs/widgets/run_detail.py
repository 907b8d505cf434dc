"""The detail of an automation run."""

from __future__ import annotations

from gnetics.pages.logs.widgets.log_detail import LogDetail


class RunDetail(LogDetail):
    """`entry` is run_rows.detail, `around` the attempts of the same action."""

    source = "run_detail.vue"
