#include "plugins/task_cleanup/emit.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::tasks {
namespace {

// Marks and priorities are remembered, so they are made at once; of the rest a night makes so many.
bool may_wait(const Proposal& proposal) {
  return !proposal.edits.empty() && proposal.rule != "task-suspect" && proposal.rule != "task-priority";
}

// Where the first line leaves its list: an insertion of nothing there makes one change of all that leave.
std::size_t joint_of(const Spoken& spoken) {
  for (const Proposal& proposal : spoken.proposals) {
    if (proposal.archive) return proposal.edits.front().at.begin;
  }
  return kNoTask;
}

std::vector<sdk::Span> spans_of(const Proposal& proposal, std::size_t joint) {
  std::vector<sdk::Span> spans;
  if (joint != kNoTask && joint < proposal.edits.front().at.begin) spans.push_back({joint, 0, ""});
  for (const Edit& edit : proposal.edits) spans.push_back({edit.at.begin, edit.at.size(), edit.replacement});
  return spans;
}

}  // namespace

// Leaves out what is off, what only is to be said loses its edits, and what is too much for a night waits.
void Emitter::choose(std::vector<Spoken>& folder) {
  for (Spoken& spoken : folder) {
    std::vector<Proposal> chosen;
    for (Proposal& proposal : spoken.proposals) {
      const RuleMode mode = settings_.mode(proposal.rule);
      if (mode == RuleMode::kOff) continue;
      if (mode == RuleMode::kReport) {
        proposal.certainty = Certainty::kInfo;
        proposal.edits.clear();
        proposal.archive.reset();
      }
      if (may_wait(proposal) && changes_ >= settings_.most_changes) continue;
      if (may_wait(proposal)) ++changes_;
      chosen.push_back(std::move(proposal));
    }
    std::stable_sort(chosen.begin(), chosen.end(),
                     [](const Proposal& left, const Proposal& right) { return left.line < right.line; });
    spoken.proposals = std::move(chosen);
  }
}

Result<Emitter::Archive> Emitter::look_up(const std::string& place) {
  Archive archive;
  archive.path = archive_path(place, date_);
  auto content = run_.files().read(archive.path);
  if (!content && content.error().kind() == ErrorKind::kNotFound) return archive;
  if (!content) return std::move(content.error());
  archive.there = true;
  archive.token = content->token;
  archive.size = content->bytes.size();
  archive.open_line = !content->bytes.empty() && !content->bytes.ends_with('\n');
  for (const Entry& entry : read_entries(content->bytes)) archive.ids.push_back(entry.id);
  return archive;
}

// The same words closed twice in a month get a number behind their id.
void Emitter::name_entries(std::vector<Spoken>& folder, Archive& archive) {
  for (Spoken& spoken : folder) {
    for (Proposal& proposal : spoken.proposals) {
      if (!proposal.archive) continue;
      const std::string plain = proposal.archive->id;
      std::string& id = proposal.archive->id;
      for (int number = 2; std::find(archive.ids.begin(), archive.ids.end(), id) != archive.ids.end(); ++number) {
        id = plain + "-" + std::to_string(number);
      }
      archive.ids.push_back(id);
      proposal.message += ", archived (daydream tasks restore " + id + ")";
    }
  }
}

std::uint64_t Emitter::put_finding(const List& list, const Proposal& proposal, sdk::Transaction& txn) const {
  constexpr std::size_t kContextBytes = 200;
  return txn.put_finding(
      {.rule = proposal.rule,
       .severity = proposal.weight == Weight::kWarning ? sdk::Severity::kWarning : sdk::Severity::kInfo,
       .safety = static_cast<sdk::Safety>(proposal.certainty),
       .path = list.path,
       .line = static_cast<int>(proposal.line),
       .symbol = proposal.symbol,
       .context = text::shorten(text::mask(proposal.context), kContextBytes),
       .message = proposal.message,
       .evidence = proposal.evidence,
       .suggestion = proposal.suggestion});
}

void Emitter::put_effects(const std::vector<Spoken>& folder, const Archive& archive, sdk::Transaction& txn) {
  std::uint64_t creator = 0;
  std::string whole = archive_head(date_);
  for (const Spoken& spoken : folder) {
    const std::size_t joint = archive.there ? kNoTask : joint_of(spoken);
    bool joined = false;  // the creator is part of this list's change
    for (const Proposal& proposal : spoken.proposals) {
      const std::uint64_t number = put_finding(spoken.list, proposal, txn);
      if (proposal.edits.empty()) continue;
      txn.edit(spoken.list.path, spoken.list.token, spans_of(proposal, proposal.archive ? joint : kNoTask), number);
      if (!proposal.archive) continue;
      const std::string entry = write_entry(*proposal.archive);
      if (archive.there) {
        txn.edit(archive.path, archive.token, {{archive.size, 0, (archive.open_line ? "\n" : "") + entry}}, number);
        continue;
      }
      whole += entry;
      if (creator == 0) {
        creator = number;
      } else if (!joined) {
        txn.edit(spoken.list.path, spoken.list.token, {{joint, 0, ""}}, creator);
      }
      joined = true;
    }
  }
  if (creator != 0) txn.create(archive.path, whole, creator);
}

Result<void> Emitter::emit(const std::string& place, std::vector<Spoken>& folder, sdk::Transaction& txn) {
  if (folder.empty()) return {};
  choose(folder);
  auto archive = look_up(place);
  if (!archive) return std::move(archive.error());
  name_entries(folder, *archive);
  put_effects(folder, *archive, txn);
  return {};
}

}  // namespace daydream::tasks
