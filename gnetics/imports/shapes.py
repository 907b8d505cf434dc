"""Exports of other programs, recognised by their headers: which of their columns is which of our fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gnetics.domain.sheets import header_key


@dataclass(frozen=True)
class Shape:
    """`signs` are headers that only this export has, all of them; `columns` is {header: field, "" for none}.

    `program` is whose its numbers are, so that those of two programs are never taken for the same contact.
    """

    label: str
    signs: frozenset[str]
    columns: dict[str, str]
    program: str = ""

    def field_of(self, header: str) -> str | None:
        return self.columns.get(header_key(header))


def _shape(label: str, signs: str, program: str = "", **fields: str) -> Shape:
    """Headers separated by « | »; several headers of one field are read in that order until one is filled."""
    columns = {header_key(header): key for key, headers in fields.items() for header in headers.split("|")}
    names = {key: "" if key == "nothing" else key for key in fields}
    return Shape(label, frozenset(map(header_key, signs.split("|"))), {header: names[key] for header, key in columns.items()}, program)


SHAPES: tuple[Shape, ...] = (
    _shape(
        "Google Contacts",
        "E-mail 1 - Value|Phone 1 - Value|Given Name",
        name="Family Name", first_name="Given Name", nothing="Name",
        company="Organization 1 - Name|Organization Name", job_title="Organization 1 - Title|Organization Title",
        email="E-mail 1 - Value|E-mail 2 - Value|E-mail 3 - Value", phone="Phone 1 - Value|Phone 2 - Value|Phone 3 - Value",
        notes="Notes", tags="Group Membership|Labels",
    ),
    _shape(
        "Google Contacts",
        "E-mail 1 - Value|Phone 1 - Value|First Name",
        name="Last Name", first_name="First Name", company="Organization Name", job_title="Organization Title",
        email="E-mail 1 - Value|E-mail 2 - Value|E-mail 3 - Value", phone="Phone 1 - Value|Phone 2 - Value|Phone 3 - Value",
        notes="Notes", tags="Labels",
    ),
    _shape(
        "Outlook",
        "E-mail Address|Business Phone|Last Name",
        name="Last Name", first_name="First Name", company="Company", job_title="Job Title",
        email="E-mail Address|E-mail 2 Address|E-mail 3 Address",
        phone="Mobile Phone|Business Phone|Company Main Phone|Business Phone 2|Home Phone|Other Phone",
        notes="Notes", tags="Categories", nothing="Title|Priority|Location",
    ),
    _shape(
        "Outlook",
        "Adresse de messagerie|Téléphone bureau|Nom",
        name="Nom", first_name="Prénom", company="Société", job_title="Titre|Fonction",
        email="Adresse de messagerie|Adresse de messagerie 2|Adresse de messagerie 3",
        phone="Tél. mobile|Téléphone mobile|Téléphone bureau|Téléphone société|Téléphone domicile",
        notes="Notes", tags="Catégories",
    ),
    _shape(
        "HubSpot",
        "Record ID|Lifecycle Stage",
        program="hubspot", foreign_key="Record ID", name="Last Name", first_name="First Name", email="Email",
        phone="Mobile Phone Number|Phone Number", company="Company Name|Associated Company", job_title="Job Title",
        status="Lead Status|Lifecycle Stage", owner="Contact owner", source="Original Source", created_at="Create Date",
        last_contact="Last Contacted|Last Activity Date", notes="Message",
    ),
    _shape(
        "Salesforce",
        "Lead Owner|Lead Status|Company / Account",
        program="salesforce", foreign_key="Lead ID", name="Last Name", first_name="First Name", company="Company / Account",
        job_title="Title", email="Email", phone="Mobile|Phone", status="Lead Status", source="Lead Source",
        owner="Lead Owner", created_at="Create Date|Created Date",
        last_contact="Last Activity", notes="Description",
    ),
    _shape(
        "Salesforce",
        "ISDELETED|OWNERID|STAGENAME|CLOSEDATE",
        program="salesforce", foreign_key="ID", name="NAME", notes="DESCRIPTION", amount="AMOUNT", probability="PROBABILITY",
        expected_close="CLOSEDATE", next_action="NEXTSTEP", status="STAGENAME", source="LEADSOURCE",
        created_at="CREATEDDATE", last_contact="LASTACTIVITYDATE",
        nothing="STATUS|ERROR",
    ),
    _shape(
        "Salesforce",
        "ISDELETED|OWNERID|BILLINGSTREET",
        program="salesforce", foreign_key="ID", company="NAME", phone="PHONE", notes="DESCRIPTION", created_at="CREATEDDATE",
        last_contact="LASTACTIVITYDATE", nothing="STATUS|ERROR|SITE|TYPE",
    ),
    _shape(
        "Pipedrive",
        "Person - Name",
        program="pipedrive", foreign_key="Person - ID", name="Person - Name", company="Person - Organization|Organization - Name",
        email="Person - Email - Work|Person - Email|Person - Email - Home|Person - Email - Other",
        phone="Person - Phone - Mobile|Person - Phone - Work|Person - Phone|Person - Phone - Home|Person - Phone - Other",
        owner="Person - Owner", tags="Person - Label|Person - Labels", created_at="Person - Person created",
        last_contact="Person - Last activity date", next_follow_up="Person - Next activity date", job_title="Person - Job title",
        notes="Person - Notes",
    ),
    _shape(
        "Zoho",
        "Record Id|Lead Owner|Lead Status",
        program="zoho", foreign_key="Record Id", name="Last Name", first_name="First Name", company="Company",
        job_title="Title|Designation", email="Email|Secondary Email", phone="Mobile|Phone", status="Lead Status",
        source="Lead Source", owner="Lead Owner", created_at="Created Time",
        last_contact="Last Activity Time", notes="Description", tags="Tag", nothing="Lead Owner Id|Rating",
    ),
    _shape(
        "atomic-crm",
        "first_seen|last_seen|has_newsletter",
        program="atomic", foreign_key="id", name="last_name", first_name="first_name", job_title="title", company="company|company_name",
        email="email_work|email_home|email_other", phone="phone_work|phone_home|phone_other", notes="background",
        created_at="first_seen", last_contact="last_seen", tags="tags", owner="sales", nothing="status",
    ),
)  # fmt: skip
PROGRAMS = frozenset(shape.program for shape in SHAPES if shape.program)


def shape_of(headers: Iterable[str]) -> Shape | None:
    """The export these headers come from."""
    found = {header_key(header) for header in headers}
    return next((shape for shape in SHAPES if shape.signs <= found), None)
