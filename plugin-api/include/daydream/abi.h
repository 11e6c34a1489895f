/* The core of the plugin ABI: statuses, the tiny host table, and the one symbol a plugin exports.
 * Everything else is a service asked for by id; each has a header of its own beside this one.
 *
 * A plugin runs in a worker process. Every call that changes something takes a transaction, and
 * one commit makes all of it durable: checkpoint, memory, findings, metrics, outputs and effects,
 * or none of it.
 * Ownership: what a plugin passes is copied before the call returns; what it receives lives until
 * the next call of the same function on the same run, unless said otherwise. Nothing is freed
 * across the line.
 * Threads: [run thread] is the one thread that calls open, run, command, migrate, reconcile and
 * close; [any thread] may be called from any thread the plugin started.
 * Draft: until 1.0 is declared host and plugin must agree on the exact minor.
 * Compiles alone as C99 to C++20.
 */
/* Laid out by hand: clang-format takes DD_NOEXCEPT for part of a cast. */
/* clang-format off */
#ifndef DAYDREAM_ABI_H
#define DAYDREAM_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define DD_NOEXCEPT noexcept
extern "C" {
#else
#define DD_NOEXCEPT
#endif

#define DD_ABI_MAJOR 1
#define DD_ABI_MINOR 0
#define DD_ABI_DRAFT 1 /* 1: the minor must match exactly; 0: declared stable */

typedef struct dd_text {
  const char *data; /* UTF-8, not terminated */
  size_t size;
} dd_text;

typedef struct dd_bytes {
  const uint8_t *data; /* any bytes; paths too */
  size_t size;
} dd_bytes;

/* Values live in stores and logs: never renumber. */
typedef int32_t dd_status;
#define DD_OK 0
#define DD_RETRY (-1)     /* may succeed later: try again with back-off */
#define DD_PERMANENT (-2) /* will not succeed without a change */
#define DD_CANCELLED (-3) /* the host asked to stop; all committed work is kept */
#define DD_CONFLICT (-4)  /* the file or record is not what the caller saw */
#define DD_UNSUPPORTED (-5)
#define DD_BAD_ARGUMENT (-6)
#define DD_NOT_FOUND (-7)
#define DD_SKIPPED 1 /* nothing to do here, `explain` says why: no failure */

#define DD_LOG_DEBUG 0
#define DD_LOG_INFO 1
#define DD_LOG_WARNING 2
#define DD_LOG_ERROR 3

typedef struct dd_run dd_run; /* one try of one step; opaque */
typedef struct dd_txn dd_txn; /* one transaction; opaque */

typedef struct dd_host { /* grows only at the end */
  size_t struct_size;
  uint32_t abi_major, abi_minor;
  /* [any thread] A line for the log of the run; masked and escaped by the host. Not durable. */
  void (*log)(dd_run *, int32_t level, dd_text message) DD_NOEXCEPT;
  /* [any thread] How far the step is; total 0 = unknown. Feeds the idle watchdog. Cheap: call it
   * for every item. */
  void (*progress)(dd_run *, uint64_t done, uint64_t total, dd_text what) DD_NOEXCEPT;
  /* [any thread] 1 once the host wants the step to stop: commit what is whole and return
   * DD_CANCELLED within 3 s. */
  int32_t (*cancelled)(dd_run *) DD_NOEXCEPT;
  /* [run thread] Why `run` or `open` is about to fail or skip, for people; the last call counts.
   * `code` is a short stable word ("not-configured"). */
  void (*explain)(dd_run *, dd_text code, dd_text message) DD_NOEXCEPT;
  /* [run thread] A service table by id ("daydream.state/1"), or NULL; valid for the life of the run. */
  const void *(*service)(dd_run *, const char *id) DD_NOEXCEPT;
} dd_host;

typedef struct dd_plugin {       /* grows only at the end */
  size_t struct_size;
  uint32_t abi_major, abi_minor; /* what it was built against */
  /* JSON, NUL-terminated, static: id, version, summary, role, config schema, checkpoint and memory
   * schema numbers, services, needs, commands, report section. See host/loader/descriptor.md. */
  const char *descriptor;
  /* [run thread] Checks the configuration and returns an instance in *self. On failure *self is not
   * closed. Must not change anything. */
  dd_status (*open)(const dd_host *, dd_run *, dd_text config_json, void **self) DD_NOEXCEPT;
  /* [run thread] Does the step; resumes from the checkpoint. */
  dd_status (*run)(void *self) DD_NOEXCEPT;
  /* [run thread] A command of the command line. DD_OK = exit 0, DD_BAD_ARGUMENT = 64. Proposed
   * edits are printed as a patch, written with --apply. May be NULL. */
  dd_status (*command)(void *self, dd_text name, dd_text arguments_json) DD_NOEXCEPT;
  /* [run thread] In one transaction, before run: rewrites checkpoint and memory of older schemas.
   * The host commits the transaction. May be NULL: older checkpoints are then dropped. */
  dd_status (*migrate)(void *self, uint32_t checkpoint_schema, uint32_t memory_schema, dd_txn *) DD_NOEXCEPT;
  /* [run thread] After a kill: did the remote change of `key` happen? *happened: 1 yes, 0 no. May be NULL. */
  dd_status (*reconcile)(void *self, dd_text key, dd_text request_json, int32_t *happened) DD_NOEXCEPT;
  /* [run thread] Last call on `self`. */
  void (*close)(void *self) DD_NOEXCEPT;
} dd_plugin;

/* The only exported symbol of a plugin. Its major is in its name. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
extern const dd_plugin daydream_plugin_v1;

#ifdef __cplusplus
}
#endif
#endif
