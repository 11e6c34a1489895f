/* A small correct step in C: one commit for each file data/ that ends in .txt, and where its last line has no end a
 * finding and an edit. Every file of broken/ breaks one rule by one of these hooks and includes it:
 *
 *   ON_OPEN(self), ON_RUN(self), ON_ITEM(self), ON_CLOSE(self)   statements
 *   RESUME(self), ON_MISSING(self)                               statements that replace ours
 *   TAKES_TABLE(self), STOPS(self), MESSAGE(self), ENDS(status)  expressions that replace ours
 *   DESCRIPTOR, STRUCT_SIZE, ABI_MAJOR, COMMAND                  of the table
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/state.h"

#ifndef ON_OPEN
#define ON_OPEN(self)
#endif
#ifndef ON_RUN
#define ON_RUN(self)
#endif
#ifndef ON_ITEM
#define ON_ITEM(self)
#endif
#ifndef ON_CLOSE
#define ON_CLOSE(self)
#endif
#ifndef DESCRIPTOR
#define DESCRIPTOR "{\"id\": \"test/small\", \"version\": \"1.0.0\", \"summary\": \"a step of a test\"}"
#endif
#ifndef STRUCT_SIZE
#define STRUCT_SIZE sizeof(dd_plugin)
#endif
#ifndef ABI_MAJOR
#define ABI_MAJOR DD_ABI_MAJOR
#endif
#ifndef COMMAND
#define COMMAND NULL
#endif
#ifndef MESSAGE
#define MESSAGE(self) "the last line has no end"
#endif
#ifndef STOPS
#define STOPS(self) ((self)->host->cancelled((self)->run))
#endif
#ifndef ENDS
#define ENDS(status) (status)
#endif
#ifndef TAKES_TABLE
#define TAKES_TABLE(self) ((self)->state != NULL && (self)->changes != NULL)
#endif
#ifndef ON_MISSING
#define ON_MISSING(self) explain(self, "no-service", "this host has no state or no changes");
#endif
#ifndef RESUME
#define RESUME(self) small_resume(self);
#endif

struct step {
  const dd_host* host;
  dd_run* run;
  const dd_state_service* state;
  const dd_changes_service* changes;
  dd_text config; /* in open() only */
  uint64_t done;
  char after[4096]; /* the file before the next */
};

static inline dd_text text_of(const char* words) {
  dd_text text = {words, strlen(words)};
  return text;
}
static inline dd_bytes bytes_of(const char* words) {
  dd_bytes bytes = {(const uint8_t*)words, strlen(words)};
  return bytes;
}
static inline void explain(struct step* self, const char* code, const char* message) {
  self->host->explain(self->run, text_of(code), text_of(message));
}

static dd_status small_open(const dd_host* host, dd_run* run, dd_text config, void** out) {
  struct step* self = (struct step*)calloc(1, sizeof *self);
  if (self == NULL) return DD_RETRY;
  self->host = host;
  self->run = run;
  self->state = (const dd_state_service*)host->service(run, DD_STATE_SERVICE);
  self->changes = (const dd_changes_service*)host->service(run, DD_CHANGES_SERVICE);
  self->config = config;
  if (!TAKES_TABLE(self)) {
    ON_MISSING(self)
    free(self);
    return DD_PERMANENT;
  }
  ON_OPEN(self)
  *out = self;
  return DD_OK;
}

/* One file, one transaction. */
static dd_status small_item(struct step* self) {
  const char* path = self->after;
  dd_bytes content;
  uint64_t token = 0, number = 0;
  char finding[5000];
  dd_span end = {0, 0, {(const uint8_t*)"\n", 1}};
  dd_status status = self->changes->read(self->run, bytes_of(path), &content, &token);
  dd_txn* txn;
  if (status != DD_OK) return status;
  end.offset = content.size;
  ON_ITEM(self)
  txn = self->state->begin(self->run);
  if (txn == NULL) return DD_PERMANENT;
  if (content.size > 0 && content.data[content.size - 1] != '\n') {
    snprintf(finding, sizeof finding,
             "{\"rule\": \"test/no-end\", \"severity\": \"info\", \"safety\": \"safe\", \"path\": \"%s\", "
             "\"message\": \"%s\"}",
             path, MESSAGE(self));
    status = self->state->put_finding(txn, text_of(finding), &number);
    if (status == DD_OK) status = self->changes->edit(txn, bytes_of(path), token, &end, 1, number);
  }
  ++self->done;
  if (status == DD_OK) status = self->state->put_metric(txn, text_of("files"), (double)self->done);
  if (status == DD_OK) {
    char checkpoint[4200];
    dd_bytes bytes;
    bytes.size = (size_t)snprintf(checkpoint, sizeof checkpoint, "%llu ", (unsigned long long)self->done);
    memcpy(checkpoint + bytes.size, path, strlen(path));
    bytes.size += strlen(path);
    bytes.data = (const uint8_t*)checkpoint;
    status = self->state->put_checkpoint(txn, 1, bytes);
  }
  if (status != DD_OK) {
    self->state->rollback(txn);
    return status;
  }
  return self->state->commit(txn);
}

static inline void small_resume(struct step* self) {
  uint32_t schema = 0;
  dd_bytes last;
  char text[4200];
  char* path;
  if (self->state->checkpoint(self->run, &schema, &last) != DD_OK || last.size >= sizeof text) return;
  memcpy(text, last.data, last.size);
  text[last.size] = '\0';
  self->done = strtoull(text, &path, 10);
  if (*path == ' ') snprintf(self->after, sizeof self->after, "%s", path + 1);
}
static dd_status small_run(void* instance) {
  struct step* self = (struct step*)instance;
  const dd_entry* page = NULL;
  size_t count = 0;
  dd_status status = DD_OK;
  RESUME(self)
  ON_RUN(self)
  for (;;) {
    status = self->changes->list(self->run, text_of("[\"data/*.txt\"]"), bytes_of(self->after), &page, &count);
    if (status != DD_OK || count == 0) break;
    if (page[0].path.size >= sizeof self->after - 96) return explain(self, "path", "a path is too long"), DD_PERMANENT;
    memcpy(self->after, page[0].path.data, page[0].path.size);
    self->after[page[0].path.size] = '\0';
    if (STOPS(self)) return DD_CANCELLED;
    self->host->progress(self->run, self->done, 0, text_of(self->after));
    status = small_item(self);
    if (status != DD_OK) break;
  }
  if (status != DD_OK && status != DD_CANCELLED) explain(self, "host", "the host refused something");
  return ENDS(status);
}

static void small_close(void* instance) {
  struct step* self = (struct step*)instance;
  ON_CLOSE(self)
  free(self);
}

const dd_plugin daydream_plugin_v1 = {STRUCT_SIZE, ABI_MAJOR, DD_ABI_MINOR, DESCRIPTOR, small_open,
                                      small_run,   COMMAND,   NULL,         NULL,       small_close};
