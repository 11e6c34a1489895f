#include "changes/branches.hpp"

#include <charconv>
#include <map>

#include "changes/git_writer.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes::branches {

namespace {

constexpr std::string_view kHeads = "refs/heads/";

std::vector<std::string> lines(const std::string& output) {
  std::vector<std::string> result;
  for (auto line : text::split(output, '\n')) {
    if (!line.empty()) result.emplace_back(line);
  }
  return result;
}

}  // namespace

std::string short_name(const std::string& ref) {
  return ref.compare(0, kHeads.size(), kHeads) == 0 ? ref.substr(kHeads.size()) : ref;
}

std::string next_name(const std::string& ref) {
  // A date ends in two digits after its last dash; a number of ours has no leading zero and follows a date.
  auto slash = ref.rfind('/');
  std::string name = ref.substr(slash + 1);
  constexpr std::size_t kDate = 10;
  if (name.size() > kDate + 1 && name[kDate] == '-') {
    int number = 0;
    auto parsed = std::from_chars(name.data() + kDate + 1, name.data() + name.size(), number);
    if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size()) {
      return ref.substr(0, slash + 1 + kDate) + "-" + std::to_string(number + 1);
    }
  }
  return ref + "-2";
}

Result<std::map<std::string, std::string>> nights(SourceTree& tree) {
  auto output = tree.writer().output_of({"for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/daydream"});
  if (!output) return std::move(output.error());
  std::map<std::string, std::string> result;
  for (const auto& line : lines(*output)) {
    const auto space = line.find(' ');
    if (space != std::string::npos) result[line.substr(space + 1)] = line.substr(0, space);
  }
  return result;
}

Result<std::string> target(SourceTree& tree, const std::string& ref) {
  auto outcome = tree.writer().run({{"rev-parse", "--verify", "--quiet", "--end-of-options", ref}, "", {}});
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return std::string();
  return std::string(text::trim(outcome->output));
}

Result<std::string> checked_out_at(SourceTree& tree, const std::string& ref) {
  auto output = tree.writer().output_of({"worktree", "list", "--porcelain", "-z"});
  if (!output) return output;
  std::string folder;
  for (const auto& line : split_records(*output)) {
    if (line.compare(0, 9, "worktree ") == 0) folder = line.substr(9);
    if (line == "branch " + ref) return folder;
  }
  return std::string();
}

Result<bool> is_shared(SourceTree& tree, const std::string& ref) {
  std::string name = short_name(ref);
  auto configured = tree.writer().run({{"config", "--get", "branch." + name + ".merge"}, "", {}});
  if (!configured) return std::move(configured.error());
  if (configured->exit_code == 0) return true;
  auto remote = tree.writer().output_of({"for-each-ref", "--format=%(refname)", "refs/remotes/*/" + name});
  if (!remote) return std::move(remote.error());
  return !remote->empty();
}

Result<bool> is_ancestor(SourceTree& tree, const std::string& commit, const std::string& of) {
  auto outcome = tree.writer().run({{"merge-base", "--is-ancestor", commit, of}, "", {}});
  if (!outcome) return std::move(outcome.error());
  return outcome->exit_code == 0;
}

Result<std::vector<std::string>> commits_between(SourceTree& tree, const std::string& tip,
                                                 const std::vector<std::string>& without) {
  GitWriter::Call call{{"rev-list", "--reverse", "--topo-order", tip}, "", {}};
  for (const auto& commit : without) call.arguments.push_back("^" + commit);
  auto output = tree.writer().output(call);
  if (!output) return std::move(output.error());
  return lines(*output);
}

Result<std::vector<std::string>> patch_ids(SourceTree& tree, const std::vector<std::string>& commits) {
  std::vector<std::string> result(commits.size());
  if (commits.empty()) return result;
  std::string input;
  for (const auto& commit : commits) input += commit + "\n";
  auto patches = tree.writer().output({{"diff-tree", "--stdin", "-p", "-r", "--root", "--binary", "--full-index",
                                        "--no-ext-diff", "--no-textconv", "--no-renames", "--no-color"},
                                       input,
                                       {}});
  if (!patches) return std::move(patches.error());
  auto output = tree.writer().output({{"patch-id", "--stable"}, std::move(*patches), {}});
  if (!output) return std::move(output.error());
  std::map<std::string, std::string> by_commit;
  for (const auto& line : lines(*output)) {
    auto space = line.find(' ');
    if (space != std::string::npos) by_commit[line.substr(space + 1)] = line.substr(0, space);
  }
  for (std::size_t i = 0; i < commits.size(); ++i) result[i] = by_commit[commits[i]];
  return result;
}

bool has_commit(SourceTree& tree, const std::string& commit) {
  auto outcome = tree.writer().run({{"cat-file", "-e", commit + "^{commit}"}, "", {}});
  return outcome && outcome->good();
}

}  // namespace daydream::changes::branches
