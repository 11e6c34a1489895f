/* "daydream.run/1": facts of the run and the roots a step may read. Fixed for the life of the run. */
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
  /* [run thread] JSON object: run_id, date (local), zone, now (RFC 3339, frozen wall time), now_ms
   * (Unix milliseconds), step_id, attempt, mode, previous_run (the plugin's own last completed run:
   * {run_id, now_ms}, or null), command (name, when a command runs). Lives as long as the run. */
  dd_status (*facts)(dd_run *, dd_text *json) DD_NOEXCEPT;
  /* [run thread] Absolute path of a root by name: "source" (the private tree), "repository" (the live
   * one), "input:<name>" (what a command of the manifest printed), "log:<n>" (a path the step
   * declared). All read only. DD_NOT_FOUND when there is none. */
  dd_status (*root)(dd_run *, dd_text name, dd_bytes *path) DD_NOEXCEPT;
  /* [run thread] Standard output of a plugin's command; ignored in a nightly run. */
  dd_status (*print)(dd_run *, dd_bytes) DD_NOEXCEPT;
} dd_run_service;

#ifdef __cplusplus
}
#endif
#endif
