/* "daydream.http/1": requests made by a broker outside this process; it holds the secrets and the
 * policy (hosts declared by the manifest, private addresses refused, sizes, times, politeness).
 * Header values may name a secret as ${NAME}; a plugin never sees its value. Requests and answers are
 * described in guides/http.md. The words behind each function are explained in abi.h. */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_HTTP_H
#define DAYDREAM_HTTP_H

#include "daydream/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DD_HTTP_SERVICE "daydream.http/1"

#define DD_HTTP_WAITING 0  /* to be sent once it is its turn */
#define DD_HTTP_DONE 1     /* the server said 2xx, or reconcile said yes */
#define DD_HTTP_REFUSED 2  /* it did not happen: see the response */
#define DD_HTTP_IN_DOUBT 3 /* nobody can tell; it is reported */

typedef struct dd_http_service { /* grows only at the end */
  size_t struct_size;
  /* Begins a request; its answer comes through poll under the plugin's own number `ticket`. A request of at most
   * 1 MiB with a body of at most 16 MiB; 256 at a time.
   * [run thread] ownership: copied. durability: none: for reading, not for changing. cost: none; waits for
   * nothing. errors: DD_RETRY (256 are under way: poll first), DD_CANCELLED (the run is stopping). since: 1.0 */
  dd_status (*submit)(dd_run *, uint64_t ticket, dd_text request_json, dd_bytes body) DD_NOEXCEPT;
  /* The next answer, in any order. Waits at most timeout_ms (60,000 at most); feeds no watchdog.
   * [run thread] ownership: the host's. durability: none. cost: a round trip for many answers, and the wait.
   * errors: DD_NOT_FOUND (none has come, or none is under way), DD_CANCELLED (the run is stopping). since: 1.0 */
  dd_status (*poll)(dd_run *, uint32_t timeout_ms, uint64_t *ticket, dd_text *response_json, dd_bytes *body) DD_NOEXCEPT;
  /* A remote change: sent behind the commit, in order, in modes branch and in-place alone; after a kill
   * `reconcile` is asked whether it happened. `key` (at most 512 bytes) names it in this run: put again, it is
   * the same change and not sent twice.
   * [run thread] ownership: copied. durability: intended with commit. cost: none. errors: none of its own.
   * since: 1.0 */
  dd_status (*effect)(dd_txn *, dd_text key, dd_text request_json, dd_bytes body, uint64_t finding) DD_NOEXCEPT;
  /* What became of a committed effect: one of DD_HTTP_*.
   * [run thread] ownership: the host's. durability: none. cost: a round trip. errors: DD_NOT_FOUND (no such key
   * in this run). since: 1.0 */
  dd_status (*settled)(dd_run *, dd_text key, int32_t *state, dd_text *response_json) DD_NOEXCEPT;
} dd_http_service;

#ifdef __cplusplus
}
#endif
#endif
