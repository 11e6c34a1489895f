#include <cstdio>

#include "base/files.hpp"
#include "changes/git_writer.hpp"
#include "changes/publish_parts.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

std::string numbered(const PublishOptions& options) {
  char number[16];
  std::snprintf(number, sizeof number, "%02d-", options.step_number);
  return number + options.step_id + ".patch";
}

// Plumbing: no setting of the user changes its form, so equal trees give equal patches.
Result<std::string> difference(SourceTree& tree, const std::string& from, const std::string& to) {
  return tree.writer().output_of({"diff-tree", "-p", "-r", "--binary", "--full-index", "--no-ext-diff", "--no-textconv",
                                  "--no-renames", "--no-color", from, to});
}

// A patch without changes is no file.
Result<void> write_patch(const Path& file, const std::string& patch) {
  if (patch.empty()) return files::remove_file(file);
  if (auto made = files::make_directories(file.parent_path()); !made) return made;
  return files::write_replace(file, patch, files::Durability::kNone);
}

// The commit below the first of this run: where `git apply all.patch` starts.
Result<std::string> run_base(SourceTree& tree, const std::string& tip, const std::string& run) {
  auto output = tree.writer().output_of({"log", "--first-parent", "-n", "1000", "-z",
                                         "--format=%H %(trailers:key=Daydream-Run,valueonly,separator=%x20)", tip});
  if (!output) return output;
  for (const auto& record : split_records(*output)) {
    auto space = record.find(' ');
    if (space == std::string::npos || text::trim(record.substr(space + 1)) != run) return record.substr(0, space);
  }
  return tip;
}

}  // namespace

Result<void> publish_patch(const PublishInput& input, const std::string& tip) {
  Path folder = input.options.state_directory / "patches" / input.options.run_id;
  auto patch = difference(input.tree, input.start, tip);
  if (!patch) return std::move(patch.error());
  if (auto written = write_patch(folder / numbered(input.options), *patch); !written) return written;
  if (patch->empty()) return {};
  auto base = run_base(input.tree, tip, input.options.run_id);
  if (!base) return std::move(base.error());
  auto all = difference(input.tree, *base, tip);
  if (!all) return std::move(all.error());
  return write_patch(folder / "all.patch", *all);
}

Result<void> publish_review(const PublishInput& input, const Published& published, const std::set<FindingNumber>& apply,
                            const std::set<FindingNumber>& review) {
  Path file = input.options.state_directory / "patches" / input.options.run_id / ("review-" + numbered(input.options));
  if (review.empty()) return files::remove_file(file);
  auto before = input.draft.contents(apply);
  if (!before) return std::move(before.error());
  std::set<FindingNumber> both = apply;
  both.insert(review.begin(), review.end());
  auto after = input.draft.contents(both);
  if (!after) return std::move(after.error());
  auto changed = write_contents(input.tree, *before, *after);
  if (!changed) return std::move(changed.error());
  std::string patch;
  if (!changed->empty()) {
    // A commit that no ref will ever hold, only to compare with.
    auto proposal =
        input.tree.commit_paths({published.tip, "For review\n", *changed, input.options.run_started.ms / 1000});
    if (!proposal) return std::move(proposal.error());
    auto made = difference(input.tree, published.tip, *proposal);
    if (!made) return std::move(made.error());
    patch = std::move(*made);
  }
  return write_patch(file, patch);
}

}  // namespace daydream::changes
