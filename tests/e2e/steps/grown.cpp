// Two versions of one plugin from one source: GROWN_SCHEMA is 1, or 2 in grown_next.cpp. It counts, in
// checkpoint and memory, the .txt files it has seen; version 1 writes "3", version 2 "count=3". Version 1
// fails behind its second file; version 2 says in its output what it was given.
#ifndef GROWN_SCHEMA
#define GROWN_SCHEMA 1
#endif
#define GROWN_TEXT_(number) #number
#define GROWN_TEXT(number) GROWN_TEXT_(number)

#include <daydream/sdk.hpp>
#include <string>

namespace {

using namespace daydream;

constexpr const char* kDescriptor =
    R"({"id": "grown", "version": ")" GROWN_TEXT(GROWN_SCHEMA) R"(.0.0", "summary": "counts files", "role": "step",
  "checkpoint_schema": )" GROWN_TEXT(GROWN_SCHEMA) R"(, "memory_schema": )" GROWN_TEXT(GROWN_SCHEMA) R"(,
  "services": ["daydream.run/1", "daydream.state/1", "daydream.changes/1"],
  "report": {"title": "Grown", "lines": [{"text": "Counted {n} files", "metric": "files"},
                                         {"text": "Migrated {n} times", "metric": "migrated"},
                                         {"text": "Remembered {n} files", "metric": "remembered"}]}})";

class Grown {
 public:
  Grown(sdk::Run& run, const json::Value&) : run_(run) {}

#if GROWN_SCHEMA > 1
  Result<void> migrate(std::uint32_t checkpoint, std::uint32_t memory, sdk::Transaction& txn) {
    migrated_ = 1;
    if (checkpoint == 1) {
      auto old = run_.state().checkpoint();
      if (!old) return std::move(old.error());
      if (*old) txn.put_checkpoint(GROWN_SCHEMA, "count=" + std::string((*old)->bytes));
    }
    if (memory == 1) {
      auto old = run_.state().memory("seen");
      if (!old) return std::move(old.error());
      if (*old) txn.put_memory("seen", "count=" + std::string(**old));
    }
    return {};
  }
#endif

  Result<sdk::Outcome> run() {
    auto checkpoint = run_.state().checkpoint();
    if (!checkpoint) return std::move(checkpoint.error());
    auto memory = run_.state().memory("seen");
    if (!memory) return std::move(memory.error());
    const int remembered = *memory ? read(**memory) : 0;
    int count = *checkpoint ? read((*checkpoint)->bytes) : 0;
    auto files = run_.files().list({"*.txt"}, "");
    if (!files) return std::move(files.error());
    for (; count < static_cast<int>(files->size()); ++count) {
      if (GROWN_SCHEMA == 1 && count == 2) return sdk::Outcome::retry("wants to be newer");
      if (auto put = save(count + 1, remembered); !put) return std::move(put.error());
    }
    return sdk::Outcome::ok();
  }

 private:
  static int read(std::string_view text) {
    if (GROWN_SCHEMA > 1) {
      if (text.substr(0, 6) != "count=") return -1000;  // what version 1 wrote: somebody did not migrate
      text.remove_prefix(6);
    }
    return std::atoi(std::string(text).c_str());
  }
  Result<void> save(int count, int remembered) {
    const std::string words = (GROWN_SCHEMA > 1 ? "count=" : "") + std::to_string(count);
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_checkpoint(GROWN_SCHEMA, words);
    txn->put_memory("seen", words);
    txn->put_metric("files", count);
    txn->put_metric("migrated", migrated_);
    txn->put_metric("remembered", remembered);
    return txn->commit();
  }

  sdk::Run& run_;
  int migrated_ = 0;
};

}  // namespace

DAYDREAM_PLUGIN(Grown, kDescriptor);
