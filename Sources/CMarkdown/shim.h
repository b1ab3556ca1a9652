// cmark-gfm and its core extensions (tables, strikethrough, task lists, autolinks), as they are.
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
