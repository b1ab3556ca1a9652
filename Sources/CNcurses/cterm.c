#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE 700
#define _XOPEN_SOURCE_EXTENDED 1
#define _DEFAULT_SOURCE 1
#include "cterm.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// <term.h> is kept out: its macros (`lines`, `columns`, `buttons`) break ordinary names.
extern int setupterm(const char *, int, int *);

#define PASTE_BEGIN (KEY_MAX + 100)
#define PASTE_END (KEY_MAX + 101)

static SCREEN *screen;
static struct termios found;       // the terminal's modes before us
static volatile sig_atomic_t up;   // whether curses has the screen now
// A signal may be delivered to any thread, and any thread may wake us.
static atomic_int seen; // CT_RESIZED | CT_CONTINUED | CT_HUNG_UP
static atomic_int woken;
static int wake_pipe[2] = {-1, -1};
static int encoding = CT_UTF8;
static int has_colour;
static int saved_stderr = -1;
static int log_descriptor = -1;
static int shown_cursor = -1;

static const char leave[] = "\033[?2004l\033[?1000l\033[?1006l\033[?25h\033[0m\033[?1049l";

static void write_all(const char *text) {
  ssize_t n = write(1, text, strlen(text));
  (void)n;
}

void ct_wake(void) {
  int e = errno;
  atomic_store(&woken, 1);
  ssize_t n = write(wake_pipe[1], "w", 1); // a full pipe wakes as well
  (void)n;
  errno = e;
}

int ct_was_woken(void) {
  return atomic_exchange(&woken, 0);
}

static void note(int what) {
  int e = errno;
  atomic_fetch_or(&seen, what);
  ssize_t n = write(wake_pipe[1], "s", 1);
  (void)n;
  errno = e;
}

static void on_winch(int s) { (void)s; note(CT_RESIZED); }
static void on_continue(int s) { (void)s; note(CT_CONTINUED); }

/// The only things a crashing process may still do: write bytes and set modes.
static void emergency(void) {
  if (!up) return;
  up = 0;
  write_all(leave);
  tcsetattr(0, TCSANOW, &found);
  if (saved_stderr >= 0) dup2(saved_stderr, 2);
}

static void on_end(int s) {
  if (atomic_load(&seen) & CT_HUNG_UP) { // asked twice: nobody listens any more
    emergency();
    signal(s, SIG_DFL);
    raise(s);
    return;
  }
  note(CT_HUNG_UP);
}

static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGABRT, SIGBUS, SIGFPE};
#define CRASHES (sizeof crashes / sizeof *crashes)
static struct sigaction crash_before[CRASHES];

static void on_crash(int s) {
  emergency();
  for (unsigned i = 0; i < CRASHES; i++)
    if (crashes[i] == s) sigaction(s, &crash_before[i], NULL);
  raise(s);
}

static const int ends[] = {SIGTERM, SIGHUP, SIGINT};
#define ENDS (sizeof ends / sizeof *ends)
static struct sigaction end_before[ENDS], winch_before, continue_before;

static void install(int s, void (*handler)(int), int flags, struct sigaction *before) {
  struct sigaction a;
  memset(&a, 0, sizeof a);
  a.sa_handler = handler;
  a.sa_flags = flags;
  sigemptyset(&a.sa_mask);
  sigaction(s, &a, before);
}

static void install_handlers(void) {
  // A stack overflow needs another stack to be caught on.
  static char other_stack[65536];
  stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack, .ss_flags = 0};
  sigaltstack(&stack, NULL);
  for (unsigned i = 0; i < CRASHES; i++)
    install(crashes[i], on_crash, SA_ONSTACK | SA_RESETHAND | SA_NODEFER, &crash_before[i]);
  for (unsigned i = 0; i < ENDS; i++) install(ends[i], on_end, SA_RESTART, &end_before[i]);
  install(SIGWINCH, on_winch, SA_RESTART, &winch_before);
  install(SIGCONT, on_continue, SA_RESTART, &continue_before);
}

static void remove_handlers(void) {
  for (unsigned i = 0; i < CRASHES; i++) sigaction(crashes[i], &crash_before[i], NULL);
  for (unsigned i = 0; i < ENDS; i++) sigaction(ends[i], &end_before[i], NULL);
  sigaction(SIGWINCH, &winch_before, NULL);
  sigaction(SIGCONT, &continue_before, NULL);
}

/// A UTF-8 locale as it is; an unset or C locale that was not asked for becomes C.UTF-8; any other is respected.
static void choose_locale(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
    encoding = CT_UTF8;
    return;
  }
  const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  const char *asked = NULL;
  for (int i = 0; i < 3 && !asked; i++) {
    const char *value = getenv(names[i]);
    if (value && *value) asked = value;
  }
  // A name the machine has no locale for (a remote login's LANG) says UTF-8 in its name.
  int means_utf8 = asked && (strstr(asked, "UTF-8") || strstr(asked, "utf8") || strstr(asked, "UTF8"));
  if ((!asked || means_utf8) && setlocale(LC_CTYPE, "C.UTF-8")) {
    encoding = CT_UTF8_ASSUMED;
    return;
  }
  encoding = CT_NOT_UTF8;
}

static void redirect_errors(int on) {
  if (log_descriptor < 0) return;
  if (on && saved_stderr < 0) {
    fflush(stderr);
    saved_stderr = fcntl(2, F_DUPFD_CLOEXEC, 3);
    dup2(log_descriptor, 2);
  } else if (!on && saved_stderr >= 0) {
    fflush(stderr);
    dup2(saved_stderr, 2);
    close(saved_stderr);
    saved_stderr = -1;
  }
}

static void enter_modes(void) {
  mmask_t old;
  mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, &old);
  mouseinterval(0);
  write_all("\033[?2004h");
}

static void at_exit(void) { ct_close(); }

int ct_open(int colours, const char *log) {
  if (screen) return CT_OK;
  if (!isatty(0) || !isatty(1) || tcgetattr(0, &found) != 0) return CT_NO_TERMINAL;
  const char *term = getenv("TERM");
  if (!term || !*term) return CT_NO_TERM;
  choose_locale();
  int status = 0;
  if (setupterm(term, 1, &status) != 0) return status < 0 ? CT_NO_DATABASE : status == 0 ? CT_UNKNOWN_TERM : CT_DUMB_TERM;
  const char *move_capability = tigetstr("cup");
  if (!move_capability || move_capability == (char *)-1) return CT_DUMB_TERM;
  if (wake_pipe[0] < 0) {
    if (pipe(wake_pipe) != 0) return CT_SYSTEM;
    for (int i = 0; i < 2; i++) {
      fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK);
      fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC);
    }
    atexit(at_exit);
  }
  if (log && *log) log_descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  install_handlers(); // before newterm, which leaves a handler for SIGWINCH alone
  screen = newterm(NULL, stdout, stdin);
  if (!screen) {
    remove_handlers();
    return CT_UNKNOWN_TERM;
  }
  up = 1;
  set_term(screen);
  raw();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  intrflush(stdscr, FALSE);
  set_escdelay(25);
  has_colour = colours && has_colors();
  if (has_colour) {
    start_color();
    use_default_colors();
  }
  define_key("\033[200~", PASTE_BEGIN);
  define_key("\033[201~", PASTE_END);
  enter_modes();
  redirect_errors(1);
  shown_cursor = -1;
  return CT_OK;
}

void ct_close(void) {
  if (!screen) return;
  ct_suspend();
  remove_handlers();
  delscreen(screen);
  screen = NULL;
  tcsetattr(0, TCSADRAIN, &found);
  if (log_descriptor >= 0) close(log_descriptor);
  log_descriptor = -1;
}

void ct_suspend(void) {
  if (!screen || !up) return;
  def_prog_mode();
  write_all("\033[?2004l");
  mousemask(0, NULL);
  curs_set(1);
  // tmux keeps rows of the other screen where the window has grown meanwhile; there is nothing to keep if it is empty.
  write_all("\033[H\033[2J");
  endwin();
  up = 0;
  redirect_errors(0);
}

void ct_resume(void) {
  if (!screen || up) return;
  reset_prog_mode();
  up = 1;
  shown_cursor = -1;
  enter_modes();
  redirect_errors(1);
  struct winsize w;
  if (ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_row > 0 && w.ws_col > 0) resizeterm(w.ws_row, w.ws_col);
  clearok(curscr, TRUE);
  refresh();
}

void ct_stop(void) {
  ct_suspend();
  kill(0, SIGTSTP);
  ct_resume();
  atomic_fetch_and(&seen, ~CT_CONTINUED);
}

int ct_encoding(void) { return encoding; }
int ct_colours(void) { return has_colour ? COLORS : 0; }
int ct_width(void) { return screen ? getmaxx(stdscr) : 0; }
int ct_height(void) { return screen ? getmaxy(stdscr) : 0; }

int ct_text_width(const char *text, int length) {
  mbstate_t state;
  memset(&state, 0, sizeof state);
  int total = 0;
  while (length > 0) {
    wchar_t c;
    size_t n = mbrtowc(&c, text, (size_t)length, &state);
    if (n == 0 || n > (size_t)length) return -1;
    int w = wcwidth(c);
    if (w < 0) return -1;
    total += w;
    text += n;
    length -= (int)n;
  }
  return total;
}

void ct_put(int y, int x, const char *text, int length, int attributes, int foreground, int background) {
  if (!screen) return;
  attr_t a = A_NORMAL;
  if (attributes & CT_BOLD) a |= A_BOLD;
  if (attributes & CT_DIM) a |= A_DIM;
  if (attributes & CT_ITALIC) a |= A_ITALIC;
  if (attributes & CT_UNDERLINE) a |= A_UNDERLINE;
  if (attributes & CT_REVERSE) a |= A_REVERSE;
  int pair = 0;
  if (has_colour && (foreground >= 0 || background >= 0)) {
    pair = alloc_pair(foreground, background);
    if (pair < 0) pair = 0;
  }
  wattr_set(stdscr, a, 0, &pair);
  mvwaddnstr(stdscr, y, x, text, length);
}

void ct_cursor(int y, int x, int visible) {
  if (!screen) return;
  if (visible != shown_cursor) {
    curs_set(visible);
    shown_cursor = visible;
  }
  if (visible) wmove(stdscr, y, x);
}

void ct_clear(void) {
  if (!screen) return;
  int pair = 0;
  wattr_set(stdscr, A_NORMAL, 0, &pair);
  werase(stdscr);
  clearok(stdscr, TRUE);
}

void ct_flush(void) {
  if (screen && up) wrefresh(stdscr);
}

int ct_wait(int milliseconds) {
  struct pollfd p[2] = {{0, POLLIN, 0}, {wake_pipe[0], POLLIN, 0}};
  int n = poll(p, 2, milliseconds);
  if (n > 0 && p[1].revents) {
    char drain[256];
    while (read(wake_pipe[0], drain, sizeof drain) == (ssize_t)sizeof drain) {}
  }
  return !(n > 0 && (p[0].revents & (POLLHUP | POLLERR | POLLNVAL)));
}

int ct_take_signals(void) {
  // The request to end is kept, so that a second one is known as such.
  int what = atomic_fetch_and(&seen, CT_HUNG_UP);
  if (what & CT_RESIZED) {
    struct winsize w;
    if (screen && ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_row > 0 && w.ws_col > 0) resizeterm(w.ws_row, w.ws_col);
  }
  return what;
}

static int key_code(wint_t c) {
  switch (c) {
    case KEY_UP: return CT_KEY_UP;
    case KEY_DOWN: return CT_KEY_DOWN;
    case KEY_LEFT: return CT_KEY_LEFT;
    case KEY_RIGHT: return CT_KEY_RIGHT;
    case KEY_HOME: return CT_KEY_HOME;
    case KEY_END: return CT_KEY_END;
    case KEY_PPAGE: return CT_KEY_PAGE_UP;
    case KEY_NPAGE: return CT_KEY_PAGE_DOWN;
    case KEY_BACKSPACE: return CT_KEY_BACKSPACE;
    case KEY_DC: return CT_KEY_DELETE;
    case KEY_IC: return CT_KEY_INSERT;
    case KEY_ENTER: return CT_KEY_ENTER;
    case KEY_BTAB: return CT_KEY_BACKTAB;
    default: return c >= KEY_F(1) && c <= KEY_F(24) ? CT_KEY_FUNCTION + (int)(c - KEY_F0) : 0;
  }
}

struct ct_event ct_next(void) {
  struct ct_event none = {CT_NONE, 0, 0, 0};
  if (!screen || !up) return none;
  for (;;) {
    wint_t c = 0;
    int kind = wget_wch(stdscr, &c);
    if (kind == ERR) return none;
    if (kind == OK) return (struct ct_event){CT_CHARACTER, (int)c, 0, 0};
    if (c == PASTE_BEGIN) return (struct ct_event){CT_PASTE_BEGIN, 0, 0, 0};
    if (c == PASTE_END) return (struct ct_event){CT_PASTE_END, 0, 0, 0};
    if (c == KEY_MOUSE) {
      MEVENT m;
      if (getmouse(&m) != OK) continue;
      int code = 0;
      // A press and a release that arrive together are merged into one report: act on the release or the click.
      if (m.bstate & (BUTTON1_RELEASED | BUTTON1_CLICKED)) code = 1;
      if (m.bstate & BUTTON4_PRESSED) code = 2;
      if (m.bstate & BUTTON5_PRESSED) code = 3;
      if (code) return (struct ct_event){CT_MOUSE, code, m.x, m.y};
      continue;
    }
    int code = key_code(c);
    if (code) return (struct ct_event){CT_KEY, code, 0, 0};
  }
}
