"""Writes the workbooks beside it, with openpyxl and xlwt."""

from pathlib import Path

import openpyxl
import xlwt

HERE = Path(__file__).parent
COLUMNS = ["Floor", "Apartment number", "Apartment name", "First name", "Surname", "E-mail", "Comment"]
PEOPLE = [
    [-1, 12, "Flat 12", "First", "Guest", "first@site.example", "key 7"],
    [2, "3b", "", "", "Second", "second@site.example", None],
]


def xlsx(name, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(HERE / name)


def xls(name, rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("People")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                value = xlwt.Formula(value[1:])
            if value is not None:
                sheet.write(y, x, value)
    book.save(str(HERE / name))


formula = [COLUMNS, [1, "=6+6", "Flat 12", "First", "Guest", "first@site.example", ""], PEOPLE[1]]
xlsx("people.xlsx", [COLUMNS, *PEOPLE])
xls("people.xls", [COLUMNS, *PEOPLE])
xlsx("formula.xlsx", formula)
xls("formula.xls", formula)
