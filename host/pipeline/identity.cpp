#include "pipeline/identity.hpp"

#include <algorithm>

#include "base/ids.hpp"

namespace daydream::pipeline {

bool is_unfinished(const checkpoint::Run& run) {
  return run.status == checkpoint::RunStatus::kRunning || run.status == checkpoint::RunStatus::kFailed ||
         run.status == checkpoint::RunStatus::kInterrupted;
}

namespace {

// The next free name of a date; the plain date is for its first full run.
std::string next_id(const std::vector<checkpoint::Run>& runs, const std::string& date, bool full) {
  int last = full ? 0 : 1;
  for (const auto& run : runs) {
    const auto id = RunId::parse(run.id);
    if (id && id->date == date) last = std::max(last, id->sequence);
  }
  const bool plain_taken = std::any_of(runs.begin(), runs.end(), [&](const auto& run) { return run.id == date; });
  if (full && !plain_taken) return date;
  return RunId{date, std::max(last, 1) + 1}.text();
}

bool completed_full(const std::vector<checkpoint::Run>& runs, const std::string& date) {
  return std::any_of(runs.begin(), runs.end(), [&](const auto& run) {
    return run.full && run.date == date && run.status == checkpoint::RunStatus::kCompleted;
  });
}

}  // namespace

IdentityAnswer identify(const IdentityQuestion& question) {
  IdentityAnswer answer;
  bool todays_is_unfinished = false;
  for (const auto& run : question.runs) {
    if (!is_unfinished(run)) continue;
    if (question.fresh) {
      answer.abandon.push_back(run.id);
    } else if (!question.partial) {
      answer.finish.push_back(run.id);
      todays_is_unfinished = todays_is_unfinished || (run.full && run.date == question.today);
    }
  }
  if (question.partial) {
    answer.start = NewRun{next_id(question.runs, question.today, false), question.today, false};
    return answer;
  }
  if (todays_is_unfinished) return answer;
  if (question.by_hand) {
    answer.start = NewRun{next_id(question.runs, question.today, true), question.today, true};
  } else if (question.due && !completed_full(question.runs, *question.due)) {
    const bool being_finished = std::any_of(question.runs.begin(), question.runs.end(), [&](const auto& run) {
      return run.full && run.date == *question.due && is_unfinished(run) && !question.fresh;
    });
    if (!being_finished) answer.start = NewRun{next_id(question.runs, *question.due, true), *question.due, true};
  }
  return answer;
}

}  // namespace daydream::pipeline
