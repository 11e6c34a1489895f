// Edits and removes a file by tokens that name other content.
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  uint64_t number = 0;
  dd_txn* txn = state->begin(the_run);
  state->put_finding(txn, text(R"({"rule":"r","severity":"warning","safety":"safe","path":"b.txt","message":"m"})"),
                     &number);
  const dd_span span{0, 4, bytes("XXXX")};
  changes->edit(txn, bytes("b.txt"), 0x1234567890abcdefULL, &span, 1, number);
  changes->remove(txn, bytes("c.txt"), 0xfedcba0987654321ULL, number);
  return state->commit(txn);
}

}  // namespace

PLUGIN("wrong_token", run);
