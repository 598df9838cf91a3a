# Compares what was promised (first file) with what was printed (second file), line by line. In a promise that starts with
# "≈ " numbers agree when the printed ones, rounded to the promised digits, are the same.
function agrees(promise, line,   number, digits, value) {
  if (promise !~ /^≈ /) return promise == line
  promise = substr(promise, length("≈ ") + 1)
  number = "-?[0-9]+(\\.[0-9]+)?(e[-+]?[0-9]+)?"
  while (match(promise, number)) {
    if (substr(promise, 1, RSTART - 1) != between(line, number)) return 0
    value = substr(promise, RSTART, RLENGTH)
    promise = substr(promise, RSTART + RLENGTH)
    digits = value ~ /\./ ? length(value) - index(value, ".") : 0
    match(line, number)
    if (sprintf("%." digits "f", substr(line, RSTART, RLENGTH)) + 0 != value + 0) return 0
    line = substr(line, RSTART + RLENGTH)
  }
  return promise == line
}
# The text before the first number of a line.
function between(line, number,   start, length_, text) {
  start = RSTART
  length_ = RLENGTH
  text = match(line, number) ? substr(line, 1, RSTART - 1) : "\n"
  RSTART = start
  RLENGTH = length_
  return text
}

FNR == NR { promised[NR] = $0; promises = NR; next }
{
  printed++
  if ($0 ~ /^--- /) place = substr($0, 5)
  if (!(printed in promised) || !agrees(promised[printed], $0)) {
    print place ": the example promises\n  " promised[printed] "\nand prints\n  " $0
    failed = 1
    exit 1
  }
}
END {
  if (!failed && printed != promises) {
    print place ": the examples promise " promises " lines and print " printed + 0
    exit 1
  }
  if (!failed) print "every example prints what it promises"
}
