// libpq, and the Linux calls of the reader's thread that Glibc's Swift module leaves out.
#include <libpq-fe.h>
#ifdef __linux__
#include <sys/eventfd.h>
#include <sys/prctl.h>
// prctl is variadic, which Swift cannot call.
static inline void lode_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
#endif
