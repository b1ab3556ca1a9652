// CNcurses: the part of ncursesw that Cairn draws with, in plain C types.
//
// <curses.h> stays inside cterm.c: its macros, globals and variadics are invisible or unsafe in Swift, and names
// like `filter`, `move` and `timeout` would leak. One terminal per process; one thread, save for ct_wake.
#ifndef CAIRN_CTERM_H
#define CAIRN_CTERM_H

/// Why ct_open failed.
enum {
  CT_OK = 0,
  CT_NO_TERMINAL = 1,    // standard input or output is not a terminal
  CT_NO_TERM = 2,        // TERM is empty
  CT_UNKNOWN_TERM = 3,   // TERM names no entry of the terminfo database
  CT_DUMB_TERM = 4,      // the terminal cannot move its cursor
  CT_NO_DATABASE = 5,    // there is no terminfo database
  CT_SYSTEM = 6,         // errno says why
};

/// What the locale says of the terminal's encoding.
enum { CT_UTF8 = 0, CT_UTF8_ASSUMED = 1, CT_NOT_UTF8 = 2 };

/// Kinds of events; `code` and `x`, `y` mean what is said here.
enum {
  CT_NONE = 0,
  CT_CHARACTER = 1,      // code: the code point, controls included
  CT_KEY = 2,            // code: one of the CT_KEY_ values
  CT_MOUSE = 3,          // code: 1 click, 2 wheel up, 3 wheel down
  CT_PASTE_BEGIN = 4,
  CT_PASTE_END = 5,
};

enum {
  CT_KEY_UP = 1, CT_KEY_DOWN, CT_KEY_LEFT, CT_KEY_RIGHT, CT_KEY_HOME, CT_KEY_END, CT_KEY_PAGE_UP, CT_KEY_PAGE_DOWN,
  CT_KEY_BACKSPACE, CT_KEY_DELETE, CT_KEY_INSERT, CT_KEY_ENTER, CT_KEY_BACKTAB,
  CT_KEY_FUNCTION = 100, // plus the number
};

/// What happened outside the keyboard since ct_take_signals was last asked.
enum { CT_RESIZED = 1, CT_CONTINUED = 2, CT_HUNG_UP = 4 };

/// Attributes of ct_put.
enum { CT_BOLD = 1, CT_DIM = 2, CT_ITALIC = 4, CT_UNDERLINE = 8, CT_REVERSE = 16, CT_STRIKE = 32 };

struct ct_event {
  int kind;
  int code;
  int x;
  int y;
};

/// Takes the terminal on descriptors 0 and 1. `colours`: use colour if there is any. `log` (may be null): where
/// standard error goes while the screen is up. Returns CT_OK or why not; then nothing was changed.
int ct_open(int colours, const char *log);
/// Gives the terminal back. Safe to call at any time.
void ct_close(void);
/// Gives the terminal back for a while, and takes it again.
void ct_suspend(void);
void ct_resume(void);
/// Suspends, stops the process group as Ctrl-Z does, and resumes when it is continued.
void ct_stop(void);

/// The encoding, one of CT_UTF8...
int ct_encoding(void);
/// The number of colours: 0, 8, 16, 88, 256...
int ct_colours(void);
int ct_width(void);
int ct_height(void);

/// The columns the C library gives a UTF-8 text, -1 if it cannot be printed.
int ct_text_width(const char *text, int length);
/// Draws UTF-8 text; colours are indices, -1 the terminal's own.
void ct_put(int y, int x, const char *text, int length, int attributes, int foreground, int background);
void ct_cursor(int y, int x, int visible);
/// Forgets what the screen shows.
void ct_clear(void);
void ct_flush(void);

/// Waits for input, a wake-up or a signal; at most `milliseconds` (-1: for ever). Returns 0 if the terminal is gone.
int ct_wait(int milliseconds);
/// Ends a ct_wait. From any thread, and from signal handlers.
void ct_wake(void);
/// Whether ct_wake was called since the last time this was asked.
int ct_was_woken(void);
/// The next event, if one is there.
struct ct_event ct_next(void);
/// The signals seen, and forgets them.
int ct_take_signals(void);

#endif
