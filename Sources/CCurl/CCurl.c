#include "CCurl.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct {
  CURL *curl;
  struct curl_slist *headers;
  ccurl_request request;
  char error[CURL_ERROR_SIZE];
} transfer;

int ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : 1; }

// libcurl's own way of waking a poll is a pair of sockets, which takes three times as long as an eventfd.
typedef struct {
  CURLM *curl;
  int wakeups;
} engine;

void *ccurl_multi_new(void) {
  engine *e = calloc(1, sizeof *e);
  if (!e) return NULL;
  e->wakeups = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  e->curl = curl_multi_init();
  if (e->wakeups < 0 || !e->curl) {
    ccurl_multi_free(e);
    return NULL;
  }
  curl_multi_setopt(e->curl, CURLMOPT_MAXCONNECTS, 64L);
  return e;
}

void ccurl_multi_free(void *multi) {
  engine *e = multi;
  if (e->curl) curl_multi_cleanup(e->curl);
  if (e->wakeups >= 0) close(e->wakeups);
  free(e);
}

void ccurl_multi_wakeup(void *multi) { eventfd_write(((engine *)multi)->wakeups, 1); }

int ccurl_multi_perform(void *multi) {
  int running = 0;
  curl_multi_perform(((engine *)multi)->curl, &running);
  return running;
}

void ccurl_multi_poll(void *multi, int timeout_ms) {
  engine *e = multi;
  struct curl_waitfd wakeups = {e->wakeups, CURL_WAIT_POLLIN, 0};
  curl_multi_poll(e->curl, &wakeups, 1, timeout_ms, NULL);
  eventfd_t count;
  if (wakeups.revents) eventfd_read(e->wakeups, &count);
}

void *ccurl_multi_next_done(void *multi, int *code) {
  int left;
  CURLMsg *message;
  while ((message = curl_multi_info_read(((engine *)multi)->curl, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    char *private = NULL;
    *code = (int)message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
    return private;
  }
  return NULL;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data) {
  transfer *t = data;
  // libcurl reads any other number than the one it gave as a refusal.
  return t->request.header(t->request.context, bytes, size * count) == 0 ? size * count : 0;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *data) {
  transfer *t = data;
  size_t length = size * count;
  if (length == 0) return 0;
  return t->request.write(t->request.context, (const uint8_t *)bytes, length) == 0 ? length : 0;
}

static size_t on_read(char *bytes, size_t size, size_t count, void *data) {
  transfer *t = data;
  ptrdiff_t n = t->request.read(t->request.context, (uint8_t *)bytes, size * count);
  return n < 0 ? CURL_READFUNC_ABORT : (size_t)n;
}

static int on_seek(void *data, curl_off_t offset, int origin) {
  transfer *t = data;
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  return t->request.seek(t->request.context, offset) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static int on_ready(void *data, char *remote, char *local, int remote_port, int local_port) {
  (void)remote, (void)local, (void)remote_port, (void)local_port;
  transfer *t = data;
  return t->request.ready(t->request.context) == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// Every setting matters (a proxy that is not set would be taken from the process's environment), so one that
// libcurl refuses, for want of memory or as too long, fails the whole.
#define SET(option, value) \
  if (curl_easy_setopt(c, option, value) != CURLE_OK) return 1

static int set_up(transfer *t, const ccurl_request *request) {
  CURL *c = t->curl;
  SET(CURLOPT_PRIVATE, t);
  SET(CURLOPT_ERRORBUFFER, t->error);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_PROTOCOLS_STR, "http,https");
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  // A signature covers the path as written; curl must not squash dots in it.
  SET(CURLOPT_PATH_AS_IS, 1L);
  SET(CURLOPT_TCP_KEEPALIVE, 1L);
  SET(CURLOPT_TCP_NODELAY, 1L);
  // A transfer that is broken off while a name is being resolved does not wait for the resolver.
  SET(CURLOPT_QUICK_EXIT, 1L);
  SET(CURLOPT_BUFFERSIZE, request->receive_buffer_size);
  SET(CURLOPT_UPLOAD_BUFFERSIZE, request->send_buffer_size);
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  SET(CURLOPT_URL, request->url);
  SET(CURLOPT_HTTPHEADER, t->headers);
  // The proxy is told of the tunnel's target and nothing of the request.
  SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
  SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
  SET(CURLOPT_TIMEOUT_MS, request->total_timeout_ms);
  SET(CURLOPT_EXPECT_100_TIMEOUT_MS, request->expect_timeout_ms);
  if (!request->verifies_tls) {
    SET(CURLOPT_SSL_VERIFYPEER, 0L);
    SET(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (request->ca_bundle) {
    SET(CURLOPT_CAINFO, request->ca_bundle);
    SET(CURLOPT_PROXY_CAINFO, request->ca_bundle);
  }
  SET(CURLOPT_PROXY, request->proxy);
  SET(CURLOPT_NOPROXY, "");
  if (request->proxy_user) SET(CURLOPT_PROXYUSERNAME, request->proxy_user);
  if (request->proxy_password) SET(CURLOPT_PROXYPASSWORD, request->proxy_password);
  if (request->discards_body) {
    SET(CURLOPT_NOBODY, 1L);
  } else if (request->body && request->body_length >= 0) {
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    SET(CURLOPT_COPYPOSTFIELDS, (const char *)request->body);
  } else if (request->body_length != CCURL_NO_BODY) {
    SET(CURLOPT_UPLOAD, 1L);
    if (request->body_length >= 0) SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_length);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, t);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_SEEKDATA, t);
  }
  SET(CURLOPT_CUSTOMREQUEST, request->method);
  SET(CURLOPT_HEADERFUNCTION, on_header);
  SET(CURLOPT_HEADERDATA, t);
  SET(CURLOPT_WRITEFUNCTION, on_write);
  SET(CURLOPT_WRITEDATA, t);
  SET(CURLOPT_PREREQFUNCTION, on_ready);
  SET(CURLOPT_PREREQDATA, t);
  return 0;
}

void *ccurl_easy_new(const ccurl_request *request, const char *const *headers, size_t count) {
  transfer *t = calloc(1, sizeof *t);
  if (!t) return NULL;
  t->request = *request;
  t->curl = curl_easy_init();
  if (!t->curl) {
    free(t);
    return NULL;
  }
  for (size_t i = 0; i < count; i++) {
    struct curl_slist *longer = curl_slist_append(t->headers, headers[i]);
    if (!longer) {
      ccurl_easy_free(t);
      return NULL;
    }
    t->headers = longer;
  }
  if (set_up(t, request) != 0) {
    ccurl_easy_free(t);
    return NULL;
  }
  return t;
}

int ccurl_easy_start(void *multi, void *easy) {
  transfer *t = easy;
  return curl_multi_add_handle(((engine *)multi)->curl, t->curl) == CURLM_OK ? 0 : 1;
}

void ccurl_easy_stop(void *multi, void *easy) {
  transfer *t = easy;
  curl_multi_remove_handle(((engine *)multi)->curl, t->curl);
}

void ccurl_easy_free(void *easy) {
  transfer *t = easy;
  curl_easy_cleanup(t->curl);
  curl_slist_free_all(t->headers);
  free(t);
}

void *ccurl_easy_context(void *easy) { return ((transfer *)easy)->request.context; }

long ccurl_easy_connects(void *easy) {
  long n = 0;
  curl_easy_getinfo(((transfer *)easy)->curl, CURLINFO_NUM_CONNECTS, &n);
  return n;
}

int64_t ccurl_easy_moved(void *easy) {
  curl_off_t up = 0, down = 0;
  curl_easy_getinfo(((transfer *)easy)->curl, CURLINFO_SIZE_UPLOAD_T, &up);
  curl_easy_getinfo(((transfer *)easy)->curl, CURLINFO_SIZE_DOWNLOAD_T, &down);
  return up + down;
}

long ccurl_easy_verify_result(void *easy) {
  long n = 0;
  curl_easy_getinfo(((transfer *)easy)->curl, CURLINFO_SSL_VERIFYRESULT, &n);
  return n;
}

int ccurl_easy_os_error(void *easy) {
  long n = 0;
  curl_easy_getinfo(((transfer *)easy)->curl, CURLINFO_OS_ERRNO, &n);
  return (int)n;
}

const char *ccurl_easy_error(void *easy, int code) {
  transfer *t = easy;
  return t->error[0] ? t->error : curl_easy_strerror((CURLcode)code);
}
