# Turns the ```swift blocks of Markdown files into the sources of a program, and their comments into what it must print.
#
# A block becomes a function of its own that main.swift calls, or stays as it is where it starts with an extension or a type.
# `print(…)  // text` promises the line "text", and so do comment lines right after a `print(…)` without one.
# Blocks that show a package manifest are left out.
function finish(   name, file, i, code, declaration) {
  for (i = 1; i <= count; i++) if (block[i] ~ /\.package\(|\.product\(name:|swift-tools-version/) return
  number++
  name = "example" number
  file = sources "/" name ".swift"
  declaration = 0
  for (i = 1; i <= count; i++) {
    if (block[i] ~ /^(import .*)?$/) continue
    declaration = block[i] ~ /^(public )?(extension|struct|enum|final class|func) /
    break
  }
  print "import LossAccel" > file
  for (i = 1; i <= count; i++) if (block[i] ~ /^import / && block[i] !~ /LossAccel/) print block[i] > file
  if (!declaration) {
    print "func " name "() throws {" > file
    print "print(\"--- " place "\")\ntry " name "()" >> (sources "/main.swift")
    print "--- " place > promises
  }
  # Errors then point into the Markdown file.
  print "#sourceLocation(file: \"" FILENAME "\", line: " first ")" > file
  for (i = 1; i <= count; i++) {
    code = block[i]
    print (code ~ /^import / ? "" : code) > file
    if (code !~ /^ *print\(/) continue
    if (match(code, /\)  \/\/ .*$/)) print substr(code, RSTART + 6) > promises
    else while (i < count && block[i + 1] ~ /^ *\/\/( |$)/) {
      i++
      print block[i] > file
      sub(/^ *\/\/ ?/, "", block[i])
      print block[i] > promises
    }
  }
  print "#sourceLocation()" > file
  if (!declaration) print "}" > file
  close(file)
}

/^```swift *$/ { inside = 1; count = 0; first = FNR + 1; place = FILENAME ":" FNR; next }
/^```/ { if (inside) finish(); inside = 0; next }
inside { block[++count] = $0 }
END { print number " examples" }
