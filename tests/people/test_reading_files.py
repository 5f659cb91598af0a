"""Bytes become rows and columns, whatever program wrote them."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people import errors
from app.people.reading.neutral import neutral, write_csv
from app.people.reading.shapes import clean, looks_like_email, looks_like_formula
from app.people.reading.table import MOST_COLUMNS, MOST_ROWS, pack, read_table, unpack
from app.people.reading.text import decode

HEADER = ["Etunimi", "Sukunimi", "Sähköposti", "Yksikkö"]
NORDIC = "abcdefghijklmnoprstuvyzåäöÅÄÖéü"
words = st.text(alphabet=NORDIC, min_size=1, max_size=12)
cells = st.one_of(
    words,
    st.just(""),
    st.builds(lambda a, b: f"{a}, {b}", words, words),
    st.builds(lambda a, b: f'{a} "{b}"', words, words),
    st.builds(lambda a, b: f"{a};{b}", words, words),
    st.builds(lambda a, b: f"{a}\n{b}", words, words),
)
rows = st.lists(st.tuples(words, cells, st.just("aava@alpha.example"), cells), min_size=2, max_size=12)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")


def as_csv(table, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)
    return out.getvalue()


def read(data):
    return read_table(decode(data).text)


@given(
    rows=rows,
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from((",", ";", "\t", "|")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    end=st.sampled_from(("\r\n", "\n")),
)
def test_what_was_written_is_read_in_every_encoding_delimiter_and_quoting(rows, encoding, delimiter, quoting, end):
    table = read(as_csv([HEADER, *rows], delimiter, quoting, end).encode(encoding))
    assert list(table.columns) == HEADER
    assert table.delimiter == delimiter
    assert [[clean(cell) for cell in row.cells] for row in table.rows] == [[clean(c) for c in row] for row in rows]
    assert unpack(pack(table)) == table


@given(rows=rows)
def test_every_row_keeps_the_number_that_a_spreadsheet_shows(rows):
    table = read(as_csv([HEADER, *rows]).encode())
    assert [row.number for row in table.rows] == list(range(2, len(rows) + 2))


def test_lines_of_an_old_mac_are_told_apart():
    assert len(read("Förnamn;E-post\rÅke;a@a.example\rÖrjan;o@a.example\r".encode("mac_roman")).rows) == 2


def test_blank_lines_are_skipped_and_counted():
    table = read(b"Etunimi;Email\n\nAava;aava@a.example\n;\nIlo;ilo@a.example\n")
    assert [(row.number, row.cells[0]) for row in table.rows] == [(3, "Aava"), (5, "Ilo")]


def test_titles_above_the_table_are_skipped():
    table = read(b"Staff list 2026,,,\n,,,\nFirst name,Last name,E-mail,Unit\nAava,Koski,a@a.example,Grid\n")
    assert table.columns == ("First name", "Last name", "E-mail", "Unit")
    assert table.rows[0].number == 4


def test_a_spreadsheets_own_line_about_its_separator_is_believed():
    table = read(b"sep=;\r\nName;E-mail\r\nAava, Koski, and more;a@a.example\r\n")
    assert table.delimiter == ";"
    assert (table.rows[0].number, table.rows[0].cells[0]) == (3, "Aava, Koski, and more")


def test_a_file_without_header_keeps_its_first_row():
    table = read(b"Aava,Koski,aava@a.example\nIlo,Koski,ilo@a.example\n")
    assert not table.has_header
    assert len(table.rows) == 2


def test_cells_too_many_are_marked_and_empty_ones_are_not():
    table = read(b"Name,E-mail\nAava,a@a.example,extra\nIlo,i@a.example,,\n")
    assert [row.ragged for row in table.rows] == [True, False]


def test_short_rows_are_filled_up():
    table = read(b"Name,E-mail,Unit\nAava,a@a.example\n")
    assert table.rows[0].cells == ("Aava", "a@a.example", "")


def test_finnish_letters_of_an_old_program_are_read():
    assert decode("Etunimi;Sähköposti\nÄijä;a@a.example\n".encode("cp850")).encoding == "cp850"
    assert decode("Förnamn;E-post\nÅke;a@a.example\n".encode("mac_roman")).text.splitlines()[1].startswith("Åke")
    assert "Łucja Żak" in decode("Name;E-mail\nŁucja Żak;l@a.example\nŚwięta Źółć;z@a.example\n".encode("cp1250")).text


def workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("people.csv", "Name,E-mail\n")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.FileIsEmpty),
        (b"\xef\xbb\xbf", errors.FileIsEmpty),
        (b"\n \n\t\n", errors.FileIsEmpty),
        ("\n \n".encode("utf-16"), errors.FileIsEmpty),
        (b",,,\n,,,\n", errors.FileIsEmpty),
        (b"Name,E-mail\n", errors.FileHasOnlyHeader),
        (workbook(), errors.FileIsWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), errors.FileIsWorkbook),
        (archive(), errors.FileIsArchive),
        (b"%PDF-1.7\n%\xe2\xe3", errors.FileIsPdf),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, errors.FileIsNotText),
        (b"\xff\xfea", errors.FileIsNotText),
        (b"<!DOCTYPE html><html></html>", errors.FileIsMarkup),
        (b'[{"name": "Aava"}]', errors.FileIsMarkup),
        (b'Name,E-mail\nAava,"a@a.example\nIlo,i@a.example\n', errors.QuoteIsNotClosed),
        (b"a," * MOST_COLUMNS + b"a\n" + b"b," * MOST_COLUMNS + b"b\n", errors.FileHasTooManyColumns),
        (b"Name,E-mail\n" + b"Aava,a@a.example\n" * (MOST_ROWS + 1), errors.FileHasTooManyRows),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{len(value)} bytes",
)
def test_files_that_are_no_list_of_people_are_refused_by_name(data, error):
    with pytest.raises(error):
        read(data)


def test_an_open_quotation_mark_is_named_by_its_row():
    with pytest.raises(errors.QuoteIsNotClosed) as raised:
        read(b'Name,E-mail\nAava,a@a.example\nIlo,"i@a.example\nSisu,s@a.example\n')
    assert raised.value.row == 3


def test_a_quotation_that_swallows_the_rest_is_named_even_after_a_stray_one():
    rows = "".join(f"Sisu{i},s{i}@a.example\n" for i in range(40))
    for tail in (rows, rows * 400):
        with pytest.raises(errors.QuoteIsNotClosed) as raised:
            read(f'Name,E-mail\n"Aa"va,a@a.example\n"Ilo,i@a.example\n{tail}'.encode())
        assert raised.value.row == 3


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_by_name(data):
    try:
        table = read(data)
    except errors.FileRefused:
        return
    assert all(len(row.cells) == len(table.columns) for row in table.rows)


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=4), min_size=1, max_size=5))
def test_csv_that_we_write_never_runs_as_a_formula(table):
    written = write_csv(table).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(looks_like_formula(cell) for cell in row)


@pytest.mark.parametrize("cell", ["=1+1", "+358", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_each_start_of_a_formula_is_neutralised(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("address", ["a@b.fi", "Aava.O'Neil+x@alpha.example", "<x@y.fi>", "mailto:a@b.fi", "a@älvä.fi"])
def test_addresses_that_mail_can_reach(address):
    assert looks_like_email(address)


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "a@b", "@b.fi", "a b@c.fi", "a@b..fi", ".a@b.fi", "a@b.fi, c@d.fi", "a" * 65 + "@b.fi"]
)
def test_texts_that_no_mail_can_reach(address):
    assert not looks_like_email(address)
