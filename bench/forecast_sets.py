#!/usr/bin/env python3
"""Writes series that Python packages ship as CSV files, for bench/published/forecast_sets.

    forecast_sets.py FOLDER

Reads statsmodels, vega_datasets, aeon and sktime where they are installed (pip install statsmodels vega_datasets aeon sktime); it
imports none of them, and downloads nothing. Each file has the columns time and value, and series where it holds more than one.
"""
import csv
import datetime
import importlib.util
import json
import pathlib
import sys

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def package_file(package, path):
    found = importlib.util.find_spec(package)
    if found is None:
        sys.exit(f"forecast_sets.py: {package} is not installed (pip install {package})")
    return pathlib.Path(found.submodule_search_locations[0]) / path


def table(package, path):
    with open(package_file(package, path), newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def statsmodels(name, file=None):
    return table("statsmodels", f"datasets/{name}/{file or name}.csv")


def vega(name):
    return table("vega_datasets", f"_data/{name}.csv")


def aeon(name):
    return table("aeon", f"datasets/data/{name}/{name}.csv")


def month(year, number):
    return f"{year}-{int(number):02}-01"


def quarter(year, number):
    return month(year, 3 * int(number) - 2)


def named_month(text, pattern):
    return datetime.datetime.strptime(text, pattern).strftime("%Y-%m-%d")


def quarterly(rows, column):
    return [(quarter(row["year"], row["quarter"]), row[column]) for row in rows]


def el_nino():
    return [(month(row["YEAR"], number), row[name.upper()])
            for row in statsmodels("elnino") for number, name in enumerate(MONTHS, start=1)]


def fertility():
    return [(row["Country Code"], year, value) for row in statsmodels("fertility")
            for year, value in row.items() if year and year.isdigit() and value]


def m1_yearly():
    rows = []
    for line in package_file("aeon", "datasets/data/m1_yearly_dataset/m1_yearly_dataset.tsf").read_text().splitlines():
        if line.startswith(("#", "@")) or not line:
            continue
        name, start, values = line.split(":")
        rows += [(name, int(start[:4]) + i, value) for i, value in enumerate(values.split(","))]
    return rows


def wheat():
    return [(row["year"], row["wheat"]) for row in json.loads(package_file("vega_datasets", "_data/wheat.json").read_text())]


SETS = {
    "sunspots": lambda: [(row["YEAR"], row["SUNACTIVITY"]) for row in statsmodels("sunspots")],
    "co2": lambda: [(named_month(row["date"], "%Y%m%d"), row["co2"]) for row in statsmodels("co2")],
    "electrical_equipment": lambda: [(named_month(row["DATE"], "%b-%d-%Y"), row["STS.M.I7.W.TOVT.NS0016.4.000"])
                                     for row in statsmodels("elec_equip")],
    "el_nino": el_nino,
    "fertility": fertility,
    "investment": lambda: [(row["firm"], row["year"], row["invest"]) for row in statsmodels("grunfeld")],
    "german_interest": lambda: quarterly(statsmodels("interest_inflation", "E6"), "R"),
    "german_inflation": lambda: quarterly(statsmodels("interest_inflation", "E6"), "Dp"),
    "us_cpi": lambda: quarterly(statsmodels("macrodata"), "cpi"),
    "us_gdp": lambda: quarterly(statsmodels("macrodata"), "realgdp"),
    "us_unemployment": lambda: quarterly(statsmodels("macrodata"), "unemp"),
    "nile": lambda: [(row["year"], row["volume"]) for row in statsmodels("nile")],
    "danish_money": lambda: [(quarter(*row["period"].split("Q")), row["lrm"]) for row in statsmodels("danish_data", "data")],
    "seattle_warmest": lambda: [(row["date"].replace("/", "-"), row["temp_max"]) for row in vega("seattle-weather")],
    "seattle_hours": lambda: [(row["date"].replace("/", "-"), row["temp"]) for row in vega("seattle-temps")],
    "san_francisco_hours": lambda: [(row["date"].replace("/", "-"), row["temp"]) for row in vega("sf-temps")],
    "stocks": lambda: [(row["symbol"], named_month(row["date"], "%b %d %Y"), row["price"]) for row in vega("stocks")],
    "iowa_electricity": lambda: [(row["source"], row["year"], row["net_generation"]) for row in vega("iowa-electricity")],
    "us_employment": lambda: [(row["month"], row["nonfarm"]) for row in vega("us-employment")],
    "wheat": wheat,
    "airline": lambda: [(f"{row['Date']}-01", row["Passengers"]) for row in aeon("Airline")],
    "lynx": lambda: [(row[""], row["0"]) for row in aeon("Lynx")],
    "shampoo": lambda: [(f"{row['Time']}-01", row["Sales"]) for row in aeon("ShampooSales")],
    "us_consumption": lambda: [(quarter(*row["Quarter"].split(" Q")), row["Consumption"]) for row in aeon("Uschange")],
    "m1_yearly": m1_yearly,
    "solar": lambda: [(row["datetime_gmt"][:16], row["solar_gen"]) for row in aeon("solar")],
    "seatbelts": lambda: [(row[""], row["KSI"]) for row in table("sktime", "datasets/data/seatbelts/seatbelts.csv")],
}


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: forecast_sets.py FOLDER")
    folder = pathlib.Path(sys.argv[1])
    written = {name: rows() for name, rows in SETS.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in written.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["series", "time", "value"][-len(rows[0]):])
            writer.writerows(rows)


if __name__ == "__main__":
    main()
