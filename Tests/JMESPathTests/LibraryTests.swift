import JMESPath
import OrderedJSON
import Testing

/// Rows are what jmespath.py 1.0.1 gives for `document`, to the letter and the form of every number.
struct LibraryTests {
  @Test("results are the library's", arguments: results)
  func result(expression: String, result: String) throws {
    #expect(try JMESPathExpression(expression).search(document()).text() == result)
  }

  @Test("errors are in the library's words", arguments: errors)
  func error(expression: String, message: String) throws {
    let document = try document()
    let error = #expect(throws: JMESPathError.self) { try JMESPathExpression(expression).search(document) }
    #expect(error?.message == message)
    #expect(error?.expression == expression)
  }

  /// A reference is a Python object that some functions let pass; here it is an argument and nothing else.
  /// What `merge` is given behind its first argument, Python reads as pairs if it can.
  @Test(
    "known differences from the library",
    arguments: [
      ("!&k", JMESPathError.Kind.type, "Object of type _Expression is not JSON serializable"),
      ("t || &k", nil, "\"a,b\""),
      ("x || &k", .type, "Object of type _Expression is not JSON serializable"),
      ("not_null(&k)", nil, "null"),
      (
        "merge(m, 'ab')", .type,
        "In function merge(), invalid type for value: ab, expected one of: ['object'], "
          + "received: \"string\""
      ),
    ])
  func knownDifferences(expression: String, kind: JMESPathError.Kind?, text: String) throws {
    do throws(JMESPathError) {
      let value = try JMESPathExpression(expression).search((try? document()) ?? .null)
      #expect(kind == nil && value.text() == text)
    } catch {
      #expect(error.kind == kind && error.message == text)
    }
  }

  private func document() throws -> JSON {
    try JSON.parse(
      """
      {"n": [3, 1.5, -2], "s": ["b", "a", "é"],
      "o": [{"k": 2, "v": "x"}, {"k": 1, "v": "y"}, {"k": 2, "v": "z"}], "t": "a,b",
      "m": {"z": 1, "a": {"b": null}}, "e": [], "mixed": [1, "a"], "b": true, "big": 9007199254740993}
      """)
  }
}

private let results: [(String, String)] = [
  ("n[0]", "3"),
  ("n[-1]", "-2"),
  ("n[9]", "null"),
  ("n[::-1]", "[-2,1.5,3]"),
  ("n[99999999999999999999]", "null"),
  ("n[-99999999999999999999:99999999999999999999]", "[3,1.5,-2]"),
  ("n[:2:]", "[3,1.5]"),
  ("n[1:0:-1]", "[1.5]"),
  ("s | sort(@)", "[\"a\",\"b\",\"é\"]"),
  ("sort(n)", "[-2,1.5,3]"),
  ("sort_by(o,&k)[].v", "[\"y\",\"x\",\"z\"]"),
  ("max_by(o,&k).v", "\"x\""),
  ("min_by(o,&k).v", "\"y\""),
  ("max_by(e,&k)", "null"),
  ("sort_by(e,&k)", "[]"),
  ("max(e)", "null"),
  ("avg(e)", "null"),
  ("avg(n)", "0.8333333333333334"),
  ("sum(n)", "2.5"),
  ("sum(e)", "0"),
  ("sum(o[].k)", "5"),
  ("avg(o[].k)", "1.6666666666666667"),
  ("abs(n[2])", "2"),
  ("ceil(n[1])", "2"),
  ("floor(n[1])", "1"),
  ("ceil(`-0.5`)", "0"),
  ("floor(`1e21`)", "1000000000000000000000"),
  ("to_string(n)", "\"[3,1.5,-2]\""),
  ("to_string(s)", "\"[\\\"b\\\",\\\"a\\\",\\\"\\\\u00e9\\\"]\""),
  ("to_string(t)", "\"a,b\""),
  ("to_string(m)", "\"{\\\"z\\\":1,\\\"a\\\":{\\\"b\\\":null}}\""),
  ("to_number('1_000')", "1000"),
  ("to_number(' +7 ')", "7"),
  ("to_number('1.50')", "1.5"),
  ("to_number('5.')", "5.0"),
  ("to_number('.5e1')", "5.0"),
  ("to_number('1e400')", "Infinity"),
  ("to_number('abc')", "null"),
  ("to_number('')", "null"),
  ("to_number(b)", "null"),
  ("to_number('0x10')", "null"),
  ("to_number('12345678901234567890123')", "12345678901234567890123"),
  ("length('é👩\u{200d}💻')", "4"),
  ("reverse('aé')", "\"éa\""),
  ("reverse(n)", "[-2,1.5,3]"),
  ("contains(t,',')", "true"),
  ("contains(n,`1.5`)", "true"),
  ("contains(`[true]`,`1`)", "true"),
  ("starts_with(t,'a')", "true"),
  ("ends_with(t,'b')", "true"),
  ("ends_with(t,'')", "true"),
  ("join('-',s)", "\"b-a-é\""),
  ("keys(m)", "[\"z\",\"a\"]"),
  ("values(m)", "[1,{\"b\":null}]"),
  ("m.*", "[1,{\"b\":null}]"),
  ("m.a.*", "[]"),
  ("merge(m,`{\"z\":2,\"q\":3}`)", "{\"z\":2,\"a\":{\"b\":null},\"q\":3}"),
  ("not_null(x,y,t)", "\"a,b\""),
  ("not_null(x)", "null"),
  ("to_array(t)", "[\"a,b\"]"),
  ("to_array(n)", "[3,1.5,-2]"),
  ("type(@)", "\"object\""),
  ("type(x)", "\"null\""),
  ("type(b)", "\"boolean\""),
  ("map(&k,o)", "[2,1,2]"),
  ("map(&x,o)", "[null,null,null]"),
  ("o[?k==`2`].v", "[\"x\",\"z\"]"),
  ("o[?k>`1`].[v,k]", "[[\"x\",2],[\"z\",2]]"),
  ("n > s", "null"),
  ("n < `1`", "null"),
  ("!n", "false"),
  ("!`0`", "false"),
  ("!e", "true"),
  ("t || x", "\"a,b\""),
  ("e || t", "\"a,b\""),
  ("e && t", "[]"),
  ("b && t", "\"a,b\""),
  ("big == `9007199254740992`", "false"),
  ("big", "9007199254740993"),
  ("`1` == `1.0`", "true"),
  ("`1` == `true`", "false"),
  ("`[1]` == `[true]`", "true"),
  ("o[].{a:k,b:v}[?a==`1`]", "[{\"a\":1,\"b\":\"y\"}]"),
  ("*[0]", "[3,\"b\",{\"k\":2,\"v\":\"x\"},1]"),
  ("o[*].k | [0]", "2"),
  ("{a:n[0],\"b c\":t}", "{\"a\":3,\"b c\":\"a,b\"}"),
  ("[t,x]", "[\"a,b\",null]"),
  ("x.[t]", "null"),
  ("x.{a:t}", "null"),
  (
    "@",
    "{\"n\":[3,1.5,-2],\"s\":[\"b\",\"a\",\"é\"],\"o\":[{\"k\":2,\"v\":\"x\"},{\"k\":1,\"v\":\"y\"},{\"k\":2,\"v\":\"z\"}],\"t\":\"a,b\",\"m\":{\"z\":1,\"a\":{\"b\":null}},\"e\":[],\"mixed\":[1,\"a\"],\"b\":true,\"big\":9007199254740993}"
  ),
  ("`foo`", "\"foo\""),
  ("`\"a\\`b\"`", "\"a`b\""),
  ("`[1, 2`", "\"[1, 2\""),
  ("'it\\'s'", "\"it's\""),
  ("\"t\"", "\"a,b\""),
  ("\"\\u0074\"", "\"a,b\""),
  ("[]", "null"),
  (
    "*",
    "[[3,1.5,-2],[\"b\",\"a\",\"é\"],[{\"k\":2,\"v\":\"x\"},{\"k\":1,\"v\":\"y\"},{\"k\":2,\"v\":\"z\"}],\"a,b\",{\"z\":1,\"a\":{\"b\":null}},[],[1,\"a\"],true,9007199254740993]"
  ),
  ("a.*.*", "null"),
  ("@.t", "\"a,b\""),
  ("t.length(@)", "3"),
  ("a[ 0 ]", "null"),
  (" t ", "\"a,b\""),
  ("\tt\n", "\"a,b\""),
  ("!!b", "true"),
  ("!b==b", "false"),
  ("n[]", "[3,1.5,-2]"),
  ("o[].k[]", "[2,1,2]"),
  ("[[1]]", "[null]"),
  ("`[[1,[2]],3]`[]", "[1,[2],3]"),
  ("`[[1,[2]],3]`[][]", "[1,2,3]"),
  ("'\\\\'", "\"\\\\\\\\\""),
  ("type(`null`)", "\"null\""),
  ("sort_by(o,&v)[-1].k", "2"),
  ("n[*].abs(@)", "[3,1.5,2]"),
  ("o[*].not_null(x,v)", "[\"x\",\"y\",\"z\"]"),
]

private let errors: [(String, String)] = [
  ("n[::0]", "slice step cannot be zero"),
  ("contains(t,`1`)", "'in <string>' requires string as left operand, not int"),
  (
    "join('-',n)",
    "In function join(), invalid type for value: 3, expected one of: ['array-string'], received: \"int\""
  ),
  ("o[?k>'1']", "'>' not supported between instances of 'int' and 'str'"),
  ("`1` < 'a'", "'<' not supported between instances of 'int' and 'str'"),
  ("\"x\\qy\"", "Bad jmespath expression: Invalid \\escape:\n\"x\\qy\"\n^"),
  ("length(n,t)", "Expected 1 argument for function length(), received 2"),
  ("length()", "Expected 1 argument for function length(), received 0"),
  ("not_null()", "Expected at least 1 argument for function not_null(), received 0"),
  ("merge()", "Expected at least 1 argument for function merge(), received 0"),
  (
    "sort(mixed)",
    "In function sort(), invalid type for value: a, expected one of: ['array-string', 'array-number'], received: \"str\""
  ),
  (
    "max(mixed)",
    "In function max(), invalid type for value: a, expected one of: ['array-number', 'array-string'], received: \"str\""
  ),
  (
    "sort_by(o,&x)",
    "In function sort_by(), invalid type for value: {'k': 2, 'v': 'x'}, expected one of: ['string', 'number'], received: \"null\""
  ),
  (
    "sort_by(mixed,&@)",
    "In function sort_by(), invalid type for value: a, expected one of: ['number'], received: \"string\""
  ),
  ("max_by(mixed,&@)", "'>' not supported between instances of 'str' and 'int'"),
  ("min_by(mixed,&@)", "'<' not supported between instances of 'str' and 'int'"),
  (
    "sum(s)",
    "In function sum(), invalid type for value: b, expected one of: ['array-number'], received: \"str\""
  ),
  (
    "abs(t)",
    "In function abs(), invalid type for value: a,b, expected one of: ['number'], received: \"string\""
  ),
  (
    "keys(n)",
    "In function keys(), invalid type for value: [3, 1.5, -2], expected one of: ['object'], received: \"array\""
  ),
  (
    "map(k,o)",
    "In function map(), invalid type for value: None, expected one of: ['expref'], received: \"null\""
  ),
  (
    "sort_by(o,k)",
    "In function sort_by(), invalid type for value: None, expected one of: ['expref'], received: \"null\""
  ),
  (
    "length(b)",
    "In function length(), invalid type for value: True, expected one of: ['string', 'array', 'object'], received: \"boolean\""
  ),
  (
    "length(x)",
    "In function length(), invalid type for value: None, expected one of: ['string', 'array', 'object'], received: \"null\""
  ),
  ("foo(@)", "Unknown function: foo()"),
  ("&k", "Object of type _Expression is not JSON serializable"),
  ("[&k]", "Object of type _Expression is not JSON serializable"),
  ("merge(m,x)", "'NoneType' object is not iterable"),
  ("o[", "Invalid jmespath expression: Incomplete expression:\n\"o[\"\n   ^"),
  ("o[0", "Invalid jmespath expression: Incomplete expression:\n\"o[0\"\n    ^"),
  ("o[?", "Invalid jmespath expression: Incomplete expression:\n\"o[?\"\n    ^"),
  ("o[?k", "Invalid jmespath expression: Incomplete expression:\n\"o[?k\"\n     ^"),
  (
    "o.",
    "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: eof: Parse error at column 2, token \"\" (EOF), for expression:\n\"o.\"\n   ^"
  ),
  (
    "o..k",
    "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: dot: Parse error at column 2, token \".\" (DOT), for expression:\n\"o..k\"\n   ^"
  ),
  (".o", "invalid token: Parse error at column 0, token \".\" (DOT), for expression:\n\".o\"\n ^"),
  (
    "o]", "Unexpected token: ]: Parse error at column 1, token \"]\" (RBRACKET), for expression:\n\"o]\"\n  ^"
  ),
  ("o)", "Unexpected token: ): Parse error at column 1, token \")\" (RPAREN), for expression:\n\"o)\"\n  ^"),
  ("(o", "Invalid jmespath expression: Incomplete expression:\n\"(o\"\n   ^"),
  (
    "o[k]",
    "Expecting: star, got: unquoted_identifier: Parse error at column 2, token \"k\" (UNQUOTED_IDENTIFIER), for expression:\n\"o[k]\"\n   ^"
  ),
  (
    "o[0:1:2:3]",
    "syntax error: Parse error at column 7, token \":\" (COLON), for expression:\n\"o[0:1:2:3]\"\n        ^"
  ),
  (
    "o[0:'a']",
    "syntax error: Parse error at column 4, token \"a\" (LITERAL), for expression:\n\"o[0:'a']\"\n     ^"
  ),
  ("{", "Invalid jmespath expression: Incomplete expression:\n\"{\"\n  ^"),
  (
    "{}",
    "Expecting: ['quoted_identifier', 'unquoted_identifier'], got: rbrace: Parse error at column 1, token \"}\" (RBRACE), for expression:\n\"{}\"\n  ^"
  ),
  (
    "{a}",
    "Expecting: colon, got: rbrace: Parse error at column 2, token \"}\" (RBRACE), for expression:\n\"{a}\"\n   ^"
  ),
  ("{a:", "Invalid jmespath expression: Incomplete expression:\n\"{a:\"\n    ^"),
  ("{a:n", "Invalid jmespath expression: Incomplete expression:\n\"{a:n\"\n     ^"),
  ("{a:n,", "Invalid jmespath expression: Incomplete expression:\n\"{a:n,\"\n      ^"),
  (
    "{1:n}",
    "Expecting: ['quoted_identifier', 'unquoted_identifier'], got: number: Parse error at column 1, token \"1\" (NUMBER), for expression:\n\"{1:n}\"\n  ^"
  ),
  ("foo(", "Invalid jmespath expression: Incomplete expression:\n\"foo(\"\n     ^"),
  ("foo(a", "Invalid jmespath expression: Incomplete expression:\n\"foo(a\"\n      ^"),
  ("foo(a b)", "Unknown function: foo()"),
  ("foo(a,)", "Unknown function: foo()"),
  ("'a", "Bad jmespath expression: Unclosed ' delimiter:\n'a\n^"),
  ("\"a", "Bad jmespath expression: Unclosed \" delimiter:\n\"a\n^"),
  ("`a", "Bad jmespath expression: Unclosed ` delimiter:\n`a\n^"),
  (
    "a b",
    "Unexpected token: b: Parse error at column 2, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"a b\"\n   ^"
  ),
  ("a,b", "Unexpected token: ,: Parse error at column 1, token \",\" (COMMA), for expression:\n\"a,b\"\n  ^"),
  ("a=b", "Bad jmespath expression: Unknown token '=':\na=b\n ^"),
  ("=", "Bad jmespath expression: Unknown token '=':\n=\n^"),
  ("a==", "Invalid jmespath expression: Incomplete expression:\n\"a==\"\n    ^"),
  ("a!b", "invalid token: Parse error at column 1, token \"!\" (NOT), for expression:\n\"a!b\"\n  ^"),
  ("a|", "Invalid jmespath expression: Incomplete expression:\n\"a|\"\n   ^"),
  ("|a", "invalid token: Parse error at column 0, token \"|\" (PIPE), for expression:\n\"|a\"\n ^"),
  ("||", "invalid token: Parse error at column 0, token \"||\" (OR), for expression:\n\"||\"\n ^"),
  ("a &&", "Invalid jmespath expression: Incomplete expression:\n\"a &&\"\n     ^"),
  ("-", "Bad jmespath expression: Unknown token '-':\n-\n^"),
  ("--1", "Bad jmespath expression: Unknown token '-':\n--1\n^"),
  ("-a", "Bad jmespath expression: Unknown token '-':\n-a\n^"),
  (
    "a-1",
    "Unexpected token: -1: Parse error at column 1, token \"-1\" (NUMBER), for expression:\n\"a-1\"\n  ^"
  ),
  ("#", "Bad jmespath expression: Unknown token #:\n#\n^"),
  ("é", "Bad jmespath expression: Unknown token é:\né\n^"),
  ("a.é", "Bad jmespath expression: Unknown token é:\na.é\n  ^"),
  ("$", "Bad jmespath expression: Unknown token $:\n$\n^"),
  (
    "a.1",
    "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: number: Parse error at column 2, token \"1\" (NUMBER), for expression:\n\"a.1\"\n   ^"
  ),
  (
    "a.'b'",
    "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: literal: Parse error at column 2, token \"b\" (LITERAL), for expression:\n\"a.'b'\"\n   ^"
  ),
  (
    "a.`1`",
    "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: literal: Parse error at column 2, token \"1\" (LITERAL), for expression:\n\"a.`1`\"\n   ^"
  ),
  ("a[*", "Invalid jmespath expression: Incomplete expression:\n\"a[*\"\n    ^"),
  (
    "a[*]b",
    "Unexpected token: b: Parse error at column 4, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"a[*]b\"\n     ^"
  ),
  (
    "a[]b",
    "Unexpected token: b: Parse error at column 3, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"a[]b\"\n    ^"
  ),
  ("[", "Invalid jmespath expression: Incomplete expression:\n\"[\"\n  ^"),
  ("[a", "Invalid jmespath expression: Incomplete expression:\n\"[a\"\n   ^"),
  ("[a,", "Invalid jmespath expression: Incomplete expression:\n\"[a,\"\n    ^"),
  (
    "[a,]", "invalid token: Parse error at column 3, token \"]\" (RBRACKET), for expression:\n\"[a,]\"\n    ^"
  ),
  (
    "[?a]b",
    "Unexpected token: b: Parse error at column 4, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"[?a]b\"\n     ^"
  ),
  (
    "*b",
    "Unexpected token: b: Parse error at column 1, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"*b\"\n  ^"
  ),
  ("**", "syntax error: Parse error at column 1, token \"*\" (STAR), for expression:\n\"**\"\n  ^"),
  (
    "@t",
    "Unexpected token: t: Parse error at column 1, token \"t\" (UNQUOTED_IDENTIFIER), for expression:\n\"@t\"\n  ^"
  ),
  ("t@", "Unexpected token: @: Parse error at column 1, token \"@\" (CURRENT), for expression:\n\"t@\"\n  ^"),
  (
    "\"t\"(n)",
    "Quoted identifier not allowed for function names.: Parse error at column 0, token \"(\" (LPAREN), for expression:\n\"\"t\"(n)\"\n ^"
  ),
  (
    "'t'(n)",
    "Invalid function name 't': Parse error at column 0, token \"t\" (LITERAL), for expression:\n\"'t'(n)\"\n ^"
  ),
  ("(t)(n)", "Unknown function: t()"),
  (
    "@(n)",
    "Invalid function name '@': Parse error at column 0, token \"@\" (CURRENT), for expression:\n\"@(n)\"\n ^"
  ),
  (
    "n[0](x)",
    "Invalid function name ']': Parse error at column 3, token \"]\" (RBRACKET), for expression:\n\"n[0](x)\"\n    ^"
  ),
  ("1", "invalid token: Parse error at column 0, token \"1\" (NUMBER), for expression:\n\"1\"\n ^"),
  (
    "a[1.5]",
    "Expecting: rbracket, got: dot: Parse error at column 3, token \".\" (DOT), for expression:\n\"a[1.5]\"\n    ^"
  ),
  ("a[-]", "Bad jmespath expression: Unknown token '-':\na[-]\n  ^"),
  ("!", "Invalid jmespath expression: Incomplete expression:\n\"!\"\n  ^"),
  ("a\u{a0}b", "Bad jmespath expression: Unknown token \u{a0}:\na\u{a0}b\n ^"),
  ("`\\`", "Bad jmespath expression: Unclosed ` delimiter:\n`\\`\n^"),
  (
    "floor('a')",
    "In function floor(), invalid type for value: a, expected one of: ['number'], received: \"string\""
  ),
]
