// Files without a name, files that a signal leaves behind, and what files do to a process.
//
// Every function returns what the system call returns, or its negated errno, unless it says otherwise.
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

// A new file in `folder` that has no name yet (O_TMPFILE), open for writing and locked (flock); gone when it is closed.
// Not every file system has such files, and without /proc they could not be given a name.
int hf_open_unnamed(const char *folder);
// Gives such a file a name, which must be free.
int hf_name_file(int descriptor, const char *path);
// A new file with this name, which must be free, open for writing and locked (flock).
int hf_open_temporary(const char *path);
// Whether this file of ours is locked by nobody, so that whoever wrote it has ended: it is removed then. 1 or 0.
int hf_remove_stale(const char *path);

// Locks a folder of this user until the descriptor that it returns is closed; -1 if it is locked, or another's.
int hf_lock_folder(const char *path);

// Has SIGINT, SIGTERM, SIGHUP and SIGQUIT remove the file, or the folder with the files in it, before they end the
// process, where nothing else handles them. Returns a number for hf_release_file, or -1 if there is no room; never an
// error.
int hf_remove_on_signal(const char *path);
// The file has its place, or is gone.
void hf_release_file(int number);

// Whether a descriptor is open for writing: 1, or 0 with errno set.
int hf_is_writable(int descriptor);
// A copy of a descriptor, closed in programs that are started; -1 with errno set.
int hf_duplicate(int descriptor);
// Waits until a descriptor that does not block takes bytes, or refuses them.
void hf_wait_writable(int descriptor);

// Opens what is closed of standard input, output and error, so that no file gets their numbers: reading and writing are
// errors there (EBADF), as before.
void hf_occupy_standard_descriptors(void);

// Writing beyond a limit of file sizes is an error (EFBIG) and no signal, unless somebody handles SIGXFSZ.
void hf_ignore_size_signal(void);
// A page of a mapped file that cannot be had (SIGBUS), since another program has shortened the file, writes `text` to
// standard error and ends the process with `status`: never a core dump. The text is copied, at most 255 bytes.
void hf_guard_mappings(const char *text, int status);
// Ends the process as a closed pipe does that nobody handles.
void hf_end_by_closed_pipe(void);

#endif
