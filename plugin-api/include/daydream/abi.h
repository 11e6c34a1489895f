/* The core of the plugin ABI: statuses, the tiny host table, and the one symbol a plugin exports.
 * Everything else is a service asked for by id; each has a header of its own beside this one.
 *
 * A plugin runs in a worker process. Every call that changes something takes a transaction, and
 * one commit makes all of it durable: checkpoint, memory, findings, metrics, outputs and effects,
 * or none of it.
 *
 * Every function says, behind what it does:
 *   [run thread] or [any thread]: the run thread is the one that calls open, run, command, migrate,
 *     reconcile and close; any thread is one that the plugin started, until close() returns.
 *   ownership: what a plugin passes is copied before the call returns; what it receives lives until
 *     the next call of the same function on the same run, unless said otherwise. Nothing is freed
 *     across the line.
 *   durability: what has happened to a disk once it returns.
 *   cost: none (a look into this process), a round trip (a question to the host, about 10 us), a sync.
 *   errors: what it returns beside DD_OK. Every function answers a broken rule (NULL with a size, the
 *     wrong thread, a finished transaction) with DD_BAD_ARGUMENT and one that cannot reach its host
 *     with DD_CANCELLED; the words stand in the log.
 *   since: the minor that brought it. To call one that came after 1.0 ask DD_HAS first.
 *
 * Versions, from 1.0 on. The major is in the name of the symbol. Within a major nothing is renamed,
 * renumbered, moved or removed; tables grow at their end, by a minor, and both sides read no further
 * than the other's struct_size. dd_text, dd_bytes, dd_entry and dd_span are handed over in arrays or by
 * value and never grow. A host loads plugins of every minor of its major, older and newer; a plugin that
 * needs what its host lacks says so (DD_UNSUPPORTED). In full: guides/versions.md.
 *
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

/* Whether the table of the other side has this function: DD_HAS(dd_state_service, state, put_file). */
#define DD_HAS(type, table, function)                                                      \
  ((table) != NULL &&                                                                      \
   (table)->struct_size >= offsetof(type, function) + sizeof((table)->function) &&         \
   (table)->function != NULL)

typedef struct dd_text { /* never grows */
  const char *data;      /* UTF-8, not terminated */
  size_t size;
} dd_text;

typedef struct dd_bytes { /* never grows */
  const uint8_t *data;    /* any bytes; paths too */
  size_t size;
} dd_bytes;

/* Values live in stores and logs: never renumber. */
typedef int32_t dd_status;
#define DD_OK 0
#define DD_RETRY (-1)        /* may succeed later: try again with back-off */
#define DD_PERMANENT (-2)    /* will not succeed without a change */
#define DD_CANCELLED (-3)    /* the host asked to stop; all committed work is kept */
#define DD_CONFLICT (-4)     /* the file or record is not what the caller saw */
#define DD_UNSUPPORTED (-5)  /* not by this host, not here, or not for this file */
#define DD_BAD_ARGUMENT (-6) /* a rule of this page was broken; the log says which */
#define DD_NOT_FOUND (-7)
#define DD_SKIPPED 1         /* nothing to do here, `explain` says why: no failure */

#define DD_LOG_DEBUG 0
#define DD_LOG_INFO 1
#define DD_LOG_WARNING 2
#define DD_LOG_ERROR 3

typedef struct dd_run dd_run; /* one try of one step; opaque */
typedef struct dd_txn dd_txn; /* one transaction; opaque */

/* Valid, all of it, from the call of open() to the return of close(). */
typedef struct dd_host { /* grows only at the end */
  size_t struct_size;
  uint32_t abi_major, abi_minor; /* of the host */
  /* A line for the log of the run; masked and escaped by the host, cut at 16 KiB, 1,000 lines a second.
   * [any thread] ownership: copied. durability: none. cost: none. errors: none. since: 1.0 */
  void (*log)(dd_run *, int32_t level, dd_text message) DD_NOEXCEPT;
  /* How far the step is; total 0 = unknown. Feeds the idle watchdog: call it for every item.
   * [any thread] ownership: copied. durability: none. cost: none. errors: none. since: 1.0 */
  void (*progress)(dd_run *, uint64_t done, uint64_t total, dd_text what) DD_NOEXCEPT;
  /* 1 once the host wants the step to stop: commit what is whole and return DD_CANCELLED within 3 s.
   * [any thread] ownership: none. durability: none. cost: none. errors: none. since: 1.0 */
  int32_t (*cancelled)(dd_run *) DD_NOEXCEPT;
  /* Why `run` or `open` is about to fail or skip, for people; the last call counts. `code` is a short
   * stable word ("not-configured").
   * [run thread] ownership: copied. durability: with the outcome of the try. cost: none. errors: none.
   * since: 1.0 */
  void (*explain)(dd_run *, dd_text code, dd_text message) DD_NOEXCEPT;
  /* A service table by its id, NUL-terminated ("daydream.state/1"). May be asked for from open() on.
   * [run thread] ownership: the host's, for the life of the run. durability: none. cost: none.
   * errors: NULL when this host has no such service. since: 1.0 */
  const void *(*service)(dd_run *, const char *id) DD_NOEXCEPT;
} dd_host;

/* What a plugin offers. For each instance the host calls open() once and, when that said DD_OK, then
 * migrate() where schemas differ, reconcile() for each remote change in doubt, run() or command() once,
 * and close() once. There may be several instances, one after the other. A kill may come at any moment,
 * and then nothing more is called. All pointers are static. */
typedef struct dd_plugin {       /* grows only at the end */
  size_t struct_size;            /* sizeof(dd_plugin) of the headers it was built with */
  uint32_t abi_major, abi_minor; /* DD_ABI_MAJOR, DD_ABI_MINOR of the same */
  /* JSON, NUL-terminated: id, version, summary, role, config schema, checkpoint and memory schema numbers,
   * services, needs, commands, report section. See guides/descriptor.md. */
  const char *descriptor;
  /* Checks the configuration (defaults are filled in) and puts an instance into *self. Must not change
   * anything: it is also called to check a manifest.
   * [run thread] ownership: `host` and the run live as long as the instance, `config_json` as long as the
   * call; *self is the plugin's, given back by close(). durability: none. cost: no more than a second.
   * errors: any, explained; *self is then not closed. since: 1.0 */
  dd_status (*open)(const dd_host *, dd_run *, dd_text config_json, void **self) DD_NOEXCEPT;
  /* Does the step; resumes from the checkpoint.
   * [run thread] ownership: none. durability: what it committed, whatever it returns. cost: its own; it calls
   * progress(). errors: DD_SKIPPED, DD_RETRY (tried again), DD_PERMANENT (not), DD_CANCELLED, each explained.
   * since: 1.0 */
  dd_status (*run)(void *self) DD_NOEXCEPT;
  /* A command of the command line; `arguments_json` is a list of the words behind it. Proposed edits are
   * printed as a patch, written with --apply. May be NULL where the descriptor names no command.
   * [run thread] ownership: arguments live as long as the call. durability: what it committed. cost: its own.
   * errors: DD_BAD_ARGUMENT = exit 64, DD_PERMANENT = 65, any other 75; explained. since: 1.0 */
  dd_status (*command)(void *self, dd_text name, dd_text arguments_json) DD_NOEXCEPT;
  /* Before run: rewrites checkpoint and memory that an earlier version left under a lower schema. The numbers
   * are those found, 0 = there is none. Reads through the state service, puts into the transaction, which is
   * the host's to commit. May be NULL: an older checkpoint is then dropped, memory stays as it is.
   * [run thread] ownership: the transaction is the host's. durability: what was put, with the new schema
   * numbers, once DD_OK was returned. cost: its own. errors: any, explained: nothing was changed. since: 1.0 */
  dd_status (*migrate)(void *self, uint32_t checkpoint_schema, uint32_t memory_schema, dd_txn *) DD_NOEXCEPT;
  /* After a kill, before run: did the remote change of `key` happen? *happened: 1 yes, 0 no (it is then sent).
   * May be NULL: it is reported as in doubt and not sent again.
   * [run thread] ownership: arguments live as long as the call. durability: the answer is kept. cost: a
   * request of its own. errors: any: in doubt. since: 1.0 */
  dd_status (*reconcile)(void *self, dd_text key, dd_text request_json, int32_t *happened) DD_NOEXCEPT;
  /* The last call on `self`; its threads have ended when it returns.
   * [run thread] ownership: takes `self`. durability: none. cost: no more than a second. errors: none.
   * since: 1.0 */
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
