// libcurl behind plain types: its setters are variadic and its getters macros, which Swift cannot call.
//
// Handles are opaque pointers. Nothing here keeps state of its own beside the handles; every function but
// ccurl_multi_wakeup belongs to the one thread that drives the multi handle.
#ifndef CCURL_H
#define CCURL_H
#include <stddef.h>
#include <stdint.h>

// One line of the response head, with its line end; body bytes in and out. `context` is the transfer's.
typedef void (*ccurl_header_fn)(void *context, const char *line, size_t length);
// Returns 0 to go on, anything else to break the transfer off.
typedef int (*ccurl_write_fn)(void *context, const uint8_t *bytes, size_t length);
// Fills at most `capacity` bytes; 0 is the end, negative breaks the transfer off.
typedef ptrdiff_t (*ccurl_read_fn)(void *context, uint8_t *bytes, size_t capacity);
// Goes to `offset` of the request body; 0 if that worked.
typedef int (*ccurl_seek_fn)(void *context, int64_t offset);
// Called each time a request is about to go out on a connection; 0 lets it, anything else breaks off.
typedef int (*ccurl_ready_fn)(void *context);

typedef struct {
  const char *method;
  const char *url;
  int64_t body_length;  // negative: no body and no Content-Length
  int discards_body;    // HEAD
  long connect_timeout_ms;
  long stall_seconds;     // no byte either way for so long is a time-out; 0: never
  long total_timeout_ms;  // 0: none
  int verifies_tls;
  const char *ca_bundle;  // NULL: the system's
  const char *proxy;      // NULL: from the environment, as curl does
  void *context;
  ccurl_header_fn header;
  ccurl_write_fn write;
  ccurl_read_fn read;
  ccurl_seek_fn seek;
  ccurl_ready_fn ready;
} ccurl_request;

// Once a process, before any thread uses the rest; 0 if that worked.
int ccurl_global_init(void);

void *ccurl_multi_new(void);
void ccurl_multi_free(void *multi);
// Thread-safe.
void ccurl_multi_wakeup(void *multi);
void ccurl_multi_perform(void *multi);
void ccurl_multi_poll(void *multi, int timeout_ms);
// The next finished transfer, or NULL; `code` is its CURLcode.
void *ccurl_multi_next_done(void *multi, int *code);

// Text arguments are copied. `headers` are `count` lines as curl wants them ("Name: v", "Name;", "Name:").
void *ccurl_easy_new(const ccurl_request *request, const char *const *headers, size_t count);
int ccurl_easy_start(void *multi, void *easy);
void ccurl_easy_stop(void *multi, void *easy);
void ccurl_easy_free(void *easy);
// The context given in the request.
void *ccurl_easy_context(void *easy);
// Connections opened for this transfer; 0 if it reused one.
long ccurl_easy_connects(void *easy);
// The errno of a failed connection; 0 if there was none.
int ccurl_easy_os_error(void *easy);
// curl's own sentence about the failure; never NULL.
const char *ccurl_easy_error(void *easy, int code);
#endif
