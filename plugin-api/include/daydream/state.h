/* "daydream.state/1": what lasts. A checkpoint belongs to this run and step; memory is a key-value
 * space per plugin that lasts across nights; outputs, metrics and findings belong to this run.
 * Reads see only what is committed. */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_STATE_H
#define DAYDREAM_STATE_H

#include "daydream/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DD_STATE_SERVICE "daydream.state/1"

/* All functions: [run thread]. A dd_txn is owned by the host and ends with commit or rollback. */
typedef struct dd_state_service { /* grows only at the end */
  size_t struct_size;
  /* One at a time: NULL while another is open. Costs nothing. */
  dd_txn *(*begin)(dd_run *) DD_NOEXCEPT;
  /* DD_OK: everything in txn survives SIGKILL and power loss; before that, no later run sees any of
   * it. Consumes txn whatever it returns. Costs one sync and one round trip. */
  dd_status (*commit)(dd_txn *) DD_NOEXCEPT;
  void (*rollback)(dd_txn *) DD_NOEXCEPT;
  /* The last committed checkpoint of this run and step, or DD_NOT_FOUND. No cost. */
  dd_status (*checkpoint)(dd_run *, uint32_t *schema, dd_bytes *last) DD_NOEXCEPT;
  dd_status (*put_checkpoint)(dd_txn *, uint32_t schema, dd_bytes) DD_NOEXCEPT;
  /* One value, or DD_NOT_FOUND. One round trip unless a scan has fetched it. */
  dd_status (*memory)(dd_run *, dd_bytes key, dd_bytes *value) DD_NOEXCEPT;
  /* The first entry with `prefix` behind the key `after` (empty = from the start), in byte order;
   * DD_NOT_FOUND at the end. Pages are fetched ahead: a full scan costs few round trips. */
  dd_status (*scan_memory)(dd_run *, dd_bytes prefix, dd_bytes after, dd_bytes *key, dd_bytes *value) DD_NOEXCEPT;
  dd_status (*put_memory)(dd_txn *, dd_bytes key, dd_bytes value) DD_NOEXCEPT;
  dd_status (*drop_memory)(dd_txn *, dd_bytes key) DD_NOEXCEPT;
  /* An output of an earlier step of this run; step "daydream" is the host. */
  dd_status (*output)(dd_run *, dd_text step, dd_text name, dd_text *json) DD_NOEXCEPT;
  dd_status (*put_output)(dd_txn *, dd_text name, dd_text json) DD_NOEXCEPT;
  dd_status (*put_metric)(dd_txn *, dd_text name, double value) DD_NOEXCEPT; /* set, not added */
  /* JSON object: rule, severity, safety, path, line, column, end_line, symbol, context, message,
   * evidence, suggestion; unknown keys refused. *number names the finding in the effects of this
   * run; its lasting id is set at the end of the step. */
  dd_status (*put_finding)(dd_txn *, dd_text json, uint64_t *number) DD_NOEXCEPT;
  /* Findings of an earlier step of this run ("" = all earlier ones), one JSON object a line. */
  dd_status (*findings)(dd_run *, dd_text step, dd_text *json_lines) DD_NOEXCEPT;
  /* A whole file of the state directory, replaced as an effect of the transaction. `name` is
   * relative, without "..", and no file of the host's own; at most 64 MiB. */
  dd_status (*put_file)(dd_txn *, dd_text name, dd_bytes) DD_NOEXCEPT;
} dd_state_service;

#ifdef __cplusplus
}
#endif
#endif
