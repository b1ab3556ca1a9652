/// What a key is made of.
func isKeyScalar(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "#", "/", ":": true
  default: false
  }
}

/// White space as the CLI's parser skips it.
func isBlank(_ scalar: Unicode.Scalar) -> Bool {
  scalar == " " || (0x09...0x0D).contains(scalar.value)
}

/// What a bare value may begin with.
func isStart(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x21, 0x23...0x26, 0x28...0x2B, 0x2D...0x3C, 0x3E...0x5A, 0x5C...0x7A, 0x7C...0xFFFF: true
  default: false
  }
}

/// What may follow in the first value of a list.
func isFirstFollow(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09...0x0D, 0x1C...0x21, 0x23...0x26, 0x28...0x2B, 0x2D...0x5C, 0x5E...0x7C, 0x7E...0xFFFF: true
  default: false
  }
}

/// What may follow in later values: no `=`, which would make it a key.
func isSecondFollow(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09...0x0D, 0x1C...0x21, 0x23...0x26, 0x28...0x2B, 0x2D...0x3C, 0x3E...0xFFFF: true
  default: false
  }
}
