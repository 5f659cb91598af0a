"""What columns mean, in three languages, and which are never opened."""

from datetime import date

import pytest

from app.people.reading.columns import field_by_name, find_private, private_by_name, suggest
from app.people.reading.dates import DateStyle, find_styles, parse_date, settle
from app.people.reading.fields import Field, Private
from app.people.reading.questions import (
    ColumnHoldsNoDates,
    DateStyleIsOpen,
    EmailColumnIsMissing,
    NameColumnIsMissing,
    ask,
)
from app.people.reading.table import read_table

TODAY = date(2026, 11, 21)


def mapping_of(text):
    table = read_table(text)
    private = find_private(table)
    return list(suggest(table.without(private), private, TODAY))


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Employee ID", Field.EMPLOYEE_NUMBER),
        ("EmployeeNumber", Field.EMPLOYEE_NUMBER),
        ("Henkilönumero", Field.EMPLOYEE_NUMBER),
        ("Anställningsnummer", Field.EMPLOYEE_NUMBER),
        ("First name", Field.GIVEN_NAME),
        ("ETUNIMI", Field.GIVEN_NAME),
        ("Förnamn", Field.GIVEN_NAME),
        ("Surname", Field.FAMILY_NAME),
        ("Sukunimi", Field.FAMILY_NAME),
        ("Efternamn", Field.FAMILY_NAME),
        ("Nimi", Field.FULL_NAME),
        ("Work e-mail", Field.EMAIL),
        ("Email Address", Field.EMAIL),
        ("Sähköpostiosoite", Field.EMAIL),
        ("E-postadress", Field.EMAIL),
        ("Employee Work Email Address", Field.EMAIL),
        ("Job title", Field.JOB_TITLE),
        ("Tehtävänimike", Field.JOB_TITLE),
        ("Befattning", Field.JOB_TITLE),
        ("Dept.", Field.UNIT),
        ("Tiimi", Field.UNIT),
        ("Avdelning", Field.UNIT),
        ("City", Field.SITE),
        ("Toimipiste", Field.SITE),
        ("Ort", Field.SITE),
        ("Kieli", Field.LANGUAGE),
        ("Språk", Field.LANGUAGE),
        ("Manager ID", Field.SUPERVISOR_NUMBER),
        ("Manager's e-mail", Field.SUPERVISOR_EMAIL),
        ("Esihenkilön sähköposti", Field.SUPERVISOR_EMAIL),
        ("Esihenkilö", Field.SUPERVISOR_NAME),
        ("Närmaste chef", Field.SUPERVISOR_NAME),
        ("Reports to", Field.SUPERVISOR_NAME),
        ("Hire date", Field.STARTS_ON),
        ("Aloituspäivä", Field.STARTS_ON),
        ("Anställningsdatum", Field.STARTS_ON),
        ("Termination date", Field.ENDS_ON),
        ("Viimeinen työpäivä", Field.ENDS_ON),
        ("Slutdatum", Field.ENDS_ON),
        ("Favourite colour", None),
        ("", None),
    ],
)
def test_column_names_are_understood(name, field):
    assert private_by_name(name) is None
    assert field_by_name(name) is field


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Salary", Private.PAY),
        ("Palkkaluokka", Private.PAY),
        ("Lön", Private.PAY),
        ("Commission pct", Private.PAY),
        ("Performance rating", Private.APPRAISAL),
        ("Kehityskeskustelu", Private.APPRAISAL),
        ("SSN", Private.IDENTITY_NUMBER),
        ("Henkilötunnus", Private.IDENTITY_NUMBER),
        ("Personnummer", Private.IDENTITY_NUMBER),
        ("Date of birth", Private.BIRTH),
        ("Syntymäaika", Private.BIRTH),
        ("Ålder", Private.BIRTH),
        ("Sick leave days", Private.HEALTH),
        ("Sairauspoissaolot", Private.HEALTH),
        ("Gender", Private.GENDER),
        ("Sukupuoli", Private.GENDER),
        ("Kön", Private.GENDER),
        ("Home address", Private.HOME),
        ("Katuosoite", Private.HOME),
        ("Personal e-mail", Private.HOME),
        ("Mobile phone", Private.PHONE),
        ("Puhelinnumero", Private.PHONE),
        ("IBAN", Private.BANK),
        ("Next of kin", Private.FAMILY),
        ("Trade union", Private.BELIEF),
        ("Password", Private.SECRET),
    ],
)
def test_columns_about_private_things_stay_shut(name, kind):
    assert private_by_name(name) is kind


def test_cells_of_private_columns_are_gone_before_anything_reads_them():
    table = read_table("Etunimi,Palkka,Sähköposti\nAava,5000,a@a.example\nIlo,6000,i@a.example\n")
    shut = table.without(find_private(table))
    assert shut.columns[1] == "Palkka"
    assert list(shut.cells(1)) == ["", ""]


def test_identity_numbers_are_found_under_any_name():
    table = read_table("Nimi,Tunnus,Sähköposti\nAava,010190-123A,a@a.example\nIlo,020290-234B,i@a.example\n")
    assert find_private(table) == {1: Private.IDENTITY_NUMBER}


def test_a_supervisor_column_is_told_apart_by_what_stands_in_it():
    by_number = "Id,Name,E-mail,Manager\nA1,Aava,a@a.example,\nA2,Ilo,i@a.example,A1\nA3,Sisu,s@a.example,A1\n"
    by_email = "Name,E-mail,Manager\nAava,a@a.example,\nIlo,i@a.example,a@a.example\nSisu,s@a.example,a@a.example\n"
    by_name = "Name,E-mail,Manager\nAava,a@a.example,\nIlo,i@a.example,Aava\nSisu,s@a.example,Aava\n"
    assert mapping_of(by_number)[-1] is Field.SUPERVISOR_NUMBER
    assert mapping_of(by_email)[-1] is Field.SUPERVISOR_EMAIL
    assert mapping_of(by_name)[-1] is Field.SUPERVISOR_NAME


def test_yes_and_no_say_nothing_about_supervisors():
    assert mapping_of("Name,E-mail,Manager\nAava,a@a.example,yes\nIlo,i@a.example,no\n")[-1] is None


def test_nameless_columns_are_guessed_from_their_values():
    text = "".join(f"K{i},aava{i}@a.example,{'K1' if i > 1 else ''},{i % 28 + 1}.3.2024\n" for i in range(1, 30))
    guess = mapping_of(text)
    assert guess == [Field.EMPLOYEE_NUMBER, Field.EMAIL, Field.SUPERVISOR_NUMBER, Field.STARTS_ON]


def test_a_nameless_column_of_old_dates_is_not_taken_for_first_days():
    text = "".join(f"Aava,aava{i}@a.example,{i % 28 + 1}.3.1975\n" for i in range(1, 30))
    assert Field.STARTS_ON not in mapping_of(text)


def test_a_row_counter_is_not_an_employee_number():
    assert mapping_of("Nro;Etunimi;Email\n1;Aava;a@a.example\n2;Ilo;i@a.example\n3;Sisu;s@a.example\n")[0] is None


def test_one_name_column_beside_a_surname_is_the_first_name():
    assert mapping_of("Name,Surname,E-mail\nAava,Koski,a@a.example\n")[:2] == [Field.GIVEN_NAME, Field.FAMILY_NAME]


def test_a_display_name_beside_both_names_is_left_out():
    header = "Display name,First name,Last name,E-mail"
    assert mapping_of(f"{header}\nAava Koski,Aava,Koski,a@a.example\n")[0] is None


def test_no_meaning_is_given_twice():
    guess = [
        field
        for field in mapping_of("E-mail,Email,Mail,City,Office\na@a.example,b@a.example,c@a.example,Oulu,O1\n")
        if field
    ]
    assert len(guess) == len(set(guess))


@pytest.mark.parametrize(
    ("texts", "styles"),
    [
        (["17-06-2013", "21-09-2015", "03-01-2016"], (DateStyle.DMY,)),
        (["06/17/2013", "01/03/2016"], (DateStyle.MDY,)),
        (["2013-06-17", "2016-01-03"], (DateStyle.YMD,)),
        (["17.6.2013", "3.1.2016"], (DateStyle.DMY,)),
        (["3.1.2016", "4.5.2017"], (DateStyle.DMY,)),
        (["2013-06-17T00:00:00Z"], (DateStyle.YMD,)),
        (["17 Jun 2013", "3. tammikuuta 2016"], (DateStyle.NAMED,)),
        (["March 3, 2016"], (DateStyle.NAMED,)),
        (["41442", "42372"], (DateStyle.SERIAL,)),
        (["01/03/2016", "02/04/2017"], (DateStyle.DMY, DateStyle.MDY)),
        (["01/01/2016", "02/02/2017"], (DateStyle.DMY,)),
        (["soon", "later"], ()),
        ([], ()),
    ],
    ids=str,
)
def test_the_whole_column_decides_how_dates_are_written(texts, styles):
    assert find_styles(texts).fitting == styles


def test_a_single_wrong_day_does_not_turn_the_column_round():
    assert find_styles(["17-06-2013", "21-09-2015", "03-13-2016", "05-04-2017"]).fitting == (DateStyle.DMY,)


def test_an_ambiguous_column_follows_a_sure_one():
    assert settle([find_styles(["01/03/2016", "02/04/2017"]), find_styles(["12/31/2026"])]) == [
        DateStyle.MDY,
        DateStyle.MDY,
    ]


@pytest.mark.parametrize("text", ["31.2.2019", "0.1.2019", "1.13.2019", "1.1.0213", "1.1.2999", "yesterday"])
def test_days_that_do_not_exist_are_not_read(text):
    assert parse_date(text, DateStyle.DMY) is None


def test_two_digit_years_are_of_our_time():
    assert parse_date("1.2.98", DateStyle.DMY) == date(1998, 2, 1)
    assert parse_date("1.2.26", DateStyle.DMY) == date(2026, 2, 1)


def test_what_the_file_cannot_tell_is_asked():
    table = read_table("Etunimi,Aloitus,Loppu\nAava,01/02/2020,soon\n")
    mapping = (None, Field.STARTS_ON, Field.ENDS_ON)
    styles, questions = ask(table, mapping, None)
    assert styles == {}
    assert questions == [
        EmailColumnIsMissing(),
        NameColumnIsMissing(),
        DateStyleIsOpen(Field.STARTS_ON, "01/02/2020"),
        ColumnHoldsNoDates(Field.ENDS_ON, "soon"),
    ]


def test_an_answer_settles_the_style():
    table = read_table("Etunimi,Email,Aloitus\nAava,a@a.example,01/02/2020\n")
    mapping = (Field.GIVEN_NAME, Field.EMAIL, Field.STARTS_ON)
    assert ask(table, mapping, DateStyle.MDY) == ({Field.STARTS_ON: DateStyle.MDY}, [])
