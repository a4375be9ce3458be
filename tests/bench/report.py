"""The tables of a run: report.py FIGURES, of lines with database, vendor, figure and value.

Searches are told as ratios to the floor; `deep : page` is how many times longer the deep page takes than page 1.
"""
import sys

SEARCHES = ["read", "patient", "page", "deep"]
AIM = 0.7

figures = {}
for line in open(sys.argv[1], encoding="utf-8"):
    database, vendor, name, value = line.rstrip("\n").split("\t")
    figures.setdefault(database, {}).setdefault(vendor, {})[name] = float(value)


def ratio(a, b):
    return a / b if b else 0.0


def to_floor(of):
    return {search: ratio(of[search], of[search + "-floor"]) for search in SEARCHES}


for database, vendors in figures.items():
    titles = ["load rows/s", "load MB", "server MB", *SEARCHES, "deep is", "deep : page"]
    print(f"{database:16}", *(f"{title:>11}" for title in titles))
    for vendor, of in vendors.items():
        cells = [f"{of[name]:.0f}" for name in ["load-rate", "load-memory", "server-memory"]]
        cells += [f"{share:.2f}" for share in to_floor(of).values()]
        cells += [f"{of['depth']:.0f}", f"{ratio(of['page'], of['deep']):.2f}"]
        print(f"{vendor:16}", *(f"{cell:>11}" for cell in cells))
    print()

print(f"Each vendor's ratios to the floor as shares of Healthjump's; the aim is none below {AIM}:")
for database, vendors in figures.items():
    if "healthjump" not in vendors:
        print(f"{database}: Healthjump was not measured")
        continue
    best = to_floor(vendors["healthjump"])
    for vendor, of in vendors.items():
        if vendor == "healthjump":
            continue
        shares = {search: ratio(share, best[search]) for search, share in to_floor(of).items()}
        missed = [search for search, share in shares.items() if share < AIM]
        told = ", ".join(f"{search} {share:.2f}" for search, share in shares.items())
        print(f"{database} {vendor}: {told}" + (f"; below the aim: {', '.join(missed)}" if missed else ""))
