#include "init/trial.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "changes/rehearse.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::init {
namespace {

// One at a time for a repository.
Result<files::Descriptor> take_lock(const Path& work_directory) {
  if (auto made = files::make_directories(work_directory); !made) return std::move(made.error());
  const Path path = work_directory / "init.lock";
  files::Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.get() < 0) return Error::from_errno(errno, text::show_path(path.native()));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return Error(ErrorKind::kRetry, "another `daydream init` is trying this repository's tests just now (it holds " +
                                        text::show_path(path.native()) + ")");
  return lock;
}

class Trier {
 public:
  explicit Trier(const Ground& ground) : ground_(ground) {}

  Result<bool> one(const Plan& plan) {
    for (const Tried& before : trials_.tried) {
      if (before.plan.command() == plan.command() && before.plan.setup() == plan.setup() && !before.green) return false;
    }
    Tried tried{plan, false, "", {}};
    const SystemClock clock;
    const Milliseconds start = clock.monotonic();
    if (ground_.doing) {
      std::string words;
      for (const Words& setup : plan.setup()) words.append(shell_line(setup)).append("; ");
      ground_.doing(words + shell_line(plan.command()));
    }
    changes::SourceTree::Options where{ground_.repository, ground_.under_git, ground_.work_directory / "init",
                                       ground_.state_directory, ground_.git};
    changes::VerifyOptions verify;
    verify.command = plan.command();
    verify.timeout = ground_.timeout;
    verify.cancelled = ground_.cancelled;
    changes::WorkspaceOptions workspace;
    workspace.link = plan.link();
    workspace.setup = plan.setup();
    workspace.timeout = ground_.timeout;
    workspace.cancelled = ground_.cancelled;
    auto verdict = changes::rehearse(where, "HEAD", workspace, verify);
    if (!verdict) return std::move(verdict.error());
    tried.green = verdict->good;
    tried.words = verdict->good ? "" : verdict->words;
    tried.took = clock.monotonic() - start;
    trials_.tried.push_back(std::move(tried));
    return verdict->good;
  }

  // The parts of a red plan that are green by themselves, as one plan.
  Result<bool> parts(const Plan& plan) {
    Plan green;
    for (const Suite& part : plan.parts) {
      auto good = one({{part}});
      if (!good) return good;
      if (*good) green.parts.push_back(part);
    }
    if (green.parts.empty()) return false;
    if (green.parts.size() > 1) return one(green);
    auto& tried = trials_.tried;  // it has been seen green: the last word
    const auto alone = std::find_if(tried.begin(), tried.end(), [](const Tried& trial) { return trial.green; });
    std::rotate(alone, alone + 1, tried.end());
    return true;
  }

  [[nodiscard]] bool patience_was_over() const {
    return ground_.timeout.count() > 0 && !trials_.tried.empty() && trials_.tried.back().took >= ground_.timeout;
  }
  Trials take() { return std::move(trials_); }

 private:
  const Ground& ground_;
  Trials trials_;
};

Result<Trials> try_all(const Ground& ground, const std::vector<Plan>& plans) {
  Trier trier(ground);
  for (const Plan& plan : plans) {
    auto green = trier.one(plan);
    if (green && !*green && plan.parts.size() > 1) green = trier.parts(plan);
    if (!green) return std::move(green.error());
    // What waits for something in one way will do so in another.
    if (*green || trier.patience_was_over()) break;
  }
  return trier.take();
}

}  // namespace

Result<Trials> try_plans(const Ground& ground, const std::vector<Plan>& plans) {
  Trials none;
  if (plans.empty()) return none;
  auto lock = take_lock(ground.work_directory);
  if (!lock) return std::move(lock.error());
  auto trials = try_all(ground, plans);
  if (trials || trials.error().kind() == ErrorKind::kCancelled) return trials;
  if (trials.error().kind() != ErrorKind::kNotFound) return std::move(trials.error()).context("trying verify");
  none.not_tried = trials.error().message();
  return none;
}

}  // namespace daydream::init
