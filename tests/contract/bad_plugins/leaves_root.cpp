// Names paths outside its root, straight and through a symlink.
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  uint64_t number = 0;
  dd_txn* txn = state->begin(the_run);
  state->put_finding(txn, text(R"({"rule":"r","severity":"warning","safety":"safe","message":"m"})"), &number);
  dd_status worst = DD_OK;
  for (const char* path :
       {"../outside.txt", "/tmp/outside.txt", "a/../../outside.txt", "link/outside.txt", ".git/config"}) {
    const dd_status status = changes->create(txn, bytes(path), bytes("bad"), number);
    say(std::string(path) + " = " + std::to_string(status));
    if (status != DD_OK) worst = status;
  }
  state->put_file(txn, text("../outside.txt"), bytes("bad"));
  state->put_file(txn, text("state.json"), bytes("bad"));
  const dd_status committed = state->commit(txn);
  return committed == DD_OK ? worst : committed;
}

}  // namespace

PLUGIN("leaves_root", run);
