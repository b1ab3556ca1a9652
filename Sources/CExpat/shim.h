// expat as Swift sees it: the stock header needs no help.
#include <expat.h>
