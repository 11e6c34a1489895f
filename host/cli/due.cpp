#include "cli/due.hpp"

#include "checkpoint/store.hpp"
#include "log/log.hpp"
#include "pipeline/identity.hpp"

namespace daydream::cli {
namespace {

schedule::History history_of(const std::vector<checkpoint::Run>& runs) {
  schedule::History history;
  for (const checkpoint::Run& run : runs) {
    if (run.full && run.status == checkpoint::RunStatus::kCompleted) history.completed_dates.push_back(run.date);
    if (pipeline::is_unfinished(run)) history.unfinished_date = run.date;
  }
  return history;
}

}  // namespace

std::function<std::optional<std::string>(const pipeline::DueQuestion&)> due_by(const manifest::Schedule& schedule) {
  return [schedule](const pipeline::DueQuestion& question) -> std::optional<std::string> {
    const auto due = schedule::decide({schedule.at, schedule.zone},
                                      {question.completed_dates, question.unfinished_date}, question.now);
    contract(due.ok(), "the schedule of a checked manifest is good");
    if (!due->date) log::info("schedule", "nothing is due before " + rfc3339(due->next));
    return due->date;
  };
}

Result<schedule::Due> due_now(const Places& places, const manifest::Schedule& schedule, Instant now) {
  schedule::History history;
  auto store = checkpoint::Store::open({places.state_directory, places.work_directory, false, true});
  if (store) {
    auto runs = (*store)->runs();
    if (!runs) return std::move(runs.error());
    history = history_of(*runs);
  } else if (store.error().kind() != ErrorKind::kNotFound) {
    return std::move(store.error());
  }
  return schedule::decide({schedule.at, schedule.zone}, history, now);
}

}  // namespace daydream::cli
