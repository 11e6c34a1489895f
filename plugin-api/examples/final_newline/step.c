/* A step in plain C: files whose last line has no end get one ("example/no-final-newline", safe).
 *
 * It shows all that a step needs without the C++ SDK: the exported table, services asked for by id, an instance
 * that holds what belongs to one run, a checkpoint, one transaction for each piece of work, and a word for people
 * wherever it fails. Reference: the comments of daydream/abi.h, state.h and changes.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/state.h"

enum { kFilesACommit = 20 }; /* what a kill may cost */

/* The descriptor, static JSON. A larger one is better kept in descriptor.json: see daydream_add_step(). */
static const char kDescriptor[] =
    "{\"id\": \"example/final_newline\", \"version\": \"1.0.0\","
    " \"summary\": \"Ends the last line of files\", \"checkpoint_schema\": 1,"
    " \"services\": [\"daydream.state/1\", \"daydream.changes/1\"],"
    " \"report\": {\"title\": \"Final Newline\", \"lines\": ["
    "  {\"text\": \"Looked at {n} files\", \"metric\": \"files\"},"
    "  {\"text\": \"Ended {n} last lines\", \"rules\": [\"example/no-final-newline\"]}]}}";

/* All that belongs to one try. Nothing static: two of them may live in one process. */
struct step {
  const dd_host* host;
  dd_run* run;
  const dd_state_service* state;
  const dd_changes_service* changes;
  uint64_t files; /* looked at, also by earlier tries of this run */
  uint8_t* after; /* the last path that is done; behind it the list goes on */
  size_t after_size;
};

static dd_text text_of(const char* words) {
  dd_text text = {words, strlen(words)};
  return text;
}

/* Says why, for people, and gives the status back. */
static dd_status because(struct step* self, dd_status status, const char* code, const char* why) {
  self->host->explain(self->run, text_of(code), text_of(why));
  return status;
}

static dd_status remember(struct step* self, const uint8_t* path, size_t size) {
  uint8_t* copy = size == 0 ? NULL : (uint8_t*)malloc(size);
  if (size != 0 && copy == NULL) return because(self, DD_RETRY, "memory", "no memory for a path");
  if (size != 0) memcpy(copy, path, size);
  free(self->after);
  self->after = copy;
  self->after_size = size;
  return DD_OK;
}

static void step_close(void* instance) {
  struct step* self = (struct step*)instance;
  free(self->after);
  free(self);
}

/* On failure the host does not call close(): what was made is given back here. */
static dd_status step_open(const dd_host* host, dd_run* run, dd_text configuration, void** out) {
  struct step* self = (struct step*)calloc(1, sizeof *self);
  (void)configuration; /* no options, so the host lets none through */
  if (self == NULL) return DD_RETRY;
  self->host = host;
  self->run = run;
  self->state = (const dd_state_service*)host->service(run, DD_STATE_SERVICE);
  self->changes = (const dd_changes_service*)host->service(run, DD_CHANGES_SERVICE);
  if (self->state == NULL || self->changes == NULL) {
    because(self, DD_UNSUPPORTED, "no-service",
            "this daydream lacks daydream.state/1 or daydream.changes/1: update it");
    step_close(self);
    return DD_UNSUPPORTED;
  }
  *out = self;
  return DD_OK;
}

/* The checkpoint: eight bytes of count, lowest first, then the path. */
static dd_status resume(struct step* self) {
  uint32_t schema = 0;
  dd_bytes last = {NULL, 0};
  size_t at;
  const dd_status status = self->state->checkpoint(self->run, &schema, &last);
  if (status == DD_NOT_FOUND) return DD_OK; /* the first try */
  if (status != DD_OK) return because(self, status, "checkpoint", "the checkpoint cannot be read");
  if (last.size < 8) return because(self, DD_PERMANENT, "damaged", "the checkpoint is too short");
  for (at = 0; at < 8; ++at) self->files |= (uint64_t)last.data[at] << (8 * at);
  return remember(self, last.data + 8, last.size - 8);
}

static dd_status put_checkpoint(struct step* self, dd_txn* txn) {
  const size_t size = 8 + self->after_size;
  uint8_t* bytes = (uint8_t*)malloc(size);
  dd_bytes checkpoint = {bytes, size};
  dd_status status;
  size_t at;
  if (bytes == NULL) return because(self, DD_RETRY, "memory", "no memory for a checkpoint");
  for (at = 0; at < 8; ++at) bytes[at] = (uint8_t)(self->files >> (8 * at));
  if (self->after_size != 0) memcpy(bytes + 8, self->after, self->after_size);
  status = self->state->put_checkpoint(txn, 1, checkpoint);
  free(bytes);
  return status;
}

/* The path as part of a JSON text: 0 where it has bytes that would need more than this example does. */
static int plain(dd_bytes path) {
  size_t at;
  for (at = 0; at < path.size; ++at) {
    if (path.data[at] < 0x20 || path.data[at] > 0x7e || path.data[at] == '"' || path.data[at] == '\\') return 0;
  }
  return path.size < 3000;
}

static dd_status look_at(struct step* self, dd_txn* txn, dd_bytes path) {
  char finding[4096];
  dd_bytes content = {NULL, 0};
  dd_span end = {0, 0, {(const uint8_t*)"\n", 1}};
  uint64_t token = 0, number = 0;
  dd_status status = self->changes->read(self->run, path, &content, &token);
  if (status == DD_UNSUPPORTED) return DD_OK; /* too large for this: not text that somebody edits */
  if (status != DD_OK) return status;
  if (content.size == 0 || content.data[content.size - 1] == '\n' || !plain(path)) return DD_OK;
  if (memchr(content.data, '\0', content.size) != NULL) return DD_OK; /* not text */
  end.offset = content.size;
  snprintf(finding, sizeof finding,
           "{\"rule\": \"example/no-final-newline\", \"severity\": \"info\", \"safety\": \"safe\", \"path\": \"%.*s\", "
           "\"message\": \"the last line has no end\", \"suggestion\": \"end it\"}",
           (int)path.size, (const char*)path.data);
  status = self->state->put_finding(txn, text_of(finding), &number);
  return status == DD_OK ? self->changes->edit(txn, path, token, &end, 1, number) : status;
}

/* The next files, as far as this page of the list goes. *end: there are no more. */
static dd_status fill(struct step* self, dd_txn* txn, int* looked, int* end) {
  const dd_entry* page = NULL;
  size_t count = 0, at;
  dd_bytes after = {self->after, self->after_size};
  dd_status status = self->changes->list(self->run, text_of("[\"*.txt\", \"*.md\"]"), after, &page, &count);
  *end = count == 0;
  for (at = 0; status == DD_OK && at < count && *looked < kFilesACommit; ++at) {
    ++*looked;
    self->host->progress(self->run, ++self->files, 0, text_of("files"));
    status = look_at(self, txn, page[at].path);
    if (status == DD_OK) status = remember(self, page[at].path.data, page[at].path.size);
  }
  return status;
}

/* One transaction: some files, their findings and edits, and "done up to here". */
static dd_status one_batch(struct step* self, int* end) {
  int looked = 0;
  dd_status status = DD_OK;
  dd_txn* txn = self->state->begin(self->run);
  if (txn == NULL) return DD_PERMANENT;
  while (status == DD_OK && looked < kFilesACommit && !*end) status = fill(self, txn, &looked, end);
  if (status == DD_OK) status = self->state->put_metric(txn, text_of("files"), (double)self->files);
  if (status == DD_OK) status = put_checkpoint(self, txn);
  if (status == DD_OK) return self->state->commit(txn); /* consumes it, whatever it returns */
  self->state->rollback(txn);
  return status;
}

static dd_status step_run(void* instance) {
  struct step* self = (struct step*)instance;
  int end = 0;
  dd_status status = resume(self);
  if (status != DD_OK) return status;
  while (!end) {
    if (self->host->cancelled(self->run)) return DD_CANCELLED; /* all that was committed is kept */
    status = one_batch(self, &end);
    if (status == DD_CANCELLED) return status;
    if (status != DD_OK) return because(self, status, "host", "the host refused a part of the work");
  }
  return DD_OK;
}

const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin),
                                      DD_ABI_MAJOR,
                                      DD_ABI_MINOR,
                                      kDescriptor,
                                      step_open,
                                      step_run,
                                      NULL, /* no commands */
                                      NULL, /* nothing to migrate: older checkpoints would be dropped */
                                      NULL, /* no remote changes */
                                      step_close};
