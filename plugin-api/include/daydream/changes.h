/* "daydream.changes/1": the source tree with the edits of earlier steps in it; proposals for more.
 * A step reads a snapshot: the tree as it was when the step began. What it proposes is seen by the steps
 * after it, so a try that goes on after a kill reads the same bytes as the one before.
 * Paths are relative to their root, '/' between parts, no "." or "..". An edit that a human made
 * meanwhile never fails a commit: it becomes the finding's action "conflict". */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_CHANGES_H
#define DAYDREAM_CHANGES_H

#include "daydream/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DD_CHANGES_SERVICE "daydream.changes/1"

typedef struct dd_entry {
  dd_bytes path;
  uint64_t size;
  uint64_t token; /* hash of the content: equal bytes, equal token, on every night */
} dd_entry;

typedef struct dd_span {
  uint64_t offset, size; /* bytes of the content that the token names */
  dd_bytes replacement;
} dd_span;

/* All functions: [run thread]. */
typedef struct dd_changes_service { /* grows only at the end */
  size_t struct_size;
  /* Regular files in byte order of path, a page at a time: those behind `after`. `globs_json` is an
   * array of patterns (".gitignore" syntax without negation; [] = all), matched against the path.
   * *count 0 = the end. Symlinks and submodules are not listed. No file is opened. */
  dd_status (*list)(dd_run *, dd_text globs_json, dd_bytes after, const dd_entry **page, size_t *count) DD_NOEXCEPT;
  /* The content of a listed file; DD_NOT_FOUND, or DD_UNSUPPORTED for one over 64 MiB. */
  dd_status (*read)(dd_run *, dd_bytes path, dd_bytes *content, uint64_t *token) DD_NOEXCEPT;
  /* Disjoint spans, ascending, of the bytes that `token` names; edits of one token compose. All
   * effects of one finding are one change. `finding`: a number of this run's put_finding, not 0. */
  dd_status (*edit)(dd_txn *, dd_bytes path, uint64_t token, const dd_span *, size_t count, uint64_t finding) DD_NOEXCEPT;
  dd_status (*create)(dd_txn *, dd_bytes path, dd_bytes content, uint64_t finding) DD_NOEXCEPT;
  dd_status (*remove)(dd_txn *, dd_bytes path, uint64_t token, uint64_t finding) DD_NOEXCEPT;
  /* Outside the source tree, only as mode and manifest allow. `root`: "repository" or "log:<n>".
   * discard: a file or a whole directory of generated content. */
  dd_status (*discard)(dd_txn *, dd_text root, dd_bytes path, uint64_t finding) DD_NOEXCEPT;
  /* Moves a live file to <state-dir>/archive/<archive_path>. options: {"compress": "zstd"|"none",
   * "unlink": bool, "size": n, "mtime_ns": n}: kept where the file has changed since. */
  dd_status (*archive)(dd_txn *, dd_text root, dd_bytes path, dd_bytes archive_path, dd_text options_json,
                       uint64_t finding) DD_NOEXCEPT;
} dd_changes_service;

#ifdef __cplusplus
}
#endif
#endif
