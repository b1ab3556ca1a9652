// libcurl behind plain types: its setters are variadic and its getters macros, which Swift cannot call.
//
// Handles are opaque pointers. Nothing here keeps state of its own beside the handles; every function but
// ccurl_multi_wakeup belongs to the one thread that drives the multi handle.
#ifndef CCURL_H
#define CCURL_H
#include <stddef.h>
#include <stdint.h>

// One line of the response head, with its line end. Returns 0 to go on, anything else to break the transfer off.
typedef int (*ccurl_header_fn)(void *context, const char *line, size_t length);
// Bytes of the response's body. Returns 0 to go on, anything else to break the transfer off.
typedef int (*ccurl_write_fn)(void *context, const uint8_t *bytes, size_t length);
// Fills at most `capacity` bytes; 0 is the end, negative breaks the transfer off.
typedef ptrdiff_t (*ccurl_read_fn)(void *context, uint8_t *bytes, size_t capacity);
// Goes to `offset` of the request body; 0 if that worked.
typedef int (*ccurl_seek_fn)(void *context, int64_t offset);
// Called each time a request is about to go out on a connection; 0 lets it, anything else breaks off.
typedef int (*ccurl_ready_fn)(void *context);

// Values of `body_length` that are no lengths.
#define CCURL_NO_BODY (-1)
#define CCURL_CHUNKED (-2)  // HTTP's chunked coding: the length is not known beforehand

typedef struct {
  const char *method;
  const char *url;
  int64_t body_length;
  // A body of `body_length` bytes that is at hand: it leaves in one piece with the head, and is copied. NULL: the
  // body is read.
  const uint8_t *body;
  int discards_body;  // HEAD
  long connect_timeout_ms;
  long total_timeout_ms;     // 0: none
  long expect_timeout_ms;    // how long a body waits for "100 Continue" if the request expects it
  long receive_buffer_size;  // bytes
  long send_buffer_size;     // bytes
  int verifies_tls;
  const char *ca_bundle;  // NULL: the system's
  // The proxy's URL without credentials; "" for none. The process's environment is never asked.
  const char *proxy;
  const char *proxy_user;      // NULL: none
  const char *proxy_password;  // NULL: none
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
// The transfers must have been freed before.
void ccurl_multi_free(void *multi);
// Thread-safe.
void ccurl_multi_wakeup(void *multi);
// Returns how many transfers are still running.
int ccurl_multi_perform(void *multi);
void ccurl_multi_poll(void *multi, int timeout_ms);
// The next finished transfer, or NULL; `code` is its CURLcode.
void *ccurl_multi_next_done(void *multi, int *code);

// Text arguments are copied. `headers` are `count` lines as curl wants them ("Name: v", "Name;", "Name:").
// NULL if there is no memory, or if libcurl refuses one of the settings.
void *ccurl_easy_new(const ccurl_request *request, const char *const *headers, size_t count);
int ccurl_easy_start(void *multi, void *easy);
void ccurl_easy_stop(void *multi, void *easy);
void ccurl_easy_free(void *easy);
// The context given in the request.
void *ccurl_easy_context(void *easy);
// Connections opened for this transfer; 0 if it reused one.
long ccurl_easy_connects(void *easy);
// Body bytes moved so far, both ways.
int64_t ccurl_easy_moved(void *easy);
// The errno of a failed connection; 0 if there was none.
int ccurl_easy_os_error(void *easy);
// What OpenSSL found wrong with the server's certificate (X509_V_ERR_*); 0: nothing.
long ccurl_easy_verify_result(void *easy);
// curl's own sentence about the failure; never NULL.
const char *ccurl_easy_error(void *easy, int code);
#endif
