"""Words of the fictional demo: people, companies, and what a salesperson writes about them.

GNETICS is imagined as selling planning software to firms that send technicians to their customers.
Domains end in .example and numbers belong to the ranges kept for fiction, so that nobody real is ever reached.
"""

from __future__ import annotations

# ruff: noqa: E501 – lists of names, read as lists


def _list(names: str) -> tuple[str, ...]:
    return tuple(names.split())


OWNERS = ("Camille Roussel", "Mehdi Haddad", "Sophie Marchand", "Julien Carpentier", "Léa Nguyen")

WOMEN = _list(
    "Claire Élodie Nathalie Sandrine Amélie Isabelle Florence Hélène Céline Audrey Laurence Mathilde Valérie Stéphanie Aurélie Pauline Karine "
    "Inès Fatima Delphine Marion Véronique Justine Agathe Noémie Samira Corinne Solène Béatrice Gaëlle Margaux Yasmine Catherine Lucie Anaïs"
)
MEN = _list(
    "Thomas Nicolas Laurent Stéphane Frédéric Olivier Guillaume François Sébastien Antoine Bruno Karim Didier Mathieu Christophe Vincent Éric "
    "Rachid Benoît Cédric Jérôme Pascal Yann Hugo Ludovic Arnaud Gérard Maxime Sylvain Fabien Loïc Xavier Rémi Damien Philippe"
)
SURNAMES = _list(
    "Martin Bernard Fontaine Lefèvre Garnier Faure Mercier Blanchard Chevalier Gauthier Perrin Morel Dumas Renaud Barbier Colin Roche Leclerc "
    "Guérin Boyer Rivière Lemoine Brunel Picard Meunier Lacroix Charpentier Vasseur Poulain Tessier Delorme Pichon Maillard Lebrun Huet Carlier "
    "Benali Diallo Traoré Da-Silva Ferreira Costa Lopez Rossi Kowalski Nguyen Le-Goff Kerbrat Le-Gall Riou Cariou Etchegaray Ibarra Schmitt "
    "Muller Weber Kieffer Vidal Fabre Bonnet Puech Arnaud Jourdan Besson Chabert Moulin Peyrat Delmas Combes Roussillon Giraud Reynaud Aubert "
    "Lambert Masson Baudry Godard Hamel Prévost Lecomte Joly Caron Renard Duval Hubert Marty Collet Bailly Gilbert Adam Lucas Regnier Launay"
)

JOBS = (  # (for a woman, for a man)
    ("Gérante", "Gérant"),
    ("Directrice générale", "Directeur général"),
    ("Présidente", "Président"),
    ("Responsable exploitation", "Responsable exploitation"),
    ("Directrice technique", "Directeur technique"),
    ("Responsable maintenance", "Responsable maintenance"),
    ("Cheffe d’atelier", "Chef d’atelier"),
    ("Responsable planning", "Responsable planning"),
    ("Directrice administrative et financière", "Directeur administratif et financier"),
    ("Assistante de direction", "Assistant de direction"),
    ("Conductrice de travaux", "Conducteur de travaux"),
    ("Directrice d’agence", "Directeur d’agence"),
    ("Responsable informatique", "Responsable informatique"),
    ("Acheteuse", "Acheteur"),
)

REGIONS = _list(
    "Atlantique Occitanie Armor Provence Berry Vosges Charente Bourgogne Anjou Picardie Aquitaine Savoie Dauphiné Cévennes Littoral Touraine "
    "Hauts-de-Seine Beaujolais Quercy Roussillon"
)

# sector: (names, what they maintain); {n} is a surname, {r} a region
SECTORS: dict[str, tuple[tuple[str, ...], str]] = {
    "Chauffage": (("Chauffage {n}", "{n} Génie climatique", "Thermique {r}", "Établissements {n}"), "chaudières"),
    "Climatisation": (("Clim {r}", "{n} Froid et climatisation", "Air Confort {r}"), "climatisations"),
    "Ascenseurs": (("Ascenseurs {r}", "{n} Ascenseurs", "Élévation {r}"), "ascenseurs"),
    "Portes automatiques": (("Portes et fermetures {n}", "{r} Automatismes", "{n} Fermetures"), "portes automatiques"),
    "Électricité": (("{n} Électricité", "Électricité générale {n}", "Courants forts {r}"), "installations électriques"),
    "Sécurité incendie": (("{n} Sécurité incendie", "Protection feu {r}", "Incendie Services {r}"), "extincteurs"),
    "Froid commercial": (("Froid {r}", "{n} Froid commercial", "Frigo Services {n}"), "chambres froides"),
    "Nettoyage": (("{n} Propreté", "Net Services {r}", "Propreté {r}"), "sites à nettoyer"),
    "Espaces verts": (("Jardins {n}", "{n} Paysage", "Paysages {r}"), "parcs à entretenir"),
    "Fibre et réseaux": (("Réseaux {r}", "{n} Télécom", "Fibre {r}"), "raccordements"),
    "Cuisines professionnelles": (("{n} Cuisines pro", "Équip’Resto {r}", "Grandes cuisines {n}"), "cuisines de restaurant"),
    "Plomberie": (("Plomberie {n}", "{n} et Fils", "Sanitaire {r}"), "colonnes d’eau"),
    "Collectivité": (("Communauté de communes {r}", "Syndicat des eaux {r}", "Office public de l’habitat {r}"), "bâtiments publics"),
    "Piscines": (("Piscines {n}", "Aqua {r}", "{n} Piscines et spas"), "bassins"),
}

TOOLS = (
    "Excel",
    "un tableau blanc dans l’atelier",
    "des fiches papier",
    "un vieil Access",
    "l’agenda Outlook de l’assistante",
    "WhatsApp et des photos",
)
DECIDERS = ("son associé", "la DAF", "le chef d’atelier", "le directeur technique", "le comité de direction", "le responsable informatique")
MONTHS = ("décembre", "janvier", "février", "mars", "avril", "mai")

# what a note opens with, whatever the status; {k} technicians, {what} the sector's equipment, {tool} today's tool
CONTEXT = (
    "{k} techniciens sur la route, planning encore sur {tool}.",
    "Entretient environ {many} {what}, tout est suivi sur {tool}.",
    "Deux agences, {k} techniciens, aucune vision commune du planning.",
    "PME familiale, {k} techniciens, très attachée au contact direct.",
    "A déjà regardé deux solutions l’an dernier sans donner suite.",
    "Perd des heures à ressaisir les comptes rendus d’intervention.",
    "Cherche surtout une application mobile qui marche hors réseau.",
    "Veut arrêter les bons papier avant {month}.",
    "Facture avec trois semaines de retard faute de comptes rendus.",
    "Contrats d’entretien suivis à la main : des visites sont oubliées.",
    "Déménage ses bureaux, veut repartir sur des outils propres.",
    "Son plus gros client exige des rapports de visite sous 24 h.",
)
STORY: dict[str, tuple[str, ...]] = {
    "Nouveau": (
        "Formulaire du site : demande un tarif pour {k} utilisateurs.",
        "A téléchargé le guide « Passer au planning numérique ».",
        "Carte de visite laissée sur le stand, à qualifier.",
        "Demande entrante, pas encore rappelé.",
        "A commenté notre publication sur les contrats d’entretien.",
    ),
    "À contacter": (
        "Message laissé au standard, rappeler plutôt le matin.",
        "Joignable après 17 h, sur son portable.",
        "L’assistante filtre : passer par un mail d’abord.",
        "Recommandé par un client, attend notre appel.",
        "En congés la semaine dernière, réessayer.",
    ),
    "Contacté": (
        "Bon premier échange, intéressé mais pas pressé.",
        "Veut comprendre la différence avec son outil actuel, brochure envoyée.",
        "A demandé des références dans son métier.",
        "Doit en parler avec {who} avant d’aller plus loin.",
        "Trente minutes au téléphone, le besoin est réel, le budget reste flou.",
        "Préfère une démonstration sur place.",
    ),
    "Qualifié": (
        "Besoin confirmé pour {k} utilisateurs, budget validé par {who}.",
        "Démonstration faite, très sensible à la signature sur mobile.",
        "Cahier des charges reçu, trois points à chiffrer à part.",
        "Décision attendue pour {month}, un concurrent est aussi en lice.",
        "Veut une reprise de l’historique des interventions : à chiffrer.",
    ),
    "En suivi": (
        "Devis envoyé, négocie la remise sur la première année.",
        "Attend l’accord de {who}, puis signature.",
        "Demande deux jours de formation de plus dans le même budget.",
        "Contrat relu par leur juriste, deux clauses à revoir.",
        "Essai en cours avec cinq techniciens, premiers retours bons.",
        "Bloqué sur l’export vers la comptabilité : démonstration technique à faire.",
    ),
    "Clos": (
        "Signé pour {k} utilisateurs, démarrage en {month}.",
        "Commande reçue, formation des techniciens planifiée.",
        "Signé après l’essai ; prêt à témoigner.",
        "Contrat de trois ans, réversibilité discutée mot à mot.",
        "A signé vite : le bouche-à-oreille a fait le travail.",
    ),
    "Perdu": (
        "A choisi un concurrent moins cher, à revoir dans un an.",
        "Projet gelé par {who}.",
        "Plus de réponse malgré plusieurs relances.",
        "Garde {tool} pour l’instant, trop de changements en même temps.",
        "Racheté par un groupe qui impose son logiciel.",
    ),
    "À corriger": (
        "Le mail revient en erreur, vérifier l’adresse.",
        "Fiche saisie deux fois après le salon, à fusionner.",
        "Le numéro sonne dans le vide, demander le bon au standard.",
        "Coordonnées illisibles sur la carte de visite.",
    ),
}
LOST_REASONS = (
    "Budget reporté à l’an prochain",
    "Parti chez un concurrent",
    "Sans réponse après quatre relances",
    "Projet abandonné en interne",
    "Prix jugé trop élevé",
    "Décideur jamais rencontré",
    "Logiciel imposé par le groupe",
    "Fonction manquante : gestion des stocks",
)
TAGS = (
    "PME",
    "ETI",
    "Multi-sites",
    "Contrats d’entretien",
    "Urgent",
    "Grand compte",
    "Mobile hors ligne",
    "Salon de Lyon",
    "À inviter au webinaire",
)

SOURCES: dict[str, tuple[str, ...]] = {  # as people really type them
    "Salon": ("Salon", "Salon", "Salon", "Salon", "salon", "SALON"),
    "LinkedIn": ("LinkedIn", "LinkedIn", "LinkedIn", "Linkedin", "linkedin"),
    "Site web": ("Site web", "Site web", "Site web", "site web", "Site Web"),
    "Recommandation": ("Recommandation", "Recommandation", "Recommandation", "recommandation"),
    "Prospection": ("Prospection", "Prospection", "Prospection", "prospection"),
    "Partenaire": ("Partenaire", "Partenaire", "partenaire"),
}
