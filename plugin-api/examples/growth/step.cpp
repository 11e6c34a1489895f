// An output of another step, memory, and its migration. Read it from the bottom up.
#include <daydream/sdk.hpp>
#include <map>

#include "daydream_descriptor.hpp"

namespace {

using namespace daydream;

using Sizes = std::map<std::string, std::int64_t>;
constexpr std::string_view kEntry = "lines/";  // since memory_schema 2: "lines/src/a.py" -> "120"
constexpr std::string_view kAll = "sizes";     // of memory_schema 1: all of them as one JSON object

Result<Sizes> read_sizes(std::string_view text) {
  auto parsed = json::Text::parse(text, {.name = "sizes", .positions = false});
  if (!parsed) return std::move(parsed.error());
  if (!parsed->root().IsObject()) return Error(ErrorKind::kInvalid, "sizes: expected an object");
  Sizes sizes;
  for (const auto& file : parsed->root().GetObject()) {
    if (!file.value.IsInt64()) return Error(ErrorKind::kInvalid, "sizes: expected counts of lines");
    sizes[json::string_of(file.name)] = file.value.GetInt64();
  }
  return sizes;
}

class Growth {
 public:
  Growth(sdk::Run& run, const json::Value& configuration)
      : run_(run),
        sizes_of_(json::get_string(configuration, "sizes_of", "long_files")),
        percent_(json::get_int(configuration, "percent", 20)) {}

  Result<sdk::Outcome> run() {
    // A try that ends behind its commit has tonight in memory already: it must not compare tonight with tonight.
    auto done = run_.state().checkpoint();
    if (!done) return std::move(done.error());
    if (*done) return sdk::Outcome::ok();
    auto tonight = tonights_sizes();
    if (!tonight) return std::move(tonight.error());
    if (!*tonight) return sdk::Outcome::skipped("the step " + sizes_of_ + " put out no sizes", "no-sizes");
    auto before = remembered();
    if (!before) return std::move(before.error());

    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    int compared = 0;
    for (const auto& [path, lines] : **tonight) {
      const auto last = before->find(path);
      if (last == before->end()) continue;
      ++compared;
      if ((lines - last->second) * 100 > last->second * percent_) tell(path, last->second, lines, *txn);
    }
    remember(**tonight, *before, *txn);
    txn->put_metric("compared", compared);
    txn->put_checkpoint(1, "done");  // with findings and memory in one commit: all of it, or none
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  }

  // Called before run() where memory is of an older schema; 0: there is none. What is put here is committed by the
  // host together with the new number.
  Result<void> migrate(std::uint32_t /*checkpoint_schema*/, std::uint32_t memory_schema, sdk::Transaction& txn) {
    if (memory_schema != 1) return {};
    auto all = run_.state().memory(kAll);
    if (!all) return std::move(all.error());
    if (!*all) return {};
    auto sizes = read_sizes(**all);
    if (!sizes) return std::move(sizes.error()).context("memory of version 1");
    for (const auto& [path, lines] : *sizes) txn.put_memory(std::string(kEntry) + path, std::to_string(lines));
    txn.drop_memory(kAll);
    return {};
  }

 private:
  Result<std::optional<Sizes>> tonights_sizes() {
    auto output = run_.state().output(sizes_of_, "sizes");
    if (!output) return std::move(output.error());
    if (!*output) return std::optional<Sizes>();
    auto sizes = read_sizes(**output);
    if (!sizes) return std::move(sizes.error()).context("output of the step " + sizes_of_);
    return std::optional<Sizes>(std::move(*sizes));
  }

  Result<Sizes> remembered() {
    Sizes sizes;
    auto scanned = run_.state().scan_memory(kEntry, [&](std::string_view key, std::string_view value) -> Result<void> {
      sizes[std::string(key.substr(kEntry.size()))] = std::stoll(std::string(value));
      return {};
    });
    if (!scanned) return std::move(scanned.error());
    return sizes;
  }

  static void remember(const Sizes& tonight, const Sizes& before, sdk::Transaction& txn) {
    for (const auto& [path, lines] : tonight) txn.put_memory(std::string(kEntry) + path, std::to_string(lines));
    for (const auto& [path, lines] : before) {
      if (!tonight.contains(path)) txn.drop_memory(std::string(kEntry) + path);
    }
  }

  static void tell(const std::string& path, std::int64_t was, std::int64_t is, sdk::Transaction& txn) {
    txn.put_finding({.rule = "acme/growth",
                     .severity = sdk::Severity::kInfo,
                     .safety = sdk::Safety::kInfo,
                     .path = path,
                     .line = 1,
                     .context = "the whole file",
                     .message = "grew from " + std::to_string(was) + " to " + std::to_string(is) + " lines in a night",
                     .suggestion = "look whether it is still one thing"});
  }

  sdk::Run& run_;
  std::string sizes_of_;
  std::int64_t percent_;
};

}  // namespace

DAYDREAM_PLUGIN(Growth, daydream::kStepDescriptor);
