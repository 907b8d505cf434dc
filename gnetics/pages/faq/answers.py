"""The help: what the product does, as its users ask it. Ordinary spaces here; typography.spaced makes them French."""

# ruff: noqa: E501 - a paragraph stays in one piece
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A question and its paragraphs; `page` is where it is done, under `go`; `also` are words people search it by."""

    key: str
    question: str
    paragraphs: tuple[str, ...]
    page: str = ""
    go: str = ""
    query: tuple[tuple[str, str], ...] = ()
    also: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    icon: str
    answers: tuple[Answer, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        "Prendre en main",
        "mdi-compass-outline",
        (
            Answer(
                "produit",
                "Qu’est-ce que CRM GNETICS ?",
                (
                    "C’est l’endroit où une équipe commerciale tient ses contacts, suit ses affaires en cours et voit ce qu’elles deviennent. Chaque contact (on dit aussi « lead ») a une fiche avec son statut, son montant estimé, sa prochaine relance et tout ce qui s’est échangé avec lui.",
                    "Le Dashboard dit où vous en êtes, Contacts sert à travailler, le Calendrier à prendre rendez-vous, et les deux journaux montrent ce qui s’est fait tout seul et ce qui est arrivé par email.",
                ),
                "accueil",
                "Ouvrir l’Accueil",
                also="crm logiciel outil présentation",
            ),
            Answer(
                "accueil",
                "Comment revenir à l’accueil rapidement ?",
                (
                    "D’un clic sur « CRM GNETICS », tout en haut de la barre de gauche, depuis n’importe quelle page. Sur un téléphone, la barre s’ouvre d’abord avec le bouton ☰.",
                    "La page change sans se recharger, et le bouton Précédent du navigateur vous ramène où vous étiez.",
                ),
                "accueil",
                "Aller à l’Accueil",
                also="home retour menu barre latérale",
            ),
            Answer(
                "chercher",
                "Comment trouver un contact ou une page sans quitter le clavier ?",
                (
                    "Ctrl+K (⌘K sur un Mac) ouvre une recherche par-dessus la page : tapez quelques lettres d’un nom, d’une entreprise, d’un email, d’un téléphone ou d’un ID Lead, choisissez avec les flèches, validez avec Entrée.",
                    "Majuscules, accents et apostrophes n’ont pas d’importance : « elan » trouve « Élan ». Échap ferme une fenêtre ou un panneau et vous rend la place que vous aviez.",
                ),
                also="raccourci palette rechercher accents",
            ),
            Answer(
                "apparence",
                "Peut-on utiliser le CRM sur un téléphone, ou en mode sombre ?",
                (
                    "Oui. Toutes les pages tiennent dans un écran de téléphone : les tables y deviennent des fiches, et le menu se range derrière ☰.",
                    "L’icône en bas de la barre de gauche passe du thème clair au thème sombre ; votre navigateur retient ce choix. Sans choix de votre part, le CRM suit celui de votre ordinateur.",
                ),
                also="mobile nuit thème couleur affichage dark",
            ),
        ),
    ),
    Group(
        "Contacts",
        "mdi-account-multiple-outline",
        (
            Answer(
                "modifier",
                "Où puis-je modifier ou ajouter un contact ?",
                (
                    "Sur la page Contacts, et nulle part ailleurs. Un clic sur une carte ouvre la fiche, d’abord en lecture ; « Modifier » ouvre les champs et « Sauvegarder » les enregistre. « Ajouter un contact », en haut de la page, crée un nouveau lead.",
                    "Pour créer un contact, un nom, une entreprise ou un email suffit : son ID Lead lui est donné à l’enregistrement.",
                    "Le Calendrier, lui, permet d’ajouter et de modifier des événements. Dashboard, Dash Data, Automations Log et Inbox Log se consultent seulement : un nom de contact y mène à sa fiche.",
                ),
                "contacts",
                "Ajouter un contact",
                (("lead", "nouveau"),),
                also="créer éditer changer fiche nouveau lead",
            ),
            Answer(
                "cartes",
                "Pourquoi certaines cartes affichent-elles peu d’informations ?",
                (
                    "Parce que la fiche est encore incomplète. Le titre de la carte est alors ce qui est connu : le nom, sinon l’entreprise, sinon l’email, sinon l’ID Lead.",
                    "Ce qui manque s’y lit comme une chose à faire, « Compléter l’email » par exemple. Ouvrez la carte pour voir toute la fiche, puis « Modifier » pour la compléter.",
                ),
                "contacts",
                "Voir les contacts",
                also="vide incomplet champs manquants nom",
            ),
            Answer(
                "retrouver",
                "Comment retrouver des contacts, et garder une sélection ?",
                (
                    "Tapez dans la recherche de Contacts : les cartes suivent à chaque lettre. Elle regarde le nom, l’entreprise, l’email, le téléphone, l’ID Lead et les notes, sans tenir compte des accents, des majuscules ni de la façon d’écrire un numéro. « Filtres » ajoute le statut, la relance, la source, le responsable, les étiquettes, le montant, le score et les dates ; chaque choix montre combien il garde de contacts, et les chiffres de la sélection s’affichent à côté.",
                    "La même sélection se lit en Cartes, en Table (colonnes au choix, tri d’un clic sur le titre, une cellule se modifie par double-clic ou Entrée) ou en Pipeline (une colonne par statut avec son nombre et son montant ; glissez une carte, ou touche M, pour changer son statut).",
                    "« Mes vues » garde sous un nom les filtres, l’ordre, l’affichage et les colonnes ; vous êtes seul à voir les vôtres. L’adresse de la page les contient aussi : envoyez-la à un collègue.",
                ),
                "contacts",
                "Voir les contacts",
                also="chercher filtrer trier colonnes kanban vue enregistrée sélection téléphone accents étiquettes table pipeline",
            ),
            Answer(
                "par-statut",
                "Où voir les contacts regroupés par statut ?",
                (
                    "En bas de la page Contacts, sous les cartes : « Contacts par statut » présente une table pour chacun des huit statuts, avec tous les champs et le nombre de contacts. Celles qui ont des contacts sont ouvertes.",
                    "Cliquez sur le titre d’une colonne pour trier, sur une ligne pour ouvrir la fiche. Un statut que le CRM ne connaît pas a sa propre table : rien n’est déplacé à votre insu.",
                ),
                "contacts",
                "Voir les tables",
                also="table liste à corriger en suivi contacté nouveau clos perdu qualifié",
            ),
            Answer(
                "statuts",
                "Que signifient les statuts ?",
                (
                    "Ils suivent le chemin d’une affaire : Nouveau (il vient d’arriver), À contacter (un premier échange est à prendre), Contacté (l’échange a commencé), Qualifié (le besoin est confirmé), En suivi (on négocie), puis Clos (gagné) ou Perdu.",
                    "À corriger met de côté un contact qui pose problème, un email faux ou un doublon par exemple. La fiche retient le statut d’avant et propose d’y revenir une fois la correction faite.",
                    "Changer le statut ajuste aussi la probabilité (5, 10, 25, 50, 75 puis 100 %), sauf si vous la fixez vous-même dans le même enregistrement.",
                ),
                "contacts",
                "Voir les contacts",
                also="étape funnel entonnoir probabilité gagné bloqué à corriger en suivi clos",
            ),
            Answer(
                "combien",
                "Combien de contacts sont affichés ?",
                (
                    "Seuls les contacts réels le sont : ceux qui ont au moins un nom, une entreprise, un email ou un ID Lead. C’est ce nombre que vous lisez à côté du titre de la page et dans tous les chiffres.",
                    "Les lignes entièrement vides d’un classeur ne sont pas reprises. Celles qui portent des données sans identité sont gardées de côté, et leur nombre est annoncé : « 3 écartés » par exemple.",
                ),
                "contacts",
                "Voir les contacts",
                also="nombre total réels écartés compte lignes vides",
            ),
            Answer(
                "doublons",
                "Comment le CRM repère-t-il les doublons et les emails faux ?",
                (
                    "Dès la saisie : un email, un téléphone ou un nom déjà connus s’affichent au-dessus du formulaire. Puis sur les fiches (« Doublon possible »), avec la raison : même email, même téléphone, même nom et même entreprise, ou noms semblables au même domaine ou dans la même entreprise. +33 6, 0033 6 et 06 sont un seul et même numéro ; majuscules, accents, fautes de frappe et nom mis avant le prénom ne séparent personne.",
                    "Des collègues derrière un même standard, ou des frères et sœurs, partagent un numéro ou une boîte « contact@ » sans être la même personne : la fiche dit alors « À vérifier ». Le chiffre « Doublon certain » de Dash Data les compte, parce qu’il compte tout numéro et tout email en double ; « Doublon probable » ne compte pas les noms seulement semblables d’une même entreprise.",
                    "Un email mal formé est marqué « invalide », mais gardé tel quel pour que vous puissiez le corriger. Le bloc Qualité & anomalies de Dash Data en donne la liste.",
                ),
                "dash_data",
                "Voir les anomalies",
                also="double doublon même téléphone email invalide qualité standard homonyme",
            ),
            Answer(
                "lots",
                "Comment changer, exporter ou supprimer plusieurs contacts d’un coup ?",
                (
                    "Cochez des cartes ou des lignes de la table : avec Maj, tous ceux d’un coup jusqu’au dernier coché ; « Tout ce qui correspond » prend toute la liste, filtres compris. Une barre propose alors le statut (le motif est demandé pour « Perdu »), le responsable, la source, les étiquettes à ajouter ou à retirer, la prochaine relance, l’export et la suppression.",
                    "« Annuler », dans le message qui suit, annule le lot entier ; plus tard, « Actions récentes », dans « ⋯ » au-dessus de la liste, montre les lots des 30 derniers jours, chacun avec « Annuler ». Ce que quelqu’un a modifié entre-temps est conservé et nommé. Changer les filtres décoche tout : rien ne reste sélectionné hors de vue.",
                    "Pour exporter sans rien cocher, « ⋯ » au-dessus de la liste exporte tout ce qu’elle montre, en CSV, en XLSX ou en vCard pour un carnet d’adresses.",
                ),
                "contacts",
                "Voir les contacts",
                also="sélection lot masse plusieurs cocher exporter export csv xlsx vcard étiquettes responsable bulk",
            ),
            Answer(
                "consigner",
                "Comment noter un appel, une rencontre ou un email écrit ailleurs ?",
                (
                    "« Relancer », dans la Priorité du jour, ou « Consigner », sur la fiche et dans « ⋯ » d’une carte ou d’une ligne : choisissez ce que c’était (appel, rendez-vous, visite, email), le résultat, une ligne si vous voulez, et la prochaine relance, dans 1, 3 ou 7 jours ouvrés ou à une date. Un seul enregistrement note l’échange dans le fil, met à jour le dernier contact et la relance, et le statut si vous le changez ; « Annuler » reprend tout.",
                    "Un client gagné ou perdu revient avec un autre projet ? « Nouvelle affaire », sur sa fiche, ouvre un second contact lié au premier : les deux fiches le disent, et ce n’est pas un doublon.",
                ),
                "contacts",
                "Voir les contacts",
                also="appel appeler consigner noter téléphone messagerie relance rappeler affaire nouvelle visite",
            ),
            Answer(
                "corbeille",
                "J’ai supprimé un contact par erreur : où est-il ?",
                (
                    "Dans la corbeille, pendant 30 jours : « Corbeille », dans « ⋯ » au-dessus de la liste, montre les contacts supprimés, par qui et quand, et « Restaurer » les remet à leur place avec leur fil, un par un ou ceux que vous cochez ; la recherche y retrouve une personne. Ensuite leurs données sont effacées.",
                    "Une fiche fusionnée n’y est pas : elle revient par « Annuler la fusion », dans le fil de la fiche gardée.",
                ),
                "contacts",
                "Voir les contacts",
                also="supprimer corbeille restaurer effacer récupérer poubelle",
            ),
            Answer(
                "fusionner",
                "Comment réunir deux fiches de la même personne, et revenir en arrière ?",
                (
                    "Sur la fiche, « Fusionner… » à côté de « Doublon possible » met les deux fiches côte à côte : choisissez celle qui reste, puis, champ par champ, la valeur à garder ; les notes et les étiquettes peuvent être réunies. Les rendez-vous, les emails, ceux qui sont à envoyer, vos brouillons, les automatisations et le fil de l’autre rejoignent la fiche gardée, et l’ancien numéro y mène.",
                    "« Annuler », dans le message qui suit, ou « Annuler la fusion », dans le fil du contact, rend à chaque fiche ce qui était à elle, pendant 30 jours. Ce que quelqu’un a modifié entre-temps est conservé, et le CRM vous dit quoi.",
                ),
                "contacts",
                "Voir les contacts",
                also="fusion doublon regrouper merge annuler défusionner séparer",
            ),
            Answer(
                "historique",
                "Peut-on savoir qui a changé une fiche, et revenir en arrière ?",
                (
                    "Oui. Le « Fil du contact », sur la fiche, dit qui a changé quoi et quand, avec l’ancienne et la nouvelle valeur. Dans le « ⋯ » de chaque entrée, « Rétablir » remet l’ancienne, « Revenir à cette version » toutes celles du moment ; « Afficher la suite » remonte jusqu’à la création.",
                    "Si deux personnes modifient la même fiche en même temps, les champs différents sont réunis. S’il s’agit du même champ, le CRM vous montre les deux valeurs et vous demande laquelle garder.",
                ),
                "contacts",
                "Voir les contacts",
                also="annuler restaurer conflit modification journal qui",
            ),
            Answer(
                "importer",
                "Comment importer un classeur de contacts ?",
                (
                    "Sur la page Contacts, « Importer » : choisissez un fichier CSV, Excel (XLSX, XLSM, XLSB ou XLS), ODS, des cartes de visite (VCF) ou un calendrier (ICS), de 100\u00a0Mo au plus et sans mot de passe. Ses titres de colonnes peuvent être en français ou en anglais, dans n’importe quel ordre ; les feuilles Leads, Événements, Automations Log et Inbox Log sont reconnues.",
                    "Vérifiez d’abord : le CRM fait un essai à blanc, sans rien écrire, et dit ce qui sera repris, mis à jour ou refusé, ligne par ligne avec la raison ; ces remarques se téléchargent. Importez ensuite : rien n’est écrit avant votre accord, et reprendre deux fois le même classeur ne crée pas de doublons.",
                    "« Colonnes du fichier » montre le champ lu dans chaque colonne, avec des exemples : changez-le, ou choisissez « Ne pas importer », puis « Vérifier ». Ce choix revient de lui-même pour les fichiers aux mêmes titres. Les exports de Google Contacts, Outlook, HubSpot, Salesforce, Pipedrive, Zoho, Odoo, Dolibarr, LinkedIn et d’autres sont reconnus. Ce qui peut se lire de deux façons (« 2 mars ou 3 février ? ») vous est demandé en haut.",
                    "« Ajouter » ne prend que les nouveaux contacts, « Mettre à jour » que ceux du CRM, « Les deux » toutes les lignes. Une cellule vide n’efface jamais rien ; « n/a », « - », « aucun » ou « NULL » se lisent comme une case vide.",
                    "Un contact est retrouvé par son ID Lead, par le numéro du programme d’où vient le fichier, sinon par son email. Une boîte commune (« contact@ ») ou un téléphone ne suffisent pas : il faut aussi le même nom. Une ligne dont l’email est celui d’un contact d’un autre nom est montrée à côté de lui : dites si c’est la même personne ; sans réponse, elle est refusée.",
                    "Les lignes refusées se téléchargent dans un classeur, avec la raison de chacune : corrigez-le, puis importez-le. « Annuler cet import » retire ce qu’il a créé et rétablit ce qu’il a changé, pendant 30 jours ; ce qui a été modifié ou fusionné depuis est gardé, et listé.",
                ),
                "contacts",
                "Aller à Contacts",
                also="csv excel xlsx xls ods fichier tableur import essai à blanc vérifier taille",
            ),
        ),
    ),
    Group(
        "Enregistrer et rafraîchir",
        "mdi-refresh",
        (
            Answer(
                "compte",
                "Comment me connecter, changer mon mot de passe, et que permet mon rôle ?",
                (
                    "Si votre équipe a des comptes, une page de connexion demande votre nom et votre mot de passe. En bas du menu, votre nom ouvre « Changer de mot de passe » et « Se déconnecter ». Changer de mot de passe ferme vos autres sessions. Après plusieurs essais manqués, il faut attendre un peu avant le suivant ; un mot de passe oublié se redemande à votre administrateur.",
                    "Votre rôle est écrit sous votre nom. « lecture » : tout voir, sans rien modifier, et les boutons qui écrivent ne sont pas montrés. « édition » : aussi les contacts, les événements et les imports. « administration » : aussi ce qui concerne toute la base. Un rôle changé compte dès l’action suivante.",
                    "« limité », après le rôle : votre administrateur a limité ce compte aux contacts dont vous êtes le responsable, avec leurs événements, leurs emails et leurs automatisations. Chiffres, recherches et exports ne comptent qu’eux. Un contact que vous ajoutez est à vous ; si vous changez son responsable, il quitte votre vue. Si un email ou un téléphone que vous tapez existe déjà chez un autre responsable, la fiche le dit, sans montrer ce contact.",
                ),
                also="connexion connecter login mot de passe oublié rôle droits lecture édition administration déconnecter compte limité mes contacts seulement responsable",
            ),
            Answer(
                "rafraichir",
                "Comment mettre à jour les données à l’écran ?",
                (
                    "Avec « Rafraîchir », en haut à droite de chaque page : tout est relu, et l’heure s’affiche à côté (« À jour à 14:32 »). Un point sur le bouton prévient que quelqu’un a enregistré du nouveau depuis.",
                    "Après votre propre enregistrement, rien à faire : les pages suivent aussitôt. Si une page est restée ouverte longtemps, rafraîchissez avant de lire les chiffres.",
                ),
                also="actualiser recharger nouveau point mise à jour",
            ),
            Answer(
                "enregistres",
                "Mes ajouts et modifications sont-ils bien enregistrés ?",
                (
                    "Oui, quand la barre du haut dit « Synchronisé » : « Sauvegarder » les écrit pour toute l’équipe, un message le confirme et la liste se met à jour. Si l’enregistrement échoue, le CRM le dit, la fiche reste ouverte et rien de ce que vous avez saisi n’est perdu.",
                    "Quand elle dit « Non synchronisé », un bandeau l’annonce : vos changements ne vivent que dans votre session et le prochain « Rafraîchir » les abandonne, après vous avoir prévenu de leur nombre. Demandez alors à votre administrateur d’activer l’enregistrement. Importer, changer plusieurs contacts à la fois et les fusionner attendent ce moment, car cela s’écrit pour toute l’équipe ou pas du tout : leurs boutons le disent.",
                ),
                also="synchronisation sauvegarder perdu session administrateur sauvegarde",
            ),
            Answer(
                "invisible",
                "Je ne vois pas mes derniers contacts ou mes dernières modifications. Que faire ?",
                (
                    "Cliquez sur « Rafraîchir » en haut à droite. Regardez ensuite si un filtre est actif : « Effacer les filtres » montre de nouveau tous les contacts.",
                    "Si le contact n’y est toujours pas, vérifiez que la barre du haut dit « Synchronisé » : sans synchronisation, un ajout n’existe que dans la session où il a été fait, jusqu’au prochain rafraîchissement.",
                ),
                "contacts",
                "Voir les contacts",
                also="manque disparu absent filtre rafraîchir synchronisation",
            ),
            Answer(
                "session",
                "La page affiche « Session expirée ». Ai-je perdu quelque chose ?",
                (
                    "Non, tout ce qui était enregistré l’est toujours. Une page restée longtemps inutilisée est libérée par le serveur ; rechargez-la pour reprendre au même endroit, filtres et fiche compris.",
                    "Seul ce qui était en cours de saisie et pas encore sauvegardé est à retaper.",
                ),
                also="expirée recharger déconnecté veille",
            ),
            Answer(
                "places",
                "La page affiche « Toutes les places sont prises ». Que faire ?",
                (
                    "Réessayez dans une minute, rien n’est perdu : le serveur refuse une page de plus quand autant de pages sont déjà ouvertes que votre administrateur l’a permis.",
                    "Fermez les onglets du CRM dont vous ne vous servez pas : chacun tient une place, rendue dès sa fermeture. « Trop de pages ouvertes » dit la même chose de vous seul : vous tenez la moitié des places.",
                ),
                also="503 429 trop de pages saturé refusé onglets trop de monde",
            ),
        ),
    ),
    Group(
        "Chiffres et priorités",
        "mdi-chart-box-outline",
        (
            Answer(
                "dashboard-dash-data",
                "Quelle est la différence entre le Dashboard et Dash Data ?",
                (
                    "Le Dashboard se lit en une minute, chaque matin : pipeline actif, montant estimé, taux de conversion, Priorité du jour, répartition des statuts, puis un aperçu de chaque sujet (KPIs globaux, Outreach, Pipeline, Prévisions, Conversion par source, Qualité).",
                    "Dash Data prend son temps : six blocs, de A à F (KPIs globaux, Conversion par source, Score par statut, Pipeline & productivité, Prévision revenus, Qualité & anomalies), chacun avec son graphique, sa table et ses définitions.",
                    "Les deux comptent de la même façon : un même chiffre y a la même valeur. « État au » les montre tels qu’ils étaient un jour passé, depuis que l’historique existe.",
                ),
                "dash_data",
                "Ouvrir Dash Data",
                also="tableau de bord analyse kpi graphiques synthèse détail",
            ),
            Answer(
                "exporter",
                "Comment emporter des chiffres, un graphique ou tout le rapport ?",
                (
                    "« Rapport », en haut du Dashboard et de Dash Data, donne tous les blocs pour la période et le responsable choisis : un classeur Excel avec ses graphiques, ou une page à imprimer. Chaque bloc de Dash Data s’exporte aussi seul.",
                    "Cliquez sur un chiffre, puis sur « Exporter » : vous emportez toutes les lignes qui le composent, en CSV ou en XLSX, avec sa définition. Ces fichiers se réimportent tels quels.",
                    "Sous chaque graphique, « Télécharger l’image » l’enregistre avec son titre.",
                ),
                "dashboard",
                "Ouvrir le Dashboard",
                also="export télécharger excel csv xlsx imprimer pdf image png rapport",
            ),
            Answer(
                "priorite",
                "À quoi sert la « Priorité du jour » ?",
                (
                    "À savoir par qui commencer. Elle compte les contacts à relancer (relance prévue aujourd’hui ou en retard, ou plus de 7 jours sans nouvelles), ceux qui n’ont encore jamais été contactés, et ceux qui sont bloqués au statut À corriger.",
                    "Sous ces trois nombres, une seule liste les réunit, chaque contact une fois : les plus en retard d’abord, puis ceux qui pèsent le plus. L’Accueil en montre le début.",
                ),
                "dashboard",
                "Voir la priorité du jour",
                also="relancer bloqués sans contact urgent journée aujourd’hui",
            ),
            Answer(
                "conversion",
                "Comment se calculent le taux de conversion et le taux de réussite ?",
                (
                    "Taux de conversion : les contacts gagnés, divisés par tous les contacts réels. Taux de réussite : les gagnés, divisés par les gagnés et les perdus seulement. Le premier est donc presque toujours plus bas.",
                    "Un taux qui n’a rien à diviser s’écrit « n/d », jamais 0 %. Un montant manquant n’est pas compté pour zéro : il est laissé de côté, et le nombre de contacts sans montant est dit.",
                ),
                "dash_data",
                "Voir les définitions",
                also="pourcentage formule calcul gagnés n/d montant",
            ),
        ),
    ),
    Group(
        "Journaux et calendrier",
        "mdi-calendar-month-outline",
        (
            Answer(
                "automations",
                "Que contient l’Automations Log ?",
                (
                    "Une ligne pour chaque action automatique : envoi d’email, relance, traitement de doublon, et ainsi de suite. Elle dit quand, par quelle règle, pour quel contact, avec quel résultat (réussi, échec, ignoré, simulé…) et pourquoi.",
                    "Les compteurs du haut s’additionnent jusqu’au total et filtrent d’un clic. Ouvrez une ligne pour voir l’erreur, les essais successifs et ce qui a changé. Le nom du contact mène à sa fiche.",
                    "Le volet « Règles » dit ce que chaque règle fait, si elle est active, quand elle a tourné et ce qu’elle a encore à faire ; si vous ne voyez que vos contacts, quand le planificateur les a toutes vérifiées. Sauf celles de la nuit, aucune n’agit tant que votre administrateur ne l’a pas activée, ni n’écrit à personne la nuit, le week-end et les jours fériés. Sur la fiche d’un contact, la prochaine relance automatique est annoncée, et « Arrêter » y met fin.",
                    "Chaque nuit, le CRM efface ce qui est dans la corbeille depuis plus de 30 jours (et 30 nuits : une horloge fausse n’efface rien), efface des deux journaux ce qui dépasse la durée de conservation que votre administrateur a choisie, recalcule les scores et se contrôle lui-même. Les chiffres n’en changent pas, et chaque journal dit ce qui en est parti. Ces tâches y ont une ligne quand elles ont changé quelque chose, ou échoué.",
                ),
                "automations",
                "Ouvrir l’Automations Log",
                also="automatisation relance envoi doublons historique dépannage échec nuit planificateur conservation rgpd",
            ),
            Answer(
                "inbox",
                "Que contient l’Inbox Log ?",
                (
                    "Les emails reçus et, à côté de chacun, la réponse envoyée ou proposée avec son état : proposée, approuvée (elle attend de partir), envoyée, rejetée, expirée (un message plus récent est arrivé), sans réponse ou aucune attendue. « Modifiée », que seul un journal importé connaît, est une proposition corrigée et pas encore partie.",
                    "Rien ne se perd : reçus = rattachés à un contact + non rattachés + ignorés, et chaque email dit pourquoi il est classé ainsi. Ouvrez-en un pour lire le texte, la réponse et tout l’échange.",
                    "Sur votre base, ils viennent des boîtes que votre administrateur a indiquées, lues chaque minute, ou dès que leur serveur annonce du courrier ; ce que vos collègues envoient depuis leur messagerie y est aussi. Ne sont pas gardés les messages entre collègues ni, d’une boîte personnelle, ceux qui ne concernent aucun contact. Des pièces jointes, vous voyez le nom et la taille ; celles que votre administrateur a choisi de garder, par type et par taille, se téléchargent sur la fiche du contact.",
                    "Cette page se lit sans rien envoyer. Une proposition s’approuve, se corrige ou se rejette sur la fiche du contact : sans cela rien ne part, et de la démonstration jamais rien.",
                    "Un envoi « inconnu » a été coupé en route : rien ne dit s’il est parti, et il n’est jamais renvoyé de lui-même. Sur la fiche, « Il est parti » le note ; « Le renvoyer » l’envoie de nouveau, au risque qu’il arrive deux fois.",
                ),
                "inbox",
                "Ouvrir l’Inbox Log",
                also="mail courriel réponse proposition message boîte de réception",
            ),
            Answer(
                "journal-contact",
                "Comment voir tout ce qui concerne un seul contact ?",
                (
                    "Sa fiche réunit ses modifications, ses emails et ses rendez-vous dans le « Fil du contact », du plus récent au plus ancien ; un clic sur un email ou un rendez-vous vous y mène.",
                    "Dans les deux journaux, cherchez son nom : les autres lignes disparaissent, les compteurs suivent, et l’adresse de la page retient la recherche si vous voulez la partager.",
                ),
                "contacts",
                "Voir les contacts",
                also="filtrer un lead fil échanges emails",
            ),
            Answer(
                "rendez-vous",
                "Comment ajouter un rendez-vous au calendrier ?",
                (
                    "Sur la page Calendrier, « Ajouter un événement » : donnez un titre, la date, l’heure de début et celle de fin ; la description, le lien visio, le lieu, la répétition et le rappel sont facultatifs. Un rappel s’affiche en haut de toutes les pages jusqu’à la fin de l’événement. Une fois enregistré, l’événement apparaît à sa place. Depuis la fiche d’un contact, « Planifier un événement » ouvre le même formulaire, contact déjà choisi.",
                    "La fin doit venir après le début, et le lien visio commencer par https:// ou http://. Si un collègue vient d’ajouter l’événement et que vous ne le voyez pas, rafraîchissez.",
                ),
                "calendrier",
                "Ajouter un événement",
                (("new", "1"),),
                also="événement rdv visio réunion agenda créer",
            ),
            Answer(
                "deplacer",
                "Comment déplacer ou allonger un rendez-vous ?",
                (
                    "Sur le Calendrier, glissez-le à son nouveau jour ou à sa nouvelle heure ; tirez son bord pour changer sa fin. Au doigt, appuyez d’abord un instant. Échap, avant de lâcher, le remet à sa place ; « Annuler », après, aussi. Glisser sur une plage vide de la semaine ou du jour propose un événement à ces heures.",
                    "Au clavier, allez sur l’événement avec Tab, puis tenez Alt : les flèches le déplacent, d’un quart d’heure ou d’un jour ; avec Maj en plus, elles déplacent sa fin. Relâchez Alt pour enregistrer. Si l’événement se répète, le CRM demande s’il s’agit de lui seul, aussi des suivants, ou de tous.",
                ),
                "calendrier",
                "Ouvrir le Calendrier",
                also="raccourci clavier glisser durée heure reporter souris",
            ),
        ),
    ),
)
COUNT = sum(len(group.answers) for group in GROUPS)
