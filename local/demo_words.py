"""What the invented people of the demo wrote, in their three languages. Read by nobody but those it was written for."""

from typing import Final

Words = dict[str, tuple[str, ...]]

HELP: Final = (
    ("Occupational health, Helmikuja 4", "010 000 1234, weekdays 8–16; you can call without an appointment"),
    (
        "Shop steward and safety representative",
        "In the intranet under “Representatives”; also by a walk round the block",
    ),
    ("Crisis help line, day and night", "09 0000 0111"),
)

INTRODUCTIONS: Final[Words] = {
    "fi": (
        "Olen hyvä kuuntelemaan ja hidas neuvomaan. Kävely sopii minulle aina.",
        "Viisi asiakasprojektia, kolme roolia ja yksi kunnon uupumus takana. Niistä voi puhua kanssani suoraan.",
        "Vaihdoin testauksesta kehitykseen kolmekymppisenä. Tiedän, millaista on olla taas aloittelija.",
        "Kahvi, rauhallinen kulma ja tunti aikaa. Kysyn enemmän kuin tiedän.",
        "Pienten lasten isä, etätöissä pohjoisessa. Arjen sovittaminen on tuttua.",
    ),
    "sv": (
        "Jag lyssnar hellre än jag ger råd. Helst över en kopp kaffe.",
        "Har jobbat på tre orter och i sex kundprojekt. Att säga nej lärde jag mig sent.",
        "Kom tillbaka efter en lång föräldraledighet och vet hur det känns att börja om.",
        "Prata gärna svenska eller finska med mig, och gärna till fots.",
    ),
    "en": (
        "I moved here for this job and remember well what the first winter was like.",
        "I ask questions and can keep quiet. Video is fine, a walk is better.",
        "From a big bank to a small team: happy to talk about changing roles.",
        "Two kids, one customer, never enough hours. I do not have answers, but I have time for you.",
    ),
}

LEARNED: Final[Words] = {
    "fi": (
        "Huomasin, että aloin ratkaista jo toisen lauseen kohdalla. Kun odotin, asia tuli vasta sitten.",
        "Sanoisin, että tässä minun keinoni loppuvat, ja ehdottaisin, että soitamme yhdessä työterveyteen.",
        "Haluan olla se, jolle voi sanoa keskeneräisen ajatuksen.",
    ),
    "sv": (
        "Jag märkte att jag började lösa redan vid andra meningen. När jag väntade kom det viktiga.",
        "Jag skulle säga att det här är mer än jag kan bära, och föreslå att vi ringer företagshälsan tillsammans.",
        "Jag vill vara den som man kan tänka högt med.",
    ),
    "en": (
        "I caught myself fixing things by the second sentence. When I waited, the real question came.",
        "I would say that this is more than a colleague can carry, and offer to call occupational health together.",
        "I want to be somebody to whom one can say a thought that is not finished.",
    ),
}

GOALS: Final[Words] = {
    "fi": (
        "Yksi iltapäivä viikossa ilman kokouksia",
        "Uskallan sanoa asiakkaalle, kun aikataulu ei pidä",
        "Pyydän apua ennen kuin olen jumissa kaksi päivää",
        "Päätän kevääseen mennessä, haluanko arkkitehdiksi",
        "Lopetan työt viideltä kolmena päivänä viikossa",
        "Pidän yhden esityksen omalle yksikölleni",
    ),
    "sv": (
        "Säga nej till den tredje saken, inte den sjunde",
        "Hålla en demo för kunden utan att läsa innantill",
        "Ta en riktig lunchrast varje dag",
        "Våga be om återkoppling efter varje leverans",
        "Bestämma före sommaren om jag vill leda projekt",
    ),
    "en": (
        "Speak up once in every planning meeting",
        "Learn enough Finnish to stay in the coffee-room talk",
        "Hand over one thing a week instead of doing it all",
        "Find out what I would like to do after this project",
        "No work messages after six in the evening",
    ),
}

FOLLOW_UPS: Final[Words] = {
    "fi": ("Kaksi viikkoa on pitänyt.", "Meni vanhaan, kun julkaisu lähestyi.", "Ääneen sanominen auttoi.", ""),
    "sv": ("Går bättre när jag skriver upp det.", "Kunden ringde, och då föll det.", "Gjorde det en gång.", ""),
    "en": ("Twice last week.", "The release ate it. Trying again.", "Easier than I thought.", ""),
}

AGENDA: Final[Words] = {
    "fi": ("Mitä tapahtui palaverin jälkeen", "Syksyn jaksaminen"),
    "sv": ("Samtalet med kunden", "Hur hösten känns"),
    "en": ("The talk with the customer", "What to drop this month"),
}

NOTES: Final[Words] = {
    "fi": ("Sovittiin, että ensi kerralla kävellään joen vartta.", "Kysymys, johon palataan: mikä tästä on minun?"),
    "sv": ("Vi går längs ån nästa gång.", "Fråga att återkomma till: vad är det värsta som kan hända?"),
    "en": ("Next time we walk along the river.", "A question to come back to: whose problem is it?"),
}

MEETING_PLACES: Final = ("Pikku-Katri, ikkunapöytä", "Video", "Rantapolku, lähtö aulasta", "Kaféet vid torget", "")
