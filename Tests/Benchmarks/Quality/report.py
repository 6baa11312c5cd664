"""Tables, aligned for the terminal and as Markdown for a file."""

import sys
import time


class Report:
    """Prints tables as they come and keeps them for the Markdown file."""

    def __init__(self, title):
        self.parts = [f"# {title}\n"]

    def text(self, words):
        print(words + "\n", flush=True)
        self.parts.append(words + "\n")

    def table(self, title, header, rows):
        cells = [list(map(str, row)) for row in [header, *rows]]
        widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
        print(title)
        for row in [cells[0], ["-" * w for w in widths], *cells[1:]]:
            print("  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip())
        print(flush=True)
        lines = ["| " + " | ".join(row) + " |" for row in cells]
        lines.insert(1, "|" + " --- |" * len(header))
        self.parts.append(f"## {title}\n\n" + "\n".join(lines) + "\n")

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(self.parts))

    def append(self, path):
        """Adds the parts below the title to a file."""
        with open(path, "a", encoding="utf-8") as file:
            file.write("\n" + "\n".join(self.parts[1:]))


def number(value):
    return "–" if value != value else f"{value:.3f}"


def interval(values):
    """An estimate with its bounds: 0.684 [0.657, 0.709]."""
    estimate, low, high = values
    return f"{number(estimate)} [{number(low)}, {number(high)}]"


def difference(values):
    """The same with signs, for differences."""
    return "{:+.3f} [{:+.3f}, {:+.3f}]".format(*values)


_start = time.monotonic()


def progress(words):
    """Tells on standard error what is going on."""
    print(f"{time.monotonic() - _start:6.0f} s  {words}", file=sys.stderr, flush=True)
