/* "daydream.run/1": facts of the run and the roots a step may read. Fixed for the life of the run.
 * The words behind each function are explained in abi.h. */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_RUN_H
#define DAYDREAM_RUN_H

#include "daydream/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DD_RUN_SERVICE "daydream.run/1"

typedef struct dd_run_service { /* grows only at the end */
  size_t struct_size;
  /* A JSON object: run_id, date (local), zone, now (RFC 3339, frozen wall time), now_ms (Unix milliseconds),
   * step_id, attempt (from 1), mode, blob_format ("sha1" or "sha256": of the tokens), previous_run (of this
   * step, completed: {run_id, now_ms}, or null). When a command runs: command (its name), directory (where the
   * user stands), step_id, now and now_ms. Later minors add members.
   * [run thread] ownership: the host's, for the life of the run. durability: none. cost: none. errors: none of
   * its own. since: 1.0 */
  dd_status (*facts)(dd_run *, dd_text *json) DD_NOEXCEPT;
  /* Absolute path of a root by name: "source" (the private tree), "repository" (the live one), "input:<name>"
   * (what a command of the manifest printed), "log:<n>" (a path of the step's "paths", from 1). All read only.
   * [run thread] ownership: the host's. durability: none. cost: none. errors: DD_NOT_FOUND. since: 1.0 */
  dd_status (*root)(dd_run *, dd_text name, dd_bytes *path) DD_NOEXCEPT;
  /* Standard output of a plugin's command; ignored in a nightly run.
   * [run thread] ownership: copied. durability: none. cost: one write. errors: none of its own. since: 1.0 */
  dd_status (*print)(dd_run *, dd_bytes) DD_NOEXCEPT;
} dd_run_service;

#ifdef __cplusplus
}
#endif
#endif
