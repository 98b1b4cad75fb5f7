// The system's calls around child processes that Glibc's Swift module leaves out: they are declared for
// GNU sources alone. See pipe(2) and posix_spawn(3); glibc has the second since 2.34.
#ifdef __linux__
#include <spawn.h>
extern int pipe2(int ends[2], int flags);
#ifdef __GLIBC__
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
#endif
#endif
