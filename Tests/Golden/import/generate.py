"""Random delimited texts and how Python's csv module reads them, for CSVReaderTests."""
import csv, io, json, os, random

random.seed(7)
cases = []
pieces = ["a", "bc", " ", "é", "漢字", "1.5", "'", "x;y", "\t", "|", "0"]
quoted = pieces + ['""', "\n", "\r\n", ",", ";", "a\n\nb"]
while len(cases) < 300:
    delimiter = random.choice(",;|\t")
    end = random.choice(["\n", "\r\n", "\r"])
    lines = []
    for _ in range(random.randint(1, 5)):
        fields = []
        for _ in range(random.randint(1, 4)):
            if random.random() < 0.5:
                fields.append('"' + "".join(random.choices(quoted, k=random.randint(0, 4))) + '"')
            else:
                fields.append("".join(p for p in random.choices(pieces, k=random.randint(0, 3)) if delimiter not in p))
        lines.append(delimiter.join(fields))
    text = end.join(lines) + (end if random.random() < 0.5 else "")
    rows = [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if r]
    # A quoted empty field alone on a line is a row for both; a blank line is none.
    cases.append({"text": text, "delimiter": delimiter, "rows": rows})
here = os.path.dirname(os.path.abspath(__file__))
json.dump(cases, open(os.path.join(here, "csv.json"), "w"), ensure_ascii=True, indent=0)
