# Prints the public declarations that no `///` precedes: all that says `public` or `open`, whatever its name, and what is public
# without saying so: the cases of public enumerations and the requirements of public protocols.
#
# Members whose names begin with an underscore are nobody's business outside the package, by Swift's own convention.
#
# Counts on `swift format`: one declaration per line, attributes on lines of their own or before the modifiers, braces that
# open at the end of a line.
function closing_depth(text,   copy) { copy = text; return gsub(/[}]/, "", copy) }
function opening_depth(text,   copy) { copy = text; return gsub(/[{]/, "", copy) }

FNR == 1 { depth = 0; documented = 0; attribute = 0; string = 0; delete kind }

# Multiline strings hold anything.
{
  copy = $0
  quotes = gsub(/"""/, "", copy)
  inside = string
  if (quotes % 2) string = !string
  if (inside) next
}

/^[ \t]*\/\/\// { documented = 1; next }
/^[ \t]*\/\// { next }  # an ordinary comment between a doc comment and its declaration
/^[ \t]*#/ { next }

{
  code = $0
  sub(/^[ \t]+/, "", code)
  gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
  sub(/\/\/.*/, "", code)
  is_attribute = code ~ /^@[A-Za-z_]+(\([^)]*\))?[ \t]*$/

  stripped = code
  while (match(stripped, /^@[A-Za-z_]+(\([^)]*\))?[ \t]+/)) stripped = substr(stripped, RLENGTH + 1)
  modifiers = "(nonisolated|static|class|final|mutating|nonmutating|consuming|borrowing|override|required|convenience|lazy|weak|indirect|prefix|postfix|infix|dynamic|isolated|distributed|package\\(set\\)|internal\\(set\\)|private\\(set\\)|fileprivate\\(set\\))"
  keyword = "(func|var|let|init|subscript|struct|class|enum|actor|protocol|typealias|associatedtype|case|macro|operator)"
  is_declaration = stripped ~ ("^(" modifiers " +)*((public|open) +)?(" modifiers " +)*" keyword "[^A-Za-z0-9_]")
  says_public = stripped ~ ("^(" modifiers " +)*(public|open) ")

  requirement = kind[depth] == "protocol" && is_declaration
  internal_name = stripped ~ "(func|var|let|typealias|associatedtype) +_"
  enumeration_case = kind[depth] == "enum" && stripped ~ /^(indirect +)?case /
  if (is_declaration && (says_public || requirement || enumeration_case) && !documented && !internal_name)
    print FILENAME ":" FNR ": " code

  # What the braces of this line open: only members directly inside a public enumeration or protocol count.
  opened = opening_depth(code)
  closed = closing_depth(code)
  if (opened > closed) {
    kind[depth + opened - closed] = ""
    if (says_public && stripped ~ /(^| )protocol /) kind[depth + opened - closed] = "protocol"
    if (says_public && stripped ~ /(^| )enum /) kind[depth + opened - closed] = "enum"
  }
  depth += opened - closed
  if (!is_attribute) documented = 0
}
