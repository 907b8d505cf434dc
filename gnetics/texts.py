"""French sentences of actions, and whatever is said in more than one place; labels live in their .vue.

Ordinary spaces here; typography.spaced makes them French, for messages in `App.notify`.
"""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 3  # in a message

UNEXPECTED = "Erreur inattendue (réf. {reference}). Vos saisies sont conservées ; prévenez le support en citant cette référence."
REFRESHED = "À jour à {time}"
NOTHING_NEW = "Rien de nouveau : vous voyez déjà les dernières données."
REFRESHED_CHANGES = "Données rechargées : {count} ligne(s) mise(s) à jour."
DROPPED = "{count} modification(s) de session abandonnée(s) ; les données enregistrées sont rechargées."
ANOTHER_STORE = (
    "La base a été restaurée ou remplacée : cette page montre encore celle d’avant, et rien ne s’y enregistre. Notez ce que vous avez en "
    "cours, puis cliquez sur « Rafraîchir »."
)
ANOTHER_STORE_READ = "La base a été restaurée ou remplacée : tout est relu. Vérifiez ce que vous veniez d’enregistrer."
OWN_STORE_READ = "Votre base est prête : elle remplace la démonstration, tout est relu."
LEAD_OF_ANOTHER_STORE = (
    "Ce contact n’est plus le même dans la base restaurée ou remplacée : rien n’a été enregistré, votre saisie est gardée. Copiez-la, "
    "puis cherchez le contact."
)
EVENT_OF_ANOTHER_STORE = (
    "Cet événement n’est plus dans la base restaurée ou remplacée : rien n’a été enregistré, votre saisie est gardée. Copiez-la, puis "
    "ajoutez l’événement."
)
CONTACT_OF_ANOTHER_STORE = "La base a été restaurée ou remplacée : choisissez de nouveau le contact."
SAVED = "« {title} » est enregistré."
SAVED_MERGED = "« {title} » est enregistré ; les changements faits entre-temps par d’autres ont été conservés."
SAVED_IN_SESSION = "« {title} » est modifié dans cette session seulement : la synchronisation est inactive."
CHANGED = "{title} : {what}."
ALSO_MERGED = " Les changements faits entre-temps par d’autres ont été conservés."
IN_SESSION = " Dans cette session seulement : la synchronisation est inactive."
NEXT_FOLLOW_UP = "prochaine relance le {day}"
NO_FOLLOW_UP = "sans prochaine relance"
SAVED_AND_GONE = "C’est enregistré. Ce contact n’est plus parmi ceux que vous voyez."
UNDONE = "C’est annulé : les valeurs d’avant sont rétablies."
UNDO_REFUSED = "Impossible d’annuler : quelqu’un a modifié depuis le même champ ({names})."
LEAD_DELETED = "« {title} » est dans la corbeille pour {days} jours."
LEAD_DELETED_IN_SESSION = "« {title} » est retiré de cette session seulement : la synchronisation est inactive."
MERGED = "{count} fiches n’en font plus qu’une : « {title} »."
FOLLOW_UPS_STOPPED = "Les relances de ce contact sont arrêtées."
MERGE_UNDONE = "La fusion est annulée : chaque fiche est revenue avec ce qui était à elle."
KEPT_SINCE = "Modifié depuis, et conservé : {kept}."
LOT_CHANGED = "{count} modifié{s}."
LOT_DELETED = "{count} dans la corbeille pour 30 jours."
ERASING_NEEDS_SYNC = (
    "La synchronisation est inactive\u00a0: une personne s’efface pour toute l’équipe, ce n’est pas possible pour le moment. Demandez à "
    "votre administrateur d’activer l’enregistrement."
)
TEAM_ONLY = (
    "La synchronisation est inactive : changer plusieurs contacts à la fois, ou les fusionner, s’enregistre pour toute l’équipe et n’est "
    "pas possible pour le moment. Chaque contact se modifie toujours sur sa fiche, dans cette session."
)
NOTHING_TO_MERGE = "Il faut au moins deux fiches à comparer ; l’une d’elles vient peut-être d’être supprimée ou effacée."
LEAD_RESTORED = "« {title} » est de nouveau parmi les contacts."
LEADS_RESTORED = "{count} sont de nouveau dans la liste."
ADDRESS_TOO_LONG = (
    "Ce que vous cherchez est trop long pour l’adresse de la page : en la rechargeant ou en l’envoyant, on n’en retrouvera qu’une partie."
)
ADDRESS_NOT_FOLLOWED = "Cette adresse est trop longue : la page n’en a suivi qu’une partie."
NOTHING_CHANGED = "Aucun changement à enregistrer."
UNKNOWN_LEAD = "Le contact « {ref} » n’existe pas ou n’existe plus."
FORM_FOLLOWS = "Ce contact vient d’être fusionné avec « {title} » : votre saisie est gardée. Sauvegardez de nouveau pour l’y enregistrer."
FORM_ORPHAN = "Ce contact vient d’être supprimé : votre saisie est gardée. Restaurez-le depuis la corbeille, puis sauvegardez de nouveau."
UNKNOWN_EVENT = "L’événement demandé n’existe pas ou n’existe plus."
ELSEWHERE = "un contact d’un autre responsable"
NOT_AVAILABLE = "n/d"
NO_STATUS = "Statut inconnu"
NO_OWNER = "Non attribué"
NO_AMOUNT = "sans montant"
FINISH_FORM = "Une fiche est en cours de saisie : sauvegardez ou annulez-la d’abord."
COPIED = "Copié."
NOT_COPIED = "Votre navigateur n’a pas voulu copier : sélectionnez le texte, puis Ctrl+C."
FINISH_NOTE = "Une note est en cours de saisie : ajoutez-la ou effacez-la d’abord."
NO_EVENT_TO_EXPORT = "Aucun événement à exporter ici."
FEED_REVOKED = "Plus aucun agenda ne suit votre calendrier."
EVENT_MOVED = "« {title} » est déplacé : {when}."
EVENT_MOVED_MEANWHILE = "« {title} » a été modifié entre-temps : il est montré comme il est maintenant, rien n’est changé."
EVENT_DELETED = "« {title} » est supprimé du calendrier."
INVITED = "Invitation : {count} à envoyer."
EVENT_DELETED_IN_SESSION = "« {title} » est retiré de cette session seulement : la synchronisation est inactive."
EVENT_DONE = "« {title} » est marqué comme fait."
EVENT_DONE_CONTACT = "« {title} » est marqué comme fait ; {lead} a un nouveau dernier contact."
EVENT_CANCELLED = "« {title} » est annulé."
EVENT_AS_BEFORE = "C’est annulé : l’événement est comme avant."
EVENT_TO_DO = "« {title} » est de nouveau à faire."
FINISH_MAIL = "Un message est en cours de rédaction : envoyez-le ou fermez-le d’abord, son brouillon est gardé."
UNKNOWN_MAIL = "Le message n°\u00a0{ref} n’existe pas ou n’existe plus."
UNKNOWN_FILE = "Cette pièce jointe n’est pas gardée, ou ne l’est plus."
MAIL_OF_ANOTHER = "Ce message n’est pas de ce contact : retrouvez-le dans l’Inbox Log."
MAIL_LEAVES = "Le message part : son état se lit dans « Échanges »."
MAIL_LATER = "Le message partira le {when} ; il peut être rappelé jusque-là."
MAIL_REJECTED = "La proposition est rejetée : rien n’est parti. Vous pouvez encore répondre vous-même."
MAIL_CALLED_BACK = "L’envoi est annulé : le message est de nouveau un brouillon."
MAIL_SAID_SENT = "Le message est noté comme parti : il est dans « Échanges » et dans l’Inbox Log."
MAIL_ATTACHED = "Le message est rattaché à « {title} » ; les prochains de cette adresse le seront aussi."
DRAFT_KEPT = "Le brouillon est gardé : vous le retrouverez sur cette fiche."
VIEW_SAVED = "La vue « {name} » est enregistrée dans « Mes vues »."
VIEW_DELETED = "La vue « {name} » est supprimée."
OWN_LEADS = " · limité"  # after the role
OF_YOURS = " dont vous êtes responsable"  # after a count of contacts
RIGHTS_JUST_CHANGED = "Vos droits viennent de changer\u00a0: rechargez la page."
RIGHTS_CHANGED = "Vos droits ont changé\u00a0: les pages montrent maintenant ce que vous pouvez voir."
NAME_IN_LAB = 'Dites à JupyterLab qui vous êtes, par le nom de votre compte\u00a0: GNETICS_USER="Ana Lopès" make lab.'
READ_ONLY = "Votre rôle est «\u00a0lecture\u00a0»\u00a0: vous voyez tout, sans rien modifier."


def undone_but(sentence: str, kept: Sequence[object]) -> str:
    """The sentence of an undoing, with what was edited since and stays: the first few."""
    if not kept:
        return sentence
    named = " ; ".join(map(str, kept[:NAMED])) + (f" ; et {len(kept) - NAMED} autre(s)" if len(kept) > NAMED else "")
    return f"{sentence} {KEPT_SINCE.format(kept=named)}"


MAIL_NEEDS_SYNC = (
    "La synchronisation est inactive\u00a0: un message s’envoie ou se rattache pour toute l’équipe, et n’est donc pas possible. "
    "Ce que vous avez écrit reste ici."
)
