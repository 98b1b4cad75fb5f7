// PCRE2 over bytes, which UTF-8 text is.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
