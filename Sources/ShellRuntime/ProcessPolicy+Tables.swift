extension StandardProcessPolicy {
  /// Text and file utilities that public labs use beside `aws`; none reaches the network.
  static let allowed: Set<String> = [
    "cat", "echo", "printf", "jq", "rm", "cp", "mv", "ls", "mkdir", "rmdir", "touch", "chmod", "ln", "sed",
    "grep",
    "egrep", "fgrep", "awk", "gawk", "mawk", "cut", "tr", "sort", "uniq", "head", "tail", "tee", "wc", "find",
    "xargs", "base64", "date", "sleep", "seq", "zip", "unzip", "tar", "gzip", "gunzip", "zcat", "envsubst",
    "openssl",
    "uuidgen", "basename", "dirname", "realpath", "readlink", "mktemp", "env", "printenv", "which", "whoami",
    "id",
    "uname", "hostname", "test", "[", "true", "false", "diff", "cmp", "comm", "paste", "join", "column",
    "fold", "nl",
    "od", "xxd", "hexdump", "rev", "tac", "md5sum", "sha1sum", "sha256sum", "sha512sum", "stat", "file",
    "expr", "bc",
    "yes", "timeout", "nproc", "df", "du", "split", "shuf", "factor", "expand", "unexpand", "fmt", "truncate",
  ]

  /// Programs whose argument is another program, and which of their options take a value.
  static let starters: [String: Set<String>] = [
    "env": ["-u", "--unset", "-C", "--chdir", "-S"],
    "xargs": ["-I", "-n", "-P", "-d", "-L", "-s", "-E", "-a", "--max-args", "--max-procs", "--delimiter"],
    "timeout": ["-s", "--signal", "-k", "--kill-after"],
    "nohup": [],
    "nice": ["-n"],
    "stdbuf": ["-o", "-i", "-e"],
    "time": [],
  ]

  /// Programs a lab names that this shell does not start, with the reason the learner reads.
  static let refused: [(names: Set<String>, reason: String)] = [
    (
      ["docker", "podman", "finch", "nerdctl", "docker-compose"],
      "containers run outside this lab shell; run it in a terminal of your own"
    ),
    (
      ["kubectl", "eksctl", "helm", "kustomize", "k9s", "oc"],
      "a Kubernetes cluster is outside this lab shell; run it in a terminal of your own"
    ),
    (
      ["terraform", "tofu", "cdk", "sam", "pulumi", "serverless", "amplify", "eb", "copilot"],
      "it would create resources that this lab's ledger does not see and its teardown would miss; "
        + "run it in a terminal of your own"
    ),
    (
      ["ssh", "scp", "sftp", "rsync", "telnet", "nc", "ncat", "netcat", "session-manager-plugin", "mosh"],
      "it opens a connection to another machine; run it in a terminal of your own"
    ),
    (
      ["sudo", "su", "doas", "systemctl", "service"],
      "a lab needs no administrator of your computer; leave it out"
    ),
    (
      ["yum", "dnf", "apt", "apt-get", "brew", "snap", "apk", "rpm", "dpkg"],
      "a lab does not install software on your computer; install it yourself if you want it"
    ),
    (
      [
        "vi", "vim", "nvim", "nano", "emacs", "code", "pico", "ed", "less", "more", "man", "top", "htop",
        "watch",
      ],
      "it needs the whole screen; run it in a terminal of your own"
    ),
    (
      ["psql", "mysql", "mongo", "mongosh", "redis-cli", "sqlplus"],
      "a database's shell is outside this lab shell"
    ),
    (
      ["reboot", "shutdown", "halt", "poweroff", "mkfs", "dd", "mount", "umount"],
      "it could harm your computer"
    ),
  ]

  /// Exported variables that carry credentials.
  static let secrets: Set<String> = [
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE",
  ]
}
