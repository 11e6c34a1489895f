/* "daydream.state/1": what lasts. A checkpoint belongs to this run and step; memory is a key-value
 * space per plugin that lasts across nights; outputs, metrics and findings belong to this run.
 * Reads see only what is committed. The words behind each function are explained in abi.h. */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_STATE_H
#define DAYDREAM_STATE_H

#include "daydream/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DD_STATE_SERVICE "daydream.state/1"

/* What is put is held in this process until commit; a put that is refused leaves the transaction as it was.
 * A transaction holds at most 248 MiB. */
typedef struct dd_state_service { /* grows only at the end */
  size_t struct_size;
  /* One at a time.
   * [run thread] ownership: the host's; ends with commit or rollback. durability: none. cost: none.
   * errors: NULL while another is open. since: 1.0 */
  dd_txn *(*begin)(dd_run *) DD_NOEXCEPT;
  /* All that was put happens at once, or none of it.
   * [run thread] ownership: consumes the transaction whatever it returns. durability: DD_OK: everything in it
   * survives SIGKILL and power loss; before that, no later run sees any of it. cost: one sync and a round trip.
   * errors: DD_BAD_ARGUMENT (the host refused an entry: nothing happened), DD_CANCELLED. since: 1.0 */
  dd_status (*commit)(dd_txn *) DD_NOEXCEPT;
  /* As if it had never begun; its finding numbers are void.
   * [run thread] ownership: consumes the transaction. durability: none. cost: none. errors: none. since: 1.0 */
  void (*rollback)(dd_txn *) DD_NOEXCEPT;
  /* The last committed checkpoint of this run and step.
   * [run thread] ownership: the host's. durability: none. cost: none. errors: DD_NOT_FOUND. since: 1.0 */
  dd_status (*checkpoint)(dd_run *, uint32_t *schema, dd_bytes *last) DD_NOEXCEPT;
  /* Replaces it; at most 64 MiB. `schema` is the descriptor's checkpoint_schema.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*put_checkpoint)(dd_txn *, uint32_t schema, dd_bytes) DD_NOEXCEPT;
  /* One value.
   * [run thread] ownership: the host's. durability: none. cost: a round trip unless a scan has fetched it.
   * errors: DD_NOT_FOUND. since: 1.0 */
  dd_status (*memory)(dd_run *, dd_bytes key, dd_bytes *value) DD_NOEXCEPT;
  /* The first entry with `prefix` behind the key `after` (empty = from the start), in byte order.
   * [run thread] ownership: the host's. durability: none. cost: a round trip for 512 entries or 1 MiB.
   * errors: DD_NOT_FOUND at the end. since: 1.0 */
  dd_status (*scan_memory)(dd_run *, dd_bytes prefix, dd_bytes after, dd_bytes *key, dd_bytes *value) DD_NOEXCEPT;
  /* A key of 1 byte to 16 KiB, a value of at most 64 MiB; the last put or drop of a key counts.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*put_memory)(dd_txn *, dd_bytes key, dd_bytes value) DD_NOEXCEPT;
  /* Also of a key that is not there.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*drop_memory)(dd_txn *, dd_bytes key) DD_NOEXCEPT;
  /* An output of an earlier step of this run, by the step's id in the manifest; "daydream" is the host.
   * [run thread] ownership: the host's. durability: none. cost: a round trip. errors: DD_NOT_FOUND (no such
   * step before this one, or it put none). since: 1.0 */
  dd_status (*output)(dd_run *, dd_text step, dd_text name, dd_text *json) DD_NOEXCEPT;
  /* Any JSON value under a name of at most 200 bytes, for the steps behind; the last put of a name counts.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*put_output)(dd_txn *, dd_text name, dd_text json) DD_NOEXCEPT;
  /* A finite number under a name of at most 200 bytes: set, not added.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*put_metric)(dd_txn *, dd_text name, double value) DD_NOEXCEPT;
  /* A JSON object: rule, severity, safety, path or path_hex, line, column, end_line, symbol, context, message,
   * evidence, suggestion; unknown members are refused; at most 1 MiB. *number (may be NULL) names the finding
   * in the effects of this run; its lasting id is set at the end of the step.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*put_finding)(dd_txn *, dd_text json, uint64_t *number) DD_NOEXCEPT;
  /* Findings of an earlier step of this run, by its id ("" = of all earlier ones), one JSON object a line.
   * [run thread] ownership: the host's. durability: none. cost: a round trip. errors: DD_NOT_FOUND (no such
   * step before this one). since: 1.0 */
  dd_status (*findings)(dd_run *, dd_text step, dd_text *json_lines) DD_NOEXCEPT;
  /* A whole file of the state directory, replaced as an effect of the transaction. `name` is relative, UTF-8,
   * without "..", and no file of the host's own; at most 64 MiB.
   * [run thread] ownership: copied. durability: with commit. cost: none. errors: none of its own. since: 1.0 */
  dd_status (*put_file)(dd_txn *, dd_text name, dd_bytes) DD_NOEXCEPT;
} dd_state_service;

#ifdef __cplusplus
}
#endif
#endif
