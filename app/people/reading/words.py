"""The words by which staff lists in English, Finnish and Swedish name their columns.

All words are written as `fold` leaves them: lower case, no accents, single blanks.
"""

import re
import unicodedata
from typing import Final

from app.people.reading.fields import Field, Private

_CAMEL: Final = re.compile(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])")
_NOT_WORD: Final = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """Bring a column name to lower case words without accents: `EmployeeID` → `employee id`."""
    parted = _CAMEL.sub(" ", name)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(sign))
    return " ".join(_NOT_WORD.sub(" ", plain.casefold()).split())


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(","))


WORDS: Final[dict[Field, tuple[str, ...]]] = {
    Field.EMPLOYEE_NUMBER: _words("""
        employee id, employee number, employee no, employee nr, employee code, employee, emp id, emp no,
        emp number, emp nr, emplid, staff id, staff number, staff no, person id, personid, person number,
        personnel number, personnel no, personnel id, worker id, worker number, workday id, associate id,
        badge number, id, user id, external id, henkilonumero, henkilo nro, henkilon numero, henkiloid,
        henkilo id, tyontekijanumero, tyontekija numero, tyontekija id, tyontekija nro, tyontekijan
        numero, tyontekijatunnus, henkilostonumero, tunniste, anstallningsnummer, anstallnings id,
        anstallningsid, anstallningsnr, anst nr, anstnr, personalnummer, personalnr, medarbetarnummer,
        medarbetar id, anstalld id, nro, nr, no, number, numero, nummer, hlonro, hlo nro, anst
    """),
    Field.GIVEN_NAME: _words("""
        first name, given name, given names, forename, first names, fname, preferred name, preferred first
        name, calling name, etunimi, etunimet, kutsumanimi, fornamn, tilltalsnamn
    """),
    Field.FAMILY_NAME: _words("""
        last name, family name, surname, lname, second name, sukunimi, efternamn, slaktnamn, sn
    """),
    Field.FULL_NAME: _words("""
        name, full name, display name, employee name, staff name, person, worker, nimi, koko nimi,
        henkilon nimi, tyontekija, tyontekijan nimi, henkilo, namn, fullstandigt namn, hela namnet,
        medarbetare, anstalld, legal name
    """),
    Field.EMAIL: _words("""
        e mail, email, mail, e mail address, email address, mail address, work email, work e mail,
        business email, company email, corporate email, primary email, office email, user principal name,
        upn, userprincipalname, sahkoposti, sahkopostiosoite, s posti, meili, maili, tyosahkoposti, tyo
        sahkoposti, e post, epost, e postadress, epostadress, e post adress, mejl, mejladress, mailadress,
        jobbmejl, e post arbete
    """),
    Field.JOB_TITLE: _words("""
        job title, title, position, role, job, job name, position title, business title, occupation,
        tehtavanimike, tehtava, nimike, titteli, ammattinimike, rooli, toimenkuva, titel, befattning,
        roll, yrkestitel, tjanst, tjanstetitel, yrke
    """),
    Field.UNIT: _words("""
        unit, department, team, dept, department name, team name, organisation, organization, organisation
        unit, organizational unit, organisational unit, org unit, business unit, division, group, area,
        tribe, cost center name, yksikko, osasto, tiimi, organisaatio, organisaatioyksikko,
        liiketoimintayksikko, ryhma, toimiala, tiimin nimi, osaston nimi, enhet, avdelning, grupp,
        organisationsenhet, affarsomrade, arbetslag, sektion
    """),
    Field.SITE: _words("""
        site, city, location, office, work location, office location, town, branch, workplace, place,
        place of work, toimipiste, toimipaikka, kaupunki, paikkakunta, toimisto, sijainti, tyopaikka,
        tyopiste, ort, stad, kontor, plats, arbetsplats, arbetsort, placering, placeringsort,
        stationeringsort, verksamhetsort
    """),
    Field.LANGUAGE: _words("""
        language, preferred language, lang, locale, language code, correspondence language, kieli,
        asiointikieli, kielikoodi, kayttokieli, tyokieli, sprak, sprakkod, kontaktsprak, arbetssprak
    """),
    Field.STARTS_ON: _words("""
        first day, start date, starting date, hire date, hired, hired on, hiring date, date of hire,
        joined, joining date, join date, date joined, employment start, employment start date, start,
        employed since, started, starts on, begin date, contract start, aloituspaiva, aloitus, alkupaiva,
        alkaa, alku, alkupvm, alkamispaiva, alkaen, aloituspvm, tyosuhteen alku, tyosuhteen alkupaiva,
        tyosuhteen alkamispaiva, tyosuhde alkaa, tyosuhde alkanut, palvelukseentulo, startdatum,
        anstallningsdatum, anstalld fran, anstallning start, forsta dag, forsta arbetsdag, anstallningens
        borjan, borjar, fran och med, start datum
    """),
    Field.ENDS_ON: _words("""
        last day, end date, leaving date, termination date, leave date, last working day, ends on, end,
        terminated, employment end, employment end date, contract end, exit date, date left,
        paattymispaiva, loppupaiva, loppu, loppupvm, paattyy, paattyminen, lopetuspaiva, viimeinen
        tyopaiva, viimeinen paiva, tyosuhteen loppu, tyosuhteen paattymispaiva, tyosuhde paattyy,
        tyosuhteen paattyminen, slutdatum, sista dag, sista arbetsdag, anstallningens slut, slutar,
        avslutad, avgangsdatum, till och med, slut datum
    """),
}  # fmt: skip

SUPERVISOR_STEMS: Final = _words("""
    supervisor, manager, reports to, reporting to, boss, superior, esihenkil, esimie, esihlo, lahiesi,
    chef, overordnad, narmaste chef, arbetsledare, forman, team lead, teamlead
""")
NUMBER_WORDS: Final = frozenset(
    ("id", "number", "no", "nr", "nro", "numero", "nummer", "numeron", "code", "tunnus", "tunniste")
)
EMAIL_STEMS: Final = (
    "email",
    "e mail",
    "sahkoposti",
    "e post",
    "epost",
    "mejl",
    "mailadress",
    "mail address",
)
HOME_WORDS: Final = frozenset(
    ("home", "personal", "private", "koti", "yksityinen", "henkilokohtainen", "privat", "hem")
)

PRIVATE_WORDS: Final[dict[Private, frozenset[str]]] = {
    Private.PAY: frozenset(_words("""
        benefits, commission, comp, earnings, ersattning, grade, income, lon, loner, pay, payroll,
        provision, rate, wage, wages
    """)),
    Private.APPRAISAL: frozenset(_words("""
        9box, betyg, huomautus, omdome, performance, potential, prestation, rank, ranking, rating,
        ratings, review, score, talent, varning, varoitus, warning, warnings
    """)),
    Private.IDENTITY_NUMBER: frozenset(_words("""
        cpr, hetu, identitetsbeteckning, nino, pass, passi, passport, sin, skatt, ssn, tax, tin, vero,
        verotunnus
    """)),
    Private.BIRTH: frozenset(_words("""
        age, alder, bday, birthdate, birthday, dob, ika, syntymaaika
    """)),
    Private.HEALTH: frozenset(_words("""
        absence, absences, allergiat, allergies, diagnosis, diet, disability, disabled, fmla, halsa,
        health, illness, leave, loma, medical, semester, sick, sickness, sjuk, vacation
    """)),
    Private.GENDER: frozenset(_words("""
        gender, kon, mf, pronomen, pronomini, pronouns, sex
    """)),
    Private.HOME: frozenset(_words("""
        address, adress, domicile, gata, hem, hemkommun, home, katu, kotikunta, osoite, postal, postcode,
        street, zip, zipcode
    """)),
    Private.PHONE: frozenset(_words("""
        cell, extension, fax, gsm, matkapuh, mobil, mobile, phone, puh, tel, tfn, whatsapp
    """)),
    Private.BANK: frozenset(_words("""
        account, bank, bic, clearing, iban, konto, pankki, tili
    """)),
    Private.FAMILY: frozenset(_words("""
        avioliitto, barn, children, civilstand, dependants, dependents, emergency, family status, ice,
        kin, lapset, maka, make, marital, married, puoliso, siviilisaaty, spouse
    """)),
    Private.BELIEF: frozenset(_words("""
        citizenship, ethnic, ethnicity, fack, kansalaisuus, liitto, medborgarskap, nationalitet,
        nationality, orientation, political, puolue, race, religion, union, uskonto, veteran
    """)),
    Private.SECRET: frozenset(_words("""
        losenord, passwd, password, pin, pwd, salasana, secret, token
    """)),
}  # fmt: skip
PRIVATE_STEMS: Final[dict[Private, tuple[str, ...]]] = {
    Private.PAY: _words("""
        salar, palkka, palkan, palkkio, lonegrad, loneklass, manadslon, arslon, timlon, bonus,
        compensation, remuneration, tulospalk, payscale, paygrade
    """),
    Private.APPRAISAL: _words("""
        apprais, evaluat, arviointi, kehityskeskustel, suoriutu, suoritus, utvarder, bedomning,
        utvecklingssamtal, medarbetarsamtal, disciplin, tulosarvio
    """),
    Private.IDENTITY_NUMBER: _words("""
        social security, national id, national insurance, henkilotunnu, personnummer, sosiaaliturva,
        personbeteckning, identity number, identity card, passnummer, tax number, tax id, verotus,
        veropros, skattenummer, samordningsnummer
    """),
    Private.BIRTH: _words("""
        birth, syntym, fodelse, fodd, birth day
    """),
    Private.HEALTH: _words("""
        terveys, terveyd, sairau, sairas, poissaol, vammai, tyokyky, sjukfranvaro, sjukdom, franvaro,
        halsotillstand, sick leave, parental, perhevapa, foraldraled
    """),
    Private.GENDER: _words("""
        sukupuol
    """),
    Private.HOME: _words("""
        kotiosoite, katuosoite, lahiosoite, postiosoite, postinumero, hemadress, gatuadress, postadress,
        postnummer, home address, home city, asuinpaik, bostad, kotipaik
    """),
    Private.PHONE: _words("""
        telephone, puhelin, telefon, mobilnummer, phone number, matkapuhelin, handphone
    """),
    Private.BANK: _words("""
        tilinumero, bankkonto, pankkitili, kontonummer, bank account
    """),
    Private.FAMILY: _words("""
        next of kin, emergency contact, lahiomai, anhorig, huollettav, family member
    """),
    Private.BELIEF: _words("""
        trade union, ammattiliit, ammattiosasto, fackforbund, fackligt, etninen, ay jasen
    """),
    Private.SECRET: (),
}  # fmt: skip
