/* "daydream.http/1": requests made by a broker outside this process; it holds the secrets and the
 * policy (hosts declared by the manifest, private addresses refused, sizes, times, politeness).
 * Header values may name a secret as ${NAME}; a plugin never sees its value. */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_HTTP_H
#define DAYDREAM_HTTP_H

#include "daydream/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DD_HTTP_SERVICE "daydream.http/1"

#define DD_HTTP_WAITING 0
#define DD_HTTP_DONE 1
#define DD_HTTP_REFUSED 2  /* see the response */
#define DD_HTTP_IN_DOUBT 3

/* All functions: [run thread]. */
typedef struct dd_http_service { /* grows only at the end */
  size_t struct_size;
  dd_status (*submit)(dd_run *, uint64_t ticket, dd_text request_json, dd_bytes body) DD_NOEXCEPT;
  dd_status (*poll)(dd_run *, uint32_t timeout_ms, uint64_t *ticket, dd_text *response_json, dd_bytes *body) DD_NOEXCEPT;
  /* A remote change: sent once its intent is durable, settled by `reconcile` after a kill. */
  dd_status (*effect)(dd_txn *, dd_text key, dd_text request_json, dd_bytes body, uint64_t finding) DD_NOEXCEPT;
  dd_status (*settled)(dd_run *, dd_text key, int32_t *state, dd_text *response_json) DD_NOEXCEPT;
} dd_http_service;

#ifdef __cplusplus
}
#endif
#endif
