"""What the CRM speaks of: fields, statuses, dates, money, phones, rights; no store, no screen."""
