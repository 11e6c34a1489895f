/* A step built with the headers of a later minor: its table is longer, and it uses what is new only where the host
 * has it. */
#include <stdlib.h>
#include <string.h>

#include "daydream/abi.h"
#include "daydream/state.h"

static const char kDescriptor[] =
    "{\"id\": \"witness/next\", \"version\": \"1.0.0\", \"summary\": \"Is of a later minor\","
    " \"services\": [\"daydream.state/1\"],"
    " \"report\": {\"title\": \"Next Minor\", \"lines\": ["
    "  {\"text\": \"{n} functions of the later minor are there\", \"metric\": \"later\"},"
    "  {\"text\": \"{n} functions of the first minor are there\", \"metric\": \"first\"}]}}";

struct step {
  const dd_host* host;
  dd_run* run;
};

static dd_text text(const char* words) {
  dd_text result = {words, strlen(words)};
  return result;
}

static dd_status step_open(const dd_host* host, dd_run* run, dd_text config, void** self) {
  struct step* made = (struct step*)malloc(sizeof *made);
  (void)config;
  if (made == NULL) return DD_RETRY;
  made->host = host;
  made->run = run;
  *self = made;
  return DD_OK;
}

static dd_status step_run(void* instance) {
  struct step* self = (struct step*)instance;
  const dd_state_service* state = (const dd_state_service*)self->host->service(self->run, DD_STATE_SERVICE);
  int later = 0, first = 0; /* of the functions that came with the later minor, and with 1.0 */
  dd_txn* txn = NULL;
  if (DD_HAS(dd_host, self->host, whisper)) ++later;
  if (DD_HAS(dd_state_service, state, later)) ++later;
  if (DD_HAS(dd_host, self->host, service)) ++first;
  if (DD_HAS(dd_state_service, state, put_file)) ++first;
  if (!DD_HAS(dd_state_service, state, put_metric)) return DD_UNSUPPORTED;
  txn = state->begin(self->run);
  if (txn == NULL) return DD_PERMANENT;
  state->put_metric(txn, text("later"), later);
  state->put_metric(txn, text("first"), first);
  return state->commit(txn);
}

static dd_status step_pause(void* instance) {
  (void)instance;
  return DD_OK;
}

static void step_close(void* instance) {
  free(instance);
}

const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, kDescriptor, step_open,
                                      step_run,          NULL,         NULL,         NULL,        step_close,
                                      step_pause};
