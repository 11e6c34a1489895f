// Findings, a report section, an output for other steps, and a command. Read it from the bottom up.
#include <algorithm>
#include <daydream/kit/walk.hpp>
#include <daydream/sdk.hpp>
#include <utility>
#include <vector>

#include "daydream_descriptor.hpp"

namespace {

using namespace daydream;

std::uint64_t lines_of(std::string_view bytes) {
  const auto ends = static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  return bytes.empty() || bytes.back() == '\n' ? ends : ends + 1;
}

// The sizes so far, in the order of the paths: where to go on, and what the output will say.
struct Sizes {
  static constexpr std::uint32_t kSchema = 1;
  std::vector<std::pair<std::string, std::uint64_t>> files;

  [[nodiscard]] std::string to_bytes() const {  // a path is bytes without a NUL, so NUL parts them
    std::string bytes;
    for (const auto& [path, lines] : files)
      bytes.append(path).append(1, '\0').append(std::to_string(lines)).append(1, '\0');
    return bytes;
  }
  static Result<Sizes> from_bytes(std::string_view bytes) {
    const auto words = text::split(bytes, '\0');  // the last is what stands behind the last NUL: nothing
    if (words.size() % 2 != 1) return Error(ErrorKind::kDamaged, "no pairs of path and count");
    Sizes sizes;
    for (std::size_t at = 0; at + 1 < words.size(); at += 2)
      sizes.files.emplace_back(std::string(words[at]), std::stoull(std::string(words[at + 1])));
    return sizes;
  }
  [[nodiscard]] std::string after() const { return files.empty() ? "" : files.back().first; }
};

class LongFiles {
 public:
  LongFiles(sdk::Run& run, const json::Value& configuration)
      : run_(run),
        globs_(json::get_strings(configuration, "files")),
        limit_(static_cast<std::uint64_t>(json::get_int(configuration, "lines", 400))),
        batch_(static_cast<std::size_t>(json::get_int(configuration, "batch", 100))) {}

  Result<sdk::Outcome> run() {
    auto done = run_.state().checkpoint_as<Sizes>();
    if (!done) return std::move(done.error());
    Sizes sizes = done->value_or(Sizes{});
    auto files = run_.files().list(globs_, sizes.after());
    if (!files) return std::move(files.error());
    for (std::size_t begin = 0; begin < files->size(); begin += batch_) {
      if (run_.cancelled()) return sdk::Outcome::cancelled();
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      for (std::size_t index = begin; index < std::min(files->size(), begin + batch_); ++index) {
        if (auto counted = count((*files)[index].path, sizes, *txn); !counted) return std::move(counted.error());
      }
      txn->put_checkpoint(sizes);
      if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    }
    return finish(sizes);
  }

  // `daydream long-files FILE...`: the words behind the command's name. Files that the user names may be read.
  Result<sdk::Outcome> command(std::string_view /*name*/, const json::Value& words) {
    if (!words.IsArray() || words.Empty()) return sdk::Outcome::usage("daydream long-files FILE...");
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    for (const json::Value& word : words.GetArray()) {
      const std::string path = json::string_of(word);
      if (path.starts_with('-')) return sdk::Outcome::usage("daydream long-files FILE...: no option " + path);
      if (!walk::clean_relative(path)) return sdk::Outcome::usage(path + ": expected a path below this folder");
      auto bytes = walk::read_beneath(facts->directory, path, std::size_t{64} << 20);
      if (!bytes) return sdk::Outcome::permanent(bytes.error().message());
      std::string line = std::to_string(lines_of(*bytes));
      line.append("\t").append(path).append("\n");
      if (auto said = run_.print(line); !said) return std::move(said.error());
    }
    return sdk::Outcome::ok();
  }

 private:
  Result<void> count(const std::string& path, Sizes& sizes, sdk::Transaction& txn) {
    auto content = run_.files().read(path);
    if (!content && content.error().kind() != ErrorKind::kUnsupported) return std::move(content.error());
    const std::uint64_t lines = content ? lines_of(content->bytes) : 0;
    sizes.files.emplace_back(path, lines);
    run_.progress(sizes.files.size(), 0, path);
    if (lines <= limit_) return {};
    // A context of our own: the finding stays the same one while the file goes on growing.
    txn.put_finding({.rule = "acme/long-file",
                     .severity = sdk::Severity::kWarning,
                     .safety = sdk::Safety::kInfo,
                     .path = path,
                     .line = 1,
                     .context = "the whole file",
                     .message = std::to_string(lines) + " lines, more than " + std::to_string(limit_),
                     .suggestion = "take it apart"});
    return {};
  }

  // What only the whole can say: the metric of the report's line, and what the steps behind may read.
  Result<sdk::Outcome> finish(const Sizes& sizes) {
    json::Writer out;
    out.begin_object();
    for (const auto& [path, lines] : sizes.files) {
      if (text::valid_utf8(path)) out.field(path, lines);  // a key of JSON is text, a path need not be
    }
    out.end_object();
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_output("sizes", out.take());
    txn->put_metric("files", static_cast<double>(sizes.files.size()));
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  }

  sdk::Run& run_;
  std::vector<std::string> globs_;
  std::uint64_t limit_;
  std::size_t batch_;
};

}  // namespace

DAYDREAM_PLUGIN(LongFiles, daydream::kStepDescriptor);
