// zlib as Swift sees it: the stock header needs no help.
#include <zlib.h>
