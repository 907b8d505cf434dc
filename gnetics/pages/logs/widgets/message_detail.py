"""The detail of a mail, with its thread and its answer."""

from __future__ import annotations

from gnetics.pages.logs.widgets.log_detail import LogDetail


class MessageDetail(LogDetail):
    """`entry` is mail_rows.detail, `around` the mails of the same exchange."""

    source = "message_detail.vue"
