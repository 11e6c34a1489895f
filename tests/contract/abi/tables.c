/* Everything of the ABI reachable from one exported function, for abidiff. */
#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/run.h"
#include "daydream/state.h"

int tables(const dd_host*, const dd_plugin*, const dd_run_service*, const dd_state_service*, const dd_changes_service*,
           const dd_http_service*);

int tables(const dd_host* host, const dd_plugin* plugin, const dd_run_service* run, const dd_state_service* state,
           const dd_changes_service* changes, const dd_http_service* http) {
  return host != NULL && plugin != NULL && run != NULL && state != NULL && changes != NULL && http != NULL;
}
