/* Prints the layout of the C headers it is compiled with: values, then each struct with its fields in order.
 * A field that is no longer there does not compile; one that is missing here shows as a gap. */
#include <stdio.h>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/run.h"
#include "daydream/state.h"

#define NUMBER(name) printf(#name " %d\n", (int)(name))
#define TEXT(name) printf(#name " %s\n", name)
#define STRUCT(type) printf("\n" #type " size %zu\n", sizeof(type))
#define FIELD(type, name) printf("  %zu " #name " %zu\n", offsetof(type, name), sizeof(((type*)0)->name))

static void values(void) {
  NUMBER(DD_ABI_MAJOR), NUMBER(DD_OK), NUMBER(DD_RETRY), NUMBER(DD_PERMANENT), NUMBER(DD_CANCELLED);
  NUMBER(DD_CONFLICT), NUMBER(DD_UNSUPPORTED), NUMBER(DD_BAD_ARGUMENT), NUMBER(DD_NOT_FOUND), NUMBER(DD_SKIPPED);
  NUMBER(DD_LOG_DEBUG), NUMBER(DD_LOG_INFO), NUMBER(DD_LOG_WARNING), NUMBER(DD_LOG_ERROR);
  NUMBER(DD_HTTP_WAITING), NUMBER(DD_HTTP_DONE), NUMBER(DD_HTTP_REFUSED), NUMBER(DD_HTTP_IN_DOUBT);
  TEXT(DD_RUN_SERVICE), TEXT(DD_STATE_SERVICE), TEXT(DD_CHANGES_SERVICE), TEXT(DD_HTTP_SERVICE);
}

static void core(void) {
  STRUCT(dd_text), FIELD(dd_text, data), FIELD(dd_text, size);
  STRUCT(dd_bytes), FIELD(dd_bytes, data), FIELD(dd_bytes, size);
  STRUCT(dd_host), FIELD(dd_host, struct_size), FIELD(dd_host, abi_major), FIELD(dd_host, abi_minor);
  FIELD(dd_host, log), FIELD(dd_host, progress), FIELD(dd_host, cancelled), FIELD(dd_host, explain);
  FIELD(dd_host, service);
  STRUCT(dd_plugin), FIELD(dd_plugin, struct_size), FIELD(dd_plugin, abi_major), FIELD(dd_plugin, abi_minor);
  FIELD(dd_plugin, descriptor), FIELD(dd_plugin, open), FIELD(dd_plugin, run), FIELD(dd_plugin, command);
  FIELD(dd_plugin, migrate), FIELD(dd_plugin, reconcile), FIELD(dd_plugin, close);
}

static void run_and_state(void) {
  STRUCT(dd_run_service), FIELD(dd_run_service, struct_size), FIELD(dd_run_service, facts);
  FIELD(dd_run_service, root), FIELD(dd_run_service, print);
  STRUCT(dd_state_service), FIELD(dd_state_service, struct_size), FIELD(dd_state_service, begin);
  FIELD(dd_state_service, commit), FIELD(dd_state_service, rollback), FIELD(dd_state_service, checkpoint);
  FIELD(dd_state_service, put_checkpoint), FIELD(dd_state_service, memory), FIELD(dd_state_service, scan_memory);
  FIELD(dd_state_service, put_memory), FIELD(dd_state_service, drop_memory), FIELD(dd_state_service, output);
  FIELD(dd_state_service, put_output), FIELD(dd_state_service, put_metric), FIELD(dd_state_service, put_finding);
  FIELD(dd_state_service, findings), FIELD(dd_state_service, put_file);
}

static void changes_and_http(void) {
  STRUCT(dd_entry), FIELD(dd_entry, path), FIELD(dd_entry, size), FIELD(dd_entry, token);
  STRUCT(dd_span), FIELD(dd_span, offset), FIELD(dd_span, size), FIELD(dd_span, replacement);
  STRUCT(dd_changes_service), FIELD(dd_changes_service, struct_size), FIELD(dd_changes_service, list);
  FIELD(dd_changes_service, read), FIELD(dd_changes_service, edit), FIELD(dd_changes_service, create);
  FIELD(dd_changes_service, remove), FIELD(dd_changes_service, discard), FIELD(dd_changes_service, archive);
  STRUCT(dd_http_service), FIELD(dd_http_service, struct_size), FIELD(dd_http_service, submit);
  FIELD(dd_http_service, poll), FIELD(dd_http_service, effect), FIELD(dd_http_service, settled);
}

int main(void) {
  values(), core(), run_and_state(), changes_and_http();
  return 0;
}
