import ShellSyntax

/// Which code blocks are shell, and what of them is program.
enum ShellBlocks {
  static let languages: Set<String> = [
    "bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession", "sh-session", "terminal", "t",
  ]

  /// First words that make an untagged block a shell block. 41% of the commands of public AWS labs stand in fences
  /// without a language; their first words are nearly always one of these.
  private static let commands: Set<String> = [
    "aws", "awk", "base64", "bash", "brew", "cat", "cd", "cdk", "chmod", "chown", "copilot", "cp", "curl",
    "cut", "date",
    "dig", "docker", "echo", "ecs-cli", "eksctl", "envsubst", "eval", "exit", "export", "find", "for", "git",
    "go",
    "grep", "gunzip", "gzip", "head", "helm", "if", "istioctl", "java", "jq", "kubectl", "ln", "ls", "make",
    "mkdir",
    "mv", "mvn", "mysql", "nano", "node", "npm", "npx", "nslookup", "openssl", "ping", "pip", "pip3",
    "printf", "psql",
    "pushd", "popd", "pwd", "python", "python3", "read", "rm", "sam", "scp", "sed", "seq", "set", "sh",
    "sleep", "sort",
    "source", "ssh", "ssh-keygen", "sudo", "systemctl", "tail", "tar", "tee", "terraform", "test", "touch",
    "tr", "tree",
    "unset", "unzip", "until", "uuidgen", "vi", "vim", "watch", "wc", "wget", "which", "while", "whoami",
    "xargs", "yarn",
    "yum", "zip", "apt", "apt-get", "amazon-linux-extras", "service", "telnet", "nc", "dos2unix",
    "ansible-playbook",
  ]

  /// Whether an untagged block is a shell program: by the first line that is not blank or a comment.
  static func looksLikeShell(_ text: String) -> Bool {
    for line in text.split(separator: "\n") {
      let line = line.drop(while: \.isWhitespace)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if promptLength(line) > 0 { return true }
      return opensCommand(line)
    }
    return false
  }

  /// The program in `text`, line for line: where lines begin with a prompt, those are the commands and what stands
  /// between them is output, which is blanked out. Without prompts all of it is program.
  ///
  /// Lines stay where they are, so that a position in the script is one in the text.
  static func script(in text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    let firstWords = lines.first { line in
      let words = line.drop(while: \.isWhitespace)
      return !words.isEmpty && !words.hasPrefix("#")
    }
    guard let firstWords, promptLength(firstWords.drop(while: \.isWhitespace)) > 0 else { return text }
    var script: [Substring] = []
    var open: String?
    for line in lines {
      let words = line.drop(while: \.isWhitespace)
      if let begun = open, promptLength(words) == 0 {
        // A second line of a command: bash would have shown `> ` before it.
        let more = words.hasPrefix("> ") ? words.dropFirst(2) : line
        script.append(more)
        open = unfinished(begun + "\n" + more)
      } else if promptLength(words) > 0 {
        let command = words.dropFirst(promptLength(words))
        script.append(command)
        open = unfinished(String(command))
      } else {
        script.append(words.hasPrefix("#") ? words : "")
      }
    }
    return script.joined(separator: "\n") + "\n"
  }

  /// `command` if a shell would ask for another line of it.
  private static func unfinished(_ command: String) -> String? {
    if command.hasSuffix("\\") { return command }
    do {
      _ = try parse(command)
      return nil
    } catch {
      return error.isIncomplete ? command : nil
    }
  }

  /// How many characters of a line are a prompt: `$ `, `~$ `, `user@host:~/dir$ `, `[user@host ~]$ `, `sh-4.2$ `, and
  /// `root@host:/# `; a bare `# ` is a comment.
  private static func promptLength(_ line: Substring) -> Int {
    guard let sign = line.firstIndex(where: { $0 == "$" || $0 == "#" }) else { return 0 }
    let after = line.index(after: sign)
    guard after < line.endIndex, line[after] == " " else { return 0 }
    let before = line[..<sign]
    let namesHost = before.contains("@")
    let isPrompt =
      (line[sign] == "$" && (before.isEmpty || before == "~"))
      || ((namesHost
        || (line[sign] == "$"
          && (before.contains(":") || before.hasPrefix("sh-") || before.hasPrefix("bash-"))))
        && before.count < 60 && !before.contains { "\"'=;|&(){}".contains($0) }
        && (before.hasPrefix("[") || !before.contains(" ")))
    guard isPrompt else { return 0 }
    return before.count + 1 + line[after...].prefix { $0 == " " }.count
  }

  private static func opensCommand(_ line: Substring) -> Bool {
    let word = line.prefix { !$0.isWhitespace }
    if let equals = word.firstIndex(of: "="), isVariableName(word[..<equals]) {
      // `NAME=value` or `NAME=value command`; `key = value` of an ini file has a blank before the sign.
      return !line.contains(" = ")
    }
    if word.hasPrefix("./") { return true }
    guard commands.contains(String(word)) else { return false }
    // Prose and output begin with such words too: "test passed.", "if you see ...", "date: 2024".
    let ambiguous: Set<Substring> = [
      "if", "for", "while", "until", "test", "read", "find", "set", "make", "go", "service",
    ]
    guard ambiguous.contains(word) else { return true }
    do {
      _ = try parse(String(line))
      return ["test", "set", "make", "go", "find"].contains(word) && line.contains("-")
    } catch {
      return error.isIncomplete
    }
  }
}
