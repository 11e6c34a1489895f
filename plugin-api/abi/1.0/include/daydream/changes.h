/* "daydream.changes/1": the source tree with the edits of earlier steps in it; proposals for more.
 * A step reads a snapshot: the tree as it was when the step began. What it proposes is seen by the steps
 * after it, so a try that goes on after a kill reads the same bytes as the one before.
 * Paths are relative to their root, '/' between parts, no "." or "..". An edit that a human made
 * meanwhile never fails a commit: it becomes the finding's action "conflict".
 * The words behind each function are explained in abi.h. */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_CHANGES_H
#define DAYDREAM_CHANGES_H

#include "daydream/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DD_CHANGES_SERVICE "daydream.changes/1"

typedef struct dd_entry { /* lies in arrays: never grows */
  dd_bytes path;
  uint64_t size;
  uint64_t token; /* the front of git's blob id: equal bytes, equal token, on every night; never 0 */
} dd_entry;

typedef struct dd_span { /* lies in arrays: never grows */
  uint64_t offset, size; /* bytes of the content that the token names; size 0 = insert there */
  dd_bytes replacement;  /* empty = delete */
} dd_span;

/* All effects that name one finding are one change: verified, applied, dropped and undone together. `finding`
 * is a number of this run's put_finding, also of an earlier try, never 0. */
typedef struct dd_changes_service { /* grows only at the end */
  size_t struct_size;
  /* Regular files in byte order of path, a page at a time: those behind `after` (empty = from the start).
   * `globs_json` is an array of patterns (".gitignore" syntax without negation; [] = all), matched against the
   * path. *count 0 = the end. Symlinks and submodules are not listed. Opens no file.
   * [run thread] ownership: the host's, the page and its paths. durability: none. cost: a round trip a page.
   * errors: DD_UNSUPPORTED in a command where there is no tree. since: 1.0 */
  dd_status (*list)(dd_run *, dd_text globs_json, dd_bytes after, const dd_entry **page, size_t *count) DD_NOEXCEPT;
  /* The content of a listed file.
   * [run thread] ownership: the host's. durability: none. cost: reads the file. errors: DD_NOT_FOUND,
   * DD_UNSUPPORTED (over 64 MiB), DD_RETRY. since: 1.0 */
  dd_status (*read)(dd_run *, dd_bytes path, dd_bytes *content, uint64_t *token) DD_NOEXCEPT;
  /* One to 1,048,576 spans of the bytes that `token` names: within them, disjoint, each offset greater than the
   * one before (what is inserted where a span begins belongs into that span). The token is one that read or
   * list gave, or that of what this step has made of the file; edits of one token compose.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own; a token that
   * the file does not have makes a "conflict" of the finding. since: 1.0 */
  dd_status (*edit)(dd_txn *, dd_bytes path, uint64_t token, const dd_span *, size_t count, uint64_t finding) DD_NOEXCEPT;
  /* A new file, at most 64 MiB; its folders come with it. Later edits, also of the same transaction, may name
   * the token of its content. One that is there makes a "conflict".
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*create)(dd_txn *, dd_bytes path, dd_bytes content, uint64_t finding) DD_NOEXCEPT;
  /* A whole file of the tree.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*remove)(dd_txn *, dd_bytes path, uint64_t token, uint64_t finding) DD_NOEXCEPT;
  /* Outside the source tree, only as mode and manifest allow; else proposed. `root`: "repository" or "log:<n>".
   * A file or a whole directory of generated content.
   * [run thread] ownership: copied. durability: with commit. cost: none; the host unlinks behind the commit.
   * errors: none of its own. since: 1.0 */
  dd_status (*discard)(dd_txn *, dd_text root, dd_bytes path, uint64_t finding) DD_NOEXCEPT;
  /* Moves a live file to <state-dir>/archive/<archive_path>, as mode and manifest allow. options: {"compress":
   * "zstd" or "none", "unlink": bool, "size": n, "mtime_ns": n}; kept where the file has changed since.
   * [run thread] ownership: copied. durability: with commit; the old file goes once the new one is synced and
   * verified. cost: none; the host copies behind the commit. errors: none of its own. since: 1.0 */
  dd_status (*archive)(dd_txn *, dd_text root, dd_bytes path, dd_bytes archive_path, dd_text options_json,
                       uint64_t finding) DD_NOEXCEPT;
} dd_changes_service;

#ifdef __cplusplus
}
#endif
#endif
