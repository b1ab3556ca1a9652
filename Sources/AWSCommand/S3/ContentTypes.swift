/// The media type that `s3 cp` sends with an upload, by the file's extension; nil if it is not known.
///
/// The table is the part of Debian's `/etc/mime.types` (which Python's `mimetypes` reads) that labs meet.
func guessedContentType(_ path: String) -> String? {
  let name = path.split(separator: "/").last ?? ""
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
  return contentTypes[name[name.index(after: dot)...].lowercased()]
}

private let contentTypes: [String: String] = [
  "7z": "application/x-7z-compressed", "avi": "video/x-msvideo", "avif": "image/avif",
  "bat": "application/x-msdos-program",
  "bin": "application/octet-stream", "bmp": "image/bmp", "c": "text/x-csrc", "cpp": "text/x-c++src",
  "cjs": "application/node", "css": "text/css", "csv": "text/csv",
  "deb": "application/vnd.debian.binary-package", "diff": "text/x-diff",
  "doc": "application/msword",
  "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "dll": "application/x-msdos-program",
  "eml": "message/rfc822", "eps": "application/postscript", "epub": "application/epub+zip",
  "exe": "application/x-msdos-program", "flac": "audio/flac", "gif": "image/gif", "go": "text/x-go",
  "h": "text/x-chdr",
  "htm": "text/html", "html": "text/html", "ico": "image/vnd.microsoft.icon", "ics": "text/calendar",
  "iso": "application/x-iso9660-image", "jar": "application/java-archive", "java": "text/x-java",
  "jpeg": "image/jpeg", "jpg": "image/jpeg", "js": "text/javascript", "json": "application/json",
  "jsonld": "application/ld+json", "log": "text/plain", "m4a": "audio/mp4", "markdown": "text/markdown",
  "md": "text/markdown",
  "mjs": "text/javascript", "mov": "video/quicktime", "mp3": "audio/mpeg", "mp4": "video/mp4",
  "mpeg": "video/mpeg",
  "mpg": "video/mpeg", "odt": "application/vnd.oasis.opendocument.text", "ogg": "audio/ogg",
  "otf": "font/otf",
  "pdf": "application/pdf", "php": "application/x-httpd-php", "pl": "text/x-perl", "png": "image/png",
  "ppt": "application/vnd.ms-powerpoint",
  "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "ps": "application/postscript",
  "py": "text/x-python", "rb": "application/x-ruby", "rs": "text/rust", "rtf": "application/rtf",
  "sh": "application/x-sh",
  "sql": "application/sql", "svg": "image/svg+xml", "tar": "application/x-tar", "tex": "text/x-tex",
  "tgz": "application/x-gtar-compressed", "tif": "image/tiff", "tiff": "image/tiff",
  "tsv": "text/tab-separated-values",
  "ttf": "font/ttf", "txt": "text/plain", "wasm": "application/wasm", "wav": "audio/x-wav",
  "webm": "video/webm",
  "webp": "image/webp", "woff": "font/woff", "woff2": "font/woff2", "xhtml": "application/xhtml+xml",
  "xls": "application/vnd.ms-excel",
  "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xml": "application/xml",
  "zip": "application/zip",
]
