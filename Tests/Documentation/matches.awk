# Compares what a page shows with what a command printed: awk -f matches.awk SHOWN PRINTED; exits with 1 where they differ.
#
# Numbers, times and hashes (twelve hexadecimal digits or more) may differ, and so may the widths of columns. A line that is … stands for any number of lines, and … within a line for
# any text.

function plain(line) {
  gsub(/[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]+/, "N", line)
  gsub(/[0-9]+([.,:][0-9]+)*/, "N", line)
  gsub(/^-N/, "N", line)
  gsub(/ -N/, " N", line)
  gsub(/--+/, "--", line)
  gsub(/[ \t\r]+/, " ", line)
  sub(/^ /, "", line)
  sub(/ $/, "", line)
  return line
}

# Whether a line fits a pattern in which … stands for any text.
function fits(line, pattern,    parts, count, i, at) {
  count = split(pattern, parts, "…")
  if (count < 2) return line == pattern
  if (substr(line, 1, length(parts[1])) != parts[1]) return 0
  line = substr(line, length(parts[1]) + 1)
  for (i = 2; i < count; i++) {
    at = index(line, parts[i])
    if (!at) return 0
    line = substr(line, at + length(parts[i]))
  }
  return length(line) >= length(parts[count]) && substr(line, length(line) - length(parts[count]) + 1) == parts[count]
}

NR == FNR { shown[++rows] = plain($0); next }
{ printed[++lines] = plain($0) }

END {
  # The usual walk through a pattern with one kind of star: back to the last … where a line does not fit.
  i = j = 1; star = 0
  while (j <= lines) {
    if (i <= rows && shown[i] == "…") { star = i++; from = j }
    else if (i <= rows && fits(printed[j], shown[i])) { i++; j++ }
    else if (star) { i = star + 1; j = ++from }
    else exit 1
  }
  while (i <= rows && shown[i] == "…") i++
  exit i <= rows
}
