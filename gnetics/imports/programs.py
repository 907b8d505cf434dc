"""What other programs call our fields, in the files that they export: a block a program, a kind of file and a language.

Headers are separated by « | ». `signs` are some that only this export has, all of them. Several headers of one field are in the
order in which they are preferred: a mobile before an office.

Beside each block stands where its titles were seen: a public repository and its file; or « public readers », programs that read or
write such files, found by what they say and not by their names; or « as users gave them », a case and nothing public. Programs whose
files nobody can show (Sellsy, Axonaut, noCRM, Lusha, HubSpot, Zoho and Salesforce in French…) are left to what titles.py knows.
"""

from __future__ import annotations

from collections.abc import Iterable

from gnetics.imports.shapes import Shape, shape
from gnetics.imports.titles import title_key

SHAPES: tuple[Shape, ...] = (
    # Google Contacts, until 2024: « Given Name »; since: « First Name », « Labels »: public readers
    shape(
        "Google Contacts",
        "E-mail 1 - Value|Phone 1 - Value|Given Name",
        name="Family Name", first_name="Given Name", nothing="Name",
        company="Organization 1 - Name|Organization Name", job_title="Organization 1 - Title|Organization Title",
        email="E-mail 1 - Value|E-mail 2 - Value|E-mail 3 - Value", phone="Phone 1 - Value|Phone 2 - Value|Phone 3 - Value",
        notes="Notes", tags="Group Membership|Labels",
    ),
    shape(
        "Google Contacts",
        "E-mail 1 - Value|First Name|Organization Name",
        name="Last Name", first_name="First Name", company="Organization Name", job_title="Organization Title",
        email="E-mail 1 - Value|E-mail 2 - Value|E-mail 3 - Value", phone="Phone 1 - Value|Phone 2 - Value|Phone 3 - Value",
        notes="Notes", tags="Labels",
    ),
    # Outlook: public readers
    shape(
        "Outlook",
        "E-mail Address|Business Phone|Last Name",
        name="Last Name", first_name="First Name", company="Company", job_title="Job Title|Profession",
        email="E-mail Address|E-mail 2 Address|E-mail 3 Address",
        phone="Mobile Phone|Business Phone|Business Phone 2|Company Main Phone|Primary Phone|Home Phone|Home Phone 2|Other Phone",
        notes="Notes", tags="Categories", nothing="Title|Priority|Location|Account",
    ),
    # Outlook in French: Polytechnique-org/platal, modules/carnet/outlook.inc.php; the civility and the function have the same title,
    # unless the function is « Titre1 », as users gave it
    shape(
        "Outlook",
        "Adresse de messagerie|Téléphone (bureau)|Prénom",
        name="Nom", first_name="Prénom", company="Société", job_title="Titre [2]|Titre1|Fonction|Profession",
        email="Adresse de messagerie|Adresse de messagerie 2|Adresse de messagerie 3",
        phone="Tél. mobile|Téléphone (bureau)|Téléphone 2 (bureau)|Téléphone société|Téléphone principal|Téléphone (domicile)"
        "|Téléphone 2 (domicile)|Téléphone (autre)",
        notes="Notes", tags="Catégories", nothing="Titre|Priorité|Emplacement|Compte|Responsable",
    ),
    # LinkedIn, Connections.csv below its notice: public readers; when one connected says nothing of a contact's creation
    shape(
        "LinkedIn",
        "First Name|Last Name|Position|Connected On",
        name="Last Name", first_name="First Name", company="Company", job_title="Position", email="Email Address", nothing="Connected On",
    ),
    # Thunderbird: mozilla/releases-comm-central, mail/locales/en-US/chrome/messenger/importMsgs.properties
    shape(
        "Thunderbird",
        "Display Name|Primary Email|Screen Name",
        name="Last Name", first_name="First Name", full_name="Display Name", company="Organization|Organisation", job_title="Job Title",
        email="Primary Email|Secondary Email", phone="Mobile Number|Work Phone|Home Phone", notes="Notes",
    ),
    # in French: thunderbird/thunderbird-l10n and, before, mozilla-l10n/firefox-l10n, fr/mail/chrome/messenger/importMsgs.properties;
    # in between « Adresse électronique principale »: public readers
    shape(
        "Thunderbird",
        "Nom à afficher|Nom de l’écran|Tél. professionnel",
        name="Nom de famille", first_name="Prénom", full_name="Nom à afficher", company="Société", job_title="Profession|Titre",
        email="Adresse e-mail principale|Adresse électronique principale|Première adresse électronique|Adresse e-mail secondaire"
        "|Adresse électronique secondaire|Deuxième adresse électronique",
        phone="Portable|Tél. professionnel|Tél. personnel", notes="Notes",
    ),
    # HubSpot: public readers; a deal has the people associated with it in one cell, as users gave it
    shape(
        "HubSpot",
        "Record ID|Deal Name|Deal Stage",
        program="hubspot", joined=True, deal="Deal Name", full_name="Associated Contact", company="Associated Company",
        stage="Deal Stage", owner="Deal owner", amount="Amount", currency="Currency", probability="Deal probability",
        expected_close="Close Date", created_at="Create Date", last_contact="Last Activity Date", notes="Deal Description",
        nothing="Record ID",
    ),
    shape(
        "HubSpot",
        "Record ID|Lifecycle Stage",
        program="hubspot", foreign_key="Record ID", name="Last Name", first_name="First Name", email="Email|Work email",
        phone="Mobile Phone Number|Phone Number", company="Company Name|Associated Company", job_title="Job Title",
        status="Lead Status|Lifecycle Stage", owner="Contact owner", source="Original Source", created_at="Create Date",
        last_contact="Last Contacted|Last Activity Date", notes="Message",
    ),
    # Salesforce, reports: public readers; the first also as users gave it
    shape(
        "Salesforce",
        "Lead Owner|Lead Status|Company / Account",
        program="salesforce", foreign_key="Lead ID", name="Last Name", first_name="First Name", company="Company / Account",
        job_title="Title", email="Email", phone="Mobile|Phone", status="Lead Status", source="Lead Source",
        owner="Lead Owner", created_at="Create Date|Created Date",
        last_contact="Last Activity", notes="Description",
    ),
    shape(
        "Salesforce",
        "Opportunity Name|Opportunity Owner|Close Date",
        program="salesforce", joined=True, deal="Opportunity Name", company="Account Name", full_name="Contact Name|Primary Contact",
        stage="Stage", owner="Opportunity Owner", amount="Amount", currency="Amount Currency", probability="Probability (%)",
        expected_close="Close Date", created_at="Created Date", source="Lead Source", next_action="Next Step", notes="Description",
        nothing="Opportunity ID",
    ),
    # Salesforce, the Data Loader: forcedotcom/dataloader, src/test/resources/sample/data/opportunityData.csv, sample/data/accountData.csv
    # and, for « STATUS », src/main/nsis/samples/status/success0413060133.csv
    shape(
        "Salesforce",
        "ISDELETED|OWNERID|STAGENAME|CLOSEDATE",
        program="salesforce", joined=True, foreign_key="ID", deal="NAME", notes="DESCRIPTION", amount="AMOUNT", probability="PROBABILITY",
        expected_close="CLOSEDATE", next_action="NEXTSTEP", stage="STAGENAME", source="LEADSOURCE",
        created_at="CREATEDDATE", last_contact="LASTACTIVITYDATE",
        nothing="STATUS|ERROR",
    ),
    shape(
        "Salesforce",
        "ISDELETED|OWNERID|BILLINGSTREET",
        program="salesforce", foreign_key="ID", company="NAME", phone="PHONE", notes="DESCRIPTION", created_at="CREATEDDATE",
        last_contact="LASTACTIVITYDATE", nothing="STATUS|ERROR|SITE|TYPE",
    ),
    # Pipedrive: « Entity - Field », in each language: public readers, in English and French
    shape(
        "Pipedrive",
        "Deal - Title|Deal - Contact person",
        program="pipedrive", joined=True, foreign_key="Person - ID|Deal - Contact person ID", deal="Deal - Title",
        full_name="Deal - Contact person", company="Deal - Organization", amount="Deal - Value",
        currency="Deal - Currency of Value|Deal - Currency", stage="Deal - Stage", status="Deal - Status", owner="Deal - Owner",
        probability="Deal - Probability", expected_close="Deal - Expected close date", created_at="Deal - Deal created",
        lost_reason="Deal - Lost reason", tags="Deal - Label", last_contact="Deal - Last activity date",
        next_follow_up="Deal - Next activity date", nothing="Deal - ID",
        email="Person - Email - Work|Person - Email|Person - Email - Home|Person - Email - Other",
        phone="Person - Phone - Mobile|Person - Phone - Work|Person - Phone|Person - Phone - Home|Person - Phone - Other",
    ),
    shape(
        "Pipedrive",
        "Affaire - Titre|Affaire - Personne à contacter",
        program="pipedrive", joined=True, foreign_key="Personne - ID", deal="Affaire - Titre", full_name="Affaire - Personne à contacter",
        company="Affaire - Organisation", amount="Affaire - Valeur", currency="Affaire - Devise de Valeur|Affaire - Devise",
        stage="Affaire - Étape", status="Affaire - Statut", owner="Affaire - Propriétaire", probability="Affaire - Probabilité",
        expected_close="Affaire - Date de clôture prévue", created_at="Affaire - Affaire créée",
        lost_reason="Affaire - Raison de perte|Affaire - Raison de la perte", tags="Affaire - Étiquette", nothing="Affaire - ID",
        email="Personne - E-mail - Travail|Personne - E-mail|Personne - E-mail - Domicile|Personne - E-mail - Autre",
        phone="Personne - Téléphone - Mobile|Personne - Téléphone - Travail|Personne - Téléphone|Personne - Téléphone - Domicile"
        "|Personne - Téléphone - Autre",
    ),
    shape(
        "Pipedrive",
        "Person - Name",
        program="pipedrive", foreign_key="Person - ID", full_name="Person - Name", first_name="Person - First name",
        name="Person - Last name", company="Person - Organization|Organization - Name",
        email="Person - Email - Work|Person - Email|Person - Email - Home|Person - Email - Other",
        phone="Person - Phone - Mobile|Person - Phone - Work|Person - Phone|Person - Phone - Home|Person - Phone - Other",
        owner="Person - Owner", tags="Person - Label|Person - Labels", created_at="Person - Person created",
        last_contact="Person - Last activity date", next_follow_up="Person - Next activity date",
        job_title="Person - Job title|Person - Title", notes="Person - Notes",
    ),
    shape(
        "Pipedrive",
        "Personne - Nom",
        program="pipedrive", foreign_key="Personne - ID", full_name="Personne - Nom", first_name="Personne - Prénom",
        name="Personne - Nom de famille", company="Personne - Organisation|Organisation - Nom",
        email="Personne - E-mail - Travail|Personne - E-mail|Personne - E-mail - Domicile|Personne - E-mail - Autre",
        phone="Personne - Téléphone - Mobile|Personne - Téléphone - Travail|Personne - Téléphone|Personne - Téléphone - Domicile"
        "|Personne - Téléphone - Autre",
        owner="Personne - Propriétaire", tags="Personne - Étiquette|Personne - Étiquettes",
        created_at="Personne - Personne créée", job_title="Personne - Intitulé du poste|Personne - Titre du poste|Personne - Poste",
        notes="Personne - Notes|Personne - Note",
    ),
    # Zoho CRM: public readers; « Title.id » is the number of who or what stands under « Title »
    shape(
        "Zoho",
        "Record Id|Deal Name|Closing Date",
        program="zoho", joined=True, foreign_key="Contact Name.id", deal="Deal Name", full_name="Contact Name", company="Account Name",
        stage="Stage", owner="Deal Owner", amount="Amount|Expected Revenue", currency="Currency",
        probability="Probability (%)|Probability", expected_close="Closing Date", next_action="Next Step", source="Lead Source",
        created_at="Created Time", last_contact="Last Activity Time", tags="Tag",
        notes="Description", nothing="Record Id|Deal Owner.id",
    ),
    shape(
        "Zoho",
        "Record Id|Lead Owner|Lead Status",
        program="zoho", foreign_key="Record Id", name="Last Name", first_name="First Name", full_name="Lead Name|Full Name",
        company="Company", job_title="Title|Designation", email="Email|Secondary Email", phone="Mobile|Phone", status="Lead Status",
        source="Lead Source", owner="Lead Owner", created_at="Created Time",
        last_contact="Last Activity Time", notes="Description", tags="Tag", nothing="Lead Owner.id|Rating",
    ),
    shape(
        "Zoho",
        "Record Id|Contact Owner|Account Name",
        program="zoho", foreign_key="Record Id", name="Last Name", first_name="First Name", full_name="Contact Name|Full Name",
        company="Account Name", job_title="Title", email="Email|Secondary Email", phone="Mobile|Phone|Home Phone|Other Phone",
        source="Lead Source", owner="Contact Owner", created_at="Created Time", last_contact="Last Activity Time",
        notes="Description", tags="Tag", nothing="Contact Owner.id",
    ),
    # Odoo: odoo/odoo, addons/crm/i18n/fr.po, which has the names of the fields of crm.lead, and their English and French titles;
    # « ID externe », « E-mail », « Clôture prévue » as users gave them. A lead with several tags goes on in the rows below
    shape(
        "Odoo",
        "contact_name|partner_name|email_from",
        program="odoo", continued=True, foreign_key="id", deal="name", full_name="contact_name", company="partner_name",
        email="email_from", phone="mobile|phone", job_title="function", stage="stage_id|stage_id/name", owner="user_id|user_id/name",
        amount="expected_revenue", probability="probability", expected_close="date_deadline", tags="tag_ids|tag_ids/name",
        source="source_id|source_id/name", lost_reason="lost_reason_id|lost_reason_id/name", created_at="create_date", notes="description",
    ),
    shape(
        "Odoo",
        "Opportunity|Contact Name|Salesperson",
        program="odoo", continued=True, foreign_key="External ID|ID", deal="Opportunity", full_name="Contact Name",
        company="Company Name|Customer", email="Email", phone="Mobile|Phone", job_title="Job Position", stage="Stage", owner="Salesperson",
        amount="Expected Revenue", probability="Probability", expected_close="Expected Closing", tags="Tags", source="Source",
        lost_reason="Lost Reason", created_at="Created on", notes="Notes",
    ),
    shape(
        "Odoo",
        "Opportunité|Nom du contact|Vendeur",
        program="odoo", continued=True, foreign_key="ID externe|Identifiant|ID", deal="Opportunité", full_name="Nom du contact",
        company="Nom de la société|Client", email="E-mail|Email", phone="Mobile|Téléphone", job_title="Poste|Fonction", stage="Étape",
        owner="Vendeur", amount="Revenu espéré|Revenus espérés", probability="Probabilité",
        expected_close="Clôture prévue|Date de fermeture prévue",
        tags="Étiquettes", source="Source", lost_reason="Motif de la perte|Raison de la perte", created_at="Créé le", notes="Notes",
    ),
    # Dolibarr, exports of contacts and of third parties: Dolibarr/dolibarr, htdocs/core/modules/modSociete.class.php (export_fields_array),
    # htdocs/langs/fr_FR/companies.lang and main.lang; « État » is a code, 0 or 1; the number of a third party is no contact's
    shape(
        "Dolibarr",
        "Code civilité|Poste/fonction|Raison sociale",
        program="dolibarr", foreign_key="Identifiant contact|Id contact", name="Nom", first_name="Prénom", company="Raison sociale",
        job_title="Poste/fonction", email="E-mail|Email", phone="Mobile|Téléphone|Téléphone [2]", created_at="Date création",
        notes="Note publique|Note privée", nothing="Code civilité|État|État [2]|Identifiant société|Id société",
    ),
    shape(
        "Dolibarr",
        "Nom alternatif|Maison mère|Code client",
        company="Nom", email="Email", phone="Téléphone", owner="Login du commercial", created_at="Date création",
        notes="Note publique|Note privée", nothing="ID|État|Nom alternatif|Maison mère|Client|Fournisseur",
    ),
    # Dolibarr, list of contacts: as users gave it
    shape(
        "Dolibarr",
        "Nom / Libellé|Prénom|Tiers",
        program="dolibarr", foreign_key="ID|Id", name="Nom / Libellé", first_name="Prénom", company="Tiers", job_title="Poste/Fonction",
        email="Email", phone="Tél portable|Tél pro|Tél perso", created_at="Date création", notes="Note publique|Note privée",
        nothing="Civilité|État|Statut",
    ),
    # Dolibarr, what its own import reads: the same files (import_fields_array); « Title (field) »: public readers
    shape(
        "Dolibarr",
        "Nom du tiers (s.nom)",
        company="Nom du tiers (s.nom)", email="Email (s.email)", phone="Mobile (s.phone_mobile)|Téléphone (s.phone)",
        owner="Commercial (s.fk_user)", notes="Note publique (s.note_public)|Note privée (s.note_private)",
        created_at="Date création (s.datec)",
        nothing="État (s.status)|Nom alternatif (s.name_alias)",
    ),
    # Apollo: public readers
    shape(
        "Apollo",
        "First Name|Last Name|Email Status|Work Direct Phone|Corporate Phone",
        name="Last Name", first_name="First Name", job_title="Title", company="Company Name|Company|Company Name for Emails", email="Email",
        phone="Mobile Phone|Work Direct Phone|Corporate Phone|Home Phone|Other Phone", owner="Contact Owner", stage="Stage", tags="Lists",
        last_contact="Last Contacted", nothing="Account Owner",
    ),
    # Mautic, in each language: mautic/mautic, app/bundles/CoreBundle/Helper/ExportHelper.php writes the names of the fields, which are in
    # app/bundles/LeadBundle/Model/FieldModel.php; « title » is the civility
    shape(
        "Mautic",
        "firstname|lastname|position|points",
        program="mautic", foreign_key="id", name="lastname", first_name="firstname", company="company", job_title="position",
        email="email", phone="mobile|phone", stage="stage", nothing="title|attribution",
    ),
    # EspoCRM, CSV, in each language: espocrm/espocrm, application/Espo/Tools/Export/Format/Csv/Processor.php writes the names of the
    # attributes
    shape(
        "EspoCRM",
        "emailAddress|phoneNumber|assignedUserName|createdAt",
        program="espocrm", foreign_key="id", name="lastName", first_name="firstName", full_name="name", company="accountName",
        job_title="title", email="emailAddress", phone="phoneNumber", status="status", source="source", owner="assignedUserName",
        amount="opportunityAmount", currency="opportunityAmountCurrency", created_at="createdAt", notes="description",
    ),
    # EspoCRM, XLSX: application/Espo/Tools/Export/Format/Xlsx/PhpSpreadsheetProcessor.php writes the titles of
    # application/Espo/Modules/Crm/Resources/i18n/en_US/Lead.json; « Email Address » and « Phone Number » as users gave them
    shape(
        "EspoCRM",
        "Account Name|Assigned User|Created At",
        program="espocrm", foreign_key="ID", name="Last Name", first_name="First Name", full_name="Name", company="Account Name",
        job_title="Title", email="Email Address|Email", phone="Phone Number|Phone", status="Status", source="Source", owner="Assigned User",
        amount="Opportunity Amount", created_at="Created At", notes="Description",
    ),
    # in French: application/Espo/Modules/Crm/Resources/i18n/fr_FR/Lead.json and application/Espo/Resources/i18n/fr_FR/Global.json
    shape(
        "EspoCRM",
        "Nom du compte|Utilisateur assigné|Nom de famille|Email",
        program="espocrm", foreign_key="ID", name="Nom de famille", first_name="Prénom", full_name="Nom", company="Nom du compte",
        job_title="Titre", email="Email", phone="Téléphone", status="Statut", source="Source", owner="Utilisateur assigné",
        amount="Montant en jeu de l’opportunité", created_at="Date de création", notes="Description",
    ),
    # SuiteCRM: salesagility/SuiteCRM, include/export_utils.php and modules/Leads/language/en_us.lang.php; « Assigned User » is a number
    shape(
        "SuiteCRM",
        "Account Name|Office Phone|Lead Source|Last Name",
        program="suitecrm", foreign_key="ID", name="Last Name", first_name="First Name", full_name="Name|Full Name", company="Account Name",
        job_title="Title", email="Email Address", phone="Mobile|Office Phone|Home Phone|Other Phone", status="Status", source="Lead Source",
        owner="Assigned to", amount="Opportunity Amount", created_at="Date Created", notes="Description", nothing="Assigned User",
    ),
    # in French: SuiteCRM/Translations, translations/fr_FR/modules/Leads/language/fr_FR.lang.php (« Origine du lead »: QuickCRM/
    # SuiteCRM-French-Translation, modules/Leads/language/fr_FR.lang.php)
    shape(
        "SuiteCRM",
        "Nom du compte|Téléphone du bureau|Adresse électronique|Nom de famille",
        program="suitecrm", foreign_key="ID", name="Nom de famille", first_name="Prénom", company="Nom du compte",
        job_title="Intitulé du poste", email="Adresse électronique", phone="Téléphone mobile|Téléphone du bureau|Téléphone (domicile)"
        "|Autre téléphone", status="Statut", source="Origine du prospect|Origine du lead", owner="Assigné à", deal="Nom Affaire",
        amount="Montant Affaire", created_at="Date de création", notes="Description", nothing="Utilisateur assigné",
    ),
    # Twenty: twentyhq/twenty, packages/twenty-front/src/modules/, object-record/record-index/export/hooks/useRecordIndexExportRecords.ts
    # (« Field / Part ») and settings/data-model/constants/CompositeFieldSubFieldLabel.ts; of a company, it has the number alone
    shape(
        "Twenty",
        "Name / First Name|Name / Last Name",
        program="twenty", foreign_key="Id", name="Name / Last Name", first_name="Name / First Name",
        email="Emails / Primary Email|Emails / Additional Emails", phone="Phones / Primary Phone Number", job_title="Job Title",
        created_at="Creation date", nothing="Company Id",
    ),
    # Frappe CRM: frappe/crm, crm/fcrm/doctype/crm_lead/crm_lead.json, written by frappe/frappe, frappe/desk/reportview.py;
    # « Lead Name » as users gave it
    shape(
        "Frappe",
        "Lead Owner|Mobile No|Organization",
        program="frappe", foreign_key="ID", name="Last Name", first_name="First Name", full_name="Full Name|Lead Name",
        company="Organization", job_title="Job Title", email="Email", phone="Mobile No|Phone", status="Status", source="Source",
        owner="Lead Owner", created_at="Created On",
    ),
    # atomic-crm: marmelab/atomic-crm, src/components/atomic-crm/contacts/contacts_export.csv
    shape(
        "atomic-crm",
        "first_seen|last_seen|has_newsletter",
        program="atomic", foreign_key="id", name="last_name", first_name="first_name", job_title="title", company="company|company_name",
        email="email_work|email_home|email_other", phone="phone_work|phone_home|phone_other", notes="background",
        created_at="first_seen", last_contact="last_seen", tags="tags", owner="sales", nothing="status",
    ),
)  # fmt: skip
PROGRAMS = frozenset(each.program for each in SHAPES if each.program)


def shape_of(headers: Iterable[str]) -> Shape | None:
    """The export these headers come from."""
    found = {title_key(header) for header in headers}
    return next((each for each in SHAPES if each.signs <= found), None)
