# Prints Swift code as file:line:code, without comments and without the contents of string literals.
FNR == 1 { comment = 0; multiline = 0 }
{
  line = $0
  code = ""
  while (length(line) > 0) {
    two = substr(line, 1, 2)
    three = substr(line, 1, 3)
    if (comment > 0) {  # block comments nest
      if (two == "*/") { comment--; line = substr(line, 3) }
      else if (two == "/*") { comment++; line = substr(line, 3) }
      else line = substr(line, 2)
    } else if (multiline) {
      if (three == "\"\"\"") { multiline = 0; line = substr(line, 4) }
      else line = substr(line, 2)
    } else if (three == "\"\"\"") { multiline = 1; line = substr(line, 4) }
    else if (two == "/*") { comment++; line = substr(line, 3) }
    else if (two == "//") line = ""
    else if (match(line, /^"([^"\\]|\\.)*"/)) { code = code "\"\""; line = substr(line, RLENGTH + 1) }
    else { code = code substr(line, 1, 1); line = substr(line, 2) }
  }
  if (code ~ /[^ \t]/) print FILENAME ":" FNR ":" code
}
