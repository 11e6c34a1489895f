/* A step of ABI 1.0 that calls every function of every table and says which did not answer as it was promised. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/run.h"
#include "daydream/state.h"

static const char kDescriptor[] =
    "{\"id\": \"witness/minor_1_0\", \"version\": \"1.0.0\", \"summary\": \"Calls every function of ABI 1.0\","
    " \"checkpoint_schema\": 1, \"memory_schema\": 1,"
    " \"services\": [\"daydream.run/1\", \"daydream.state/1\", \"daydream.changes/1\", \"daydream.http/1\"],"
    " \"commands\": [{\"name\": \"witness\", \"summary\": \"prints a word\"}],"
    " \"report\": {\"title\": \"Witness\", \"lines\": ["
    "  {\"text\": \"{n} calls answered as promised\", \"metric\": \"calls\"},"
    "  {\"text\": \"{n} lines written\", \"rules\": [\"witness/line\"], \"actions\": [\"applied\", \"proposed\"]}]}}";

struct witness {
  const dd_host* host;
  dd_run* run;
  const dd_run_service* facts;
  const dd_state_service* state;
  const dd_changes_service* changes;
  const dd_http_service* http;
  int calls;
  const char* wrong; /* the first call that did not keep its promise */
};

static dd_text text(const char* words) {
  dd_text result = {words, strlen(words)};
  return result;
}
static dd_bytes bytes(const char* words) {
  dd_bytes result = {(const uint8_t*)words, strlen(words)};
  return result;
}
static int is(dd_bytes got, const char* wanted) {
  return got.size == strlen(wanted) && memcmp(got.data, wanted, got.size) == 0;
}

static void expect(struct witness* self, int kept, const char* call) {
  ++self->calls;
  if (!kept && self->wrong == NULL) self->wrong = call;
}

static dd_status witness_open(const dd_host* host, dd_run* run, dd_text config, void** self) {
  struct witness* one = NULL;
  struct witness made = {NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL};
  made.host = host, made.run = run;
  made.facts = (const dd_run_service*)host->service(run, DD_RUN_SERVICE);
  made.state = (const dd_state_service*)host->service(run, DD_STATE_SERVICE);
  made.changes = (const dd_changes_service*)host->service(run, DD_CHANGES_SERVICE);
  made.http = (const dd_http_service*)host->service(run, DD_HTTP_SERVICE);
  if (!DD_HAS(dd_run_service, made.facts, print) || !DD_HAS(dd_state_service, made.state, put_file) ||
      !DD_HAS(dd_changes_service, made.changes, archive) || !DD_HAS(dd_http_service, made.http, settled)) {
    host->explain(run, text("service"), text("a service of ABI 1.0 is missing"));
    return DD_UNSUPPORTED;
  }
  if (config.size < 2) return DD_BAD_ARGUMENT;
  one = (struct witness*)malloc(sizeof made);
  if (one == NULL) return DD_RETRY;
  *one = made;
  *self = one;
  return DD_OK;
}

static void look(struct witness* self) {
  dd_text json = {NULL, 0};
  dd_bytes path = {NULL, 0}, value = {NULL, 0}, body = {NULL, 0};
  uint64_t ticket = 0;
  int32_t settled = 0;
  self->host->log(self->run, DD_LOG_INFO, text("the witness looks"));
  self->host->progress(self->run, 0, 1, text("calls"));
  expect(self, self->host->service(self->run, "daydream.nothing/1") == NULL, "service");
  expect(self, self->facts->facts(self->run, &json) == DD_OK && json.size > 2 && json.data[0] == '{', "facts");
  expect(self, self->facts->root(self->run, text("source"), &path) == DD_OK && path.data[0] == '/', "root");
  expect(self, self->facts->root(self->run, text("nowhere"), &path) == DD_NOT_FOUND, "root of nothing");
  expect(self, self->facts->print(self->run, bytes("ignored")) == DD_OK, "print");
  expect(self, self->state->memory(self->run, bytes("nothing"), &value) == DD_NOT_FOUND, "memory of nothing");
  expect(self, self->state->output(self->run, text("daydream"), text("nothing"), &json) == DD_NOT_FOUND, "output");
  expect(self, self->state->findings(self->run, text(""), &json) == DD_OK, "findings");
  expect(self, self->http->settled(self->run, text("nothing"), &settled, &json) == DD_NOT_FOUND, "settled");
  expect(self, self->http->submit(self->run, 7, text("{\"url\": \"https://refused.invalid/\"}"), bytes("")) == DD_OK,
         "submit");
  expect(self, self->http->poll(self->run, 5000, &ticket, &json, &body) == DD_OK && ticket == 7, "poll");
}

/* The first file of the tree gets a line; a second file is made. */
static void propose(struct witness* self, dd_txn* txn) {
  const dd_entry* page = NULL;
  size_t count = 0;
  dd_bytes content = {NULL, 0};
  dd_span line = {0, 0, {(const uint8_t*)"seen\n", 5}};
  uint64_t token = 0, edit = 0, live = 0;
  char path[256] = "", finding[512];
  expect(self, self->changes->list(self->run, text("[\"*.txt\"]"), bytes(""), &page, &count) == DD_OK, "list");
  if (count > 0 && page[0].path.size < sizeof path) memcpy(path, page[0].path.data, page[0].path.size);
  snprintf(finding, sizeof finding,
           "{\"rule\": \"witness/line\", \"severity\": \"info\", \"safety\": \"safe\", \"path\": \"%s\","
           " \"line\": 1, \"message\": \"no witness was here\"}",
           path);
  expect(self, self->state->put_finding(txn, text(finding), &edit) == DD_OK && edit != 0, "put_finding");
  expect(self, self->changes->read(self->run, bytes(path), &content, &token) == DD_OK && token != 0, "read");
  expect(self, self->changes->edit(txn, bytes(path), token, &line, 1, edit) == DD_OK, "edit");
  expect(self, self->changes->create(txn, bytes("witness/made.txt"), bytes("made\n"), edit) == DD_OK, "create");
  if (count > 1 && page[1].path.size < sizeof path) {
    memset(path, 0, sizeof path);
    memcpy(path, page[1].path.data, page[1].path.size);
    expect(self, self->changes->remove(txn, bytes(path), page[1].token, edit) == DD_OK, "remove");
  }
  expect(self,
         self->state->put_finding(txn,
                                  text("{\"rule\": \"witness/live\", \"severity\": \"info\", \"safety\": "
                                       "\"info\", \"message\": \"live files\"}"),
                                  &live) == DD_OK,
         "put_finding without a path");
  expect(self, self->changes->discard(txn, text("repository"), bytes("__pycache__/x.pyc"), live) == DD_OK, "discard");
  expect(self,
         self->changes->archive(txn, text("repository"), bytes("logs/app.log.1"), bytes("app.log.1.zst"),
                                text("{\"unlink\": false}"), live) == DD_OK,
         "archive");
}

static void put(struct witness* self, dd_txn* txn) {
  expect(self, self->state->put_checkpoint(txn, 1, bytes("done")) == DD_OK, "put_checkpoint");
  expect(self, self->state->put_memory(txn, bytes("key/a"), bytes("value")) == DD_OK, "put_memory");
  expect(self, self->state->drop_memory(txn, bytes("key/b")) == DD_OK, "drop_memory");
  expect(self, self->state->put_output(txn, text("said"), text("[1, 2]")) == DD_OK, "put_output");
  expect(self, self->state->put_file(txn, text("witness/file.txt"), bytes("kept\n")) == DD_OK, "put_file");
}

static void look_back(struct witness* self) {
  dd_bytes key = {NULL, 0}, value = {NULL, 0};
  uint32_t schema = 0;
  expect(self, self->state->checkpoint(self->run, &schema, &value) == DD_OK && schema == 1 && is(value, "done"),
         "checkpoint");
  expect(self, self->state->memory(self->run, bytes("key/a"), &value) == DD_OK && is(value, "value"), "memory");
  expect(self, self->state->scan_memory(self->run, bytes("key/"), bytes(""), &key, &value) == DD_OK && is(key, "key/a"),
         "scan_memory");
}

static dd_status witness_run(void* instance) {
  struct witness* self = (struct witness*)instance;
  uint32_t schema = 0;
  dd_bytes last = {NULL, 0};
  dd_txn* txn = NULL;
  if (self->state->checkpoint(self->run, &schema, &last) == DD_OK) return DD_OK; /* all of it is committed */
  if (self->host->cancelled(self->run)) return DD_CANCELLED;
  look(self);
  txn = self->state->begin(self->run);
  expect(self, txn != NULL, "begin");
  self->state->rollback(txn);
  txn = self->state->begin(self->run);
  propose(self, txn);
  put(self, txn);
  expect(self, self->state->put_metric(txn, text("calls"), self->calls) == DD_OK, "put_metric");
  expect(self, self->state->commit(txn) == DD_OK, "commit");
  look_back(self);
  if (self->wrong == NULL) return DD_OK;
  self->host->explain(self->run, text("promise"), text(self->wrong));
  return DD_PERMANENT;
}

static dd_status witness_command(void* instance, dd_text name, dd_text arguments) {
  struct witness* self = (struct witness*)instance;
  if (name.size != 7 || arguments.size != 2) {
    self->host->explain(self->run, text("usage"), text("daydream witness"));
    return DD_BAD_ARGUMENT;
  }
  return self->facts->print(self->run, bytes("a word\n"));
}

static void witness_close(void* instance) {
  free(instance);
}

const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR,    DD_ABI_MINOR, kDescriptor, witness_open,
                                      witness_run,       witness_command, NULL,         NULL,        witness_close};
