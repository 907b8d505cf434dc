"""What a click on a value of the sheet opens."""

from __future__ import annotations

import pytest

from gnetics.domain.fields import BY_KEY
from gnetics.pages.contacts.sheet_rows import link


@pytest.mark.parametrize(
    ("email", "href"),
    [
        ("anne@atelier.example", "mailto:anne@atelier.example"),
        ("a&b?c=d@atelier.example", "mailto:a%26b%3Fc%3Dd@atelier.example"),
        ("Anne <anne@atelier.example>", "mailto:anne@atelier.example"),
    ],
)
def test_the_link_of_an_address_writes_to_it_alone(email: str, href: str) -> None:
    assert link(BY_KEY["email"], {"email": email, "email_check": "valide"}) == href
