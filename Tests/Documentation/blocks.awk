# Takes the fenced blocks out of a page. For each it writes FOLDER/NNN with the block's text and FOLDER/NNN.about with three lines:
# the line it begins on, its language, and its mark, the HTML comment directly above it. A comment that begins with a line
# "<!-- setup" is a block of the language "setup".
# awk -v folder=FOLDER -f blocks.awk PAGE

function unindented(line, count) {
  while (count-- > 0 && substr(line, 1, 1) == " ") line = substr(line, 2)
  return line
}

# begin LANGUAGE: a block begins on this line.
function begin(language) {
  inside = 1
  file = sprintf("%s/%03d", folder, ++blocks)
  printf "" >file
  printf "%d\n%s\n%s\n", FNR, language, mark >(file ".about")
  close(file ".about")
}

inside && $0 ~ ending { inside = 0; mark = ""; close(file); next }
inside { print unindented($0, indent) >file; next }

/^ *```/ {
  ending = "^ *```+ *$"
  indent = match($0, /[^ ]/) - 1
  sub(/^ *```+ */, "")
  begin($0)
  next
}

/^<!-- setup$/ {
  ending = "^-->$"
  indent = 0
  begin("setup")
  next
}

# A mark may take several lines and may be parted from its block by an empty one.
/^ *<!--/ { comment = 1; mark = "" }
comment {
  text = $0
  sub(/^ *(<!--)? */, "", text)
  ends = sub(/ *-->.*/, "", text)
  mark = mark (mark == "" ? "" : " ") text
  if (ends) comment = 0
  next
}
/[^ ]/ { mark = "" }

END { if (inside) { print FILENAME ": a block is not closed" >"/dev/stderr"; exit 1 } }
