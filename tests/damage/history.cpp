#include "damage/history.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "daydream/kit/hash.hpp"
#include "support/world.hpp"

namespace daydream::damage {

namespace {

namespace fs = std::filesystem;
using checkpoint::Run;
using checkpoint::RunStatus;
using checkpoint::Step;
using checkpoint::StepStatus;
using checkpoint::Store;
using checkpoint::Transaction;

constexpr const char* kStep = "legacy_cleanup";

// Of a result that must be good; the writer ends where it is not.
template <class T>
T must(Result<T>&& result) {
  if (!result) {
    fprintf(stderr, "history: %s\n", result.error().message().c_str());
    _exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Finding a_finding(std::uint64_t number, const std::string& words) {
  Finding finding;
  finding.number = number;
  finding.rule = "unused-import";
  finding.path = "src/file" + std::to_string(number) + ".py";
  finding.line = static_cast<int>(number);
  finding.symbol = "os";
  finding.message = words;
  // Every tenth is longer than a page: the rest lies in pages of its own.
  finding.evidence = std::string(number % 10 == 0 ? 4000 : 120, 'e');
  return finding;
}

Effect an_effect(std::uint64_t number) {
  Effect effect;
  effect.kind = EffectKind::kEdit;
  effect.finding = number;
  effect.root = "repository";
  effect.path = "src/file" + std::to_string(number) + ".py";
  effect.token = number * 77;
  effect.spans = {{number, 10, ""}};
  return effect;
}

// Writes nights and notes after each commit what the store shows.
class Writer {
 public:
  explicit Writer(const Place& place) : place_(place) { open(); }
  void open() { store_ = must(Store::open(place_.options())); }
  void close() { store_.reset(); }

  void begin(const std::string& date) {
    run_ = {};
    run_.id = run_.date = date;
    run_.facts = "{}";
    Transaction transaction;
    transaction.put_run(run_);
    int number = 0;
    for (const char* id : {kStep, "daily_report"}) {
      Step step;
      step.run = date;
      step.id = step.plugin = id;
      step.number = ++number;
      step.status = number == 1 ? StepStatus::kRunning : StepStatus::kPending;
      transaction.put_step(step);
    }
    commit(std::move(transaction));
    must(store_->anchor());
  }

  // A batch of a step, as its plugin would commit it.
  void batch(int number) {
    Transaction transaction;
    transaction.put_checkpoint(run_.id, kStep, 1, std::to_string(number) + std::string(900, 'c'));
    for (int i = 0; i < 12; ++i)
      transaction.put_memory(kStep, "file/" + std::to_string(number * 7 + i),
                             run_.id + std::string(static_cast<std::size_t>(60 + i), 'm'));
    for (int i = 0; i < 4; ++i) {
      const auto finding = static_cast<std::uint64_t>(number * 4 + i + 1);
      transaction.put_finding(run_.id, kStep, a_finding(finding, run_.id));
      transaction.put_effect(run_.id, kStep, an_effect(finding));
    }
    transaction.put_metric(run_.id, kStep, "files", number);
    transaction.put_output(run_.id, kStep, "names", "[\"" + std::string(300, 'n') + "\"]");
    if (number % 3 == 2) transaction.drop_memory(kStep, "file/" + std::to_string(number));
    const auto sequences = commit(std::move(transaction));
    if (number % 2 == 0) settle(sequences);
  }

  void finish() {
    run_.status = RunStatus::kCompleted;
    Transaction transaction;
    transaction.put_run(run_);
    transaction.put_host("last_completed/" + std::string(kStep), run_.id);
    commit(std::move(transaction));
    must(store_->anchor());
    must(store_->keep_copy());
  }

  void forget(const std::string& run) {
    Transaction transaction;
    transaction.forget_run(run);
    commit(std::move(transaction));
  }

  void anchor() { must(store_->anchor()); }

  void keep_image() {
    fs::copy(place_.state(), place_.root() / ("older-" + std::to_string(images_++)), fs::copy_options::recursive);
  }

 private:
  std::vector<std::int64_t> commit(Transaction&& transaction) {
    auto sequences = must(store_->commit(std::move(transaction)));
    note();
    return sequences;
  }
  void settle(const std::vector<std::int64_t>& sequences) {
    Transaction transaction;
    for (const std::int64_t sequence : sequences) transaction.set_effect(sequence, EffectState::kApplied, "done");
    must(store_->commit_lazily(std::move(transaction)));
    note();
  }
  void note() {
    testing::write_file(place_.root() / "views" / std::to_string(store_->generation()), must(view_of(*store_)));
  }

  const Place& place_;
  std::unique_ptr<Store> store_;
  Run run_;
  int images_ = 0;
};

void write_third_night(Writer& writer, Shape shape) {
  writer.begin("2026-11-22");
  for (int i = 0; i < 3; ++i) writer.batch(i);
  writer.keep_image();
  if (shape == Shape::kResumed) {
    writer.close();
    writer.open();
    writer.keep_image();
  }
  for (int i = 3; i < 6; ++i) writer.batch(i);
  writer.anchor();
  for (int i = 6; i < 9; ++i) writer.batch(i);
}

void write_nights(const Place& place, Shape shape) {
  Writer writer(place);
  writer.begin("2026-11-20");
  for (int i = 0; i < 4; ++i) writer.batch(i);
  writer.finish();
  writer.keep_image();
  writer.begin("2026-11-21");
  for (int i = 2; i < 7; ++i) writer.batch(i);
  writer.forget("2026-11-20");
  writer.finish();
  writer.close();
  if (shape == Shape::kClosed) return;
  writer.keep_image();
  writer.open();
  write_third_night(writer, shape);
}

// In a process that ends without closing anything.
void in_a_process(const std::function<void()>& act) {
  const pid_t child = fork();
  if (child == 0) {
    act();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
}

void append_effects(const std::vector<Effect>& effects, std::string& view) {
  for (const Effect& effect : effects) {
    view += std::to_string(effect.sequence) + " " + effect.path + " " + std::to_string(effect.token) + " " +
            std::to_string(static_cast<int>(effect.state)) + effect.detail;
    for (const Span& span : effect.spans)
      view.append(" ").append(std::to_string(span.offset)).append("+").append(std::to_string(span.size));
    view += "\n";
  }
}

Result<void> append_step(Store& store, const Step& step, std::string& view) {
  view += step.run + "/" + step.id + " " + std::to_string(static_cast<int>(step.status)) + step.plugin + step.result;
  auto checkpoint = store.checkpoint(step.run, step.id);
  if (!checkpoint) return std::move(checkpoint.error());
  if (*checkpoint) view += " " + (*checkpoint)->bytes;
  auto output = store.output(step.run, step.id, "names");
  if (!output) return std::move(output.error());
  auto metrics = store.metrics(step.run, step.id);
  if (!metrics) return std::move(metrics.error());
  view += output->value_or("");
  for (const auto& [name, value] : *metrics) view.append(name).append("=").append(std::to_string(value));
  auto findings = store.findings(step.run, step.id);
  if (!findings) return std::move(findings.error());
  for (const Finding& finding : *findings) view.append(to_json(finding)).append("\n");
  auto effects = store.effects(step.run, step.id);
  if (!effects) return std::move(effects.error());
  append_effects(*effects, view);
  return {};
}

}  // namespace

const char* name_of(Shape shape) {
  switch (shape) {
    case Shape::kClosed:
      return "after a night";
    case Shape::kKilled:
      return "killed in a night";
    case Shape::kResumed:
      return "killed in a night gone on with";
  }
  return "";
}

Result<std::string> view_of(Store& store) {
  std::string view;
  auto runs = store.runs();
  if (!runs) return std::move(runs.error());
  for (const Run& run : *runs) {
    view += run.id + " " + run.date + std::to_string(static_cast<int>(run.status)) + run.facts + "\n";
    auto steps = store.steps(run.id);
    if (!steps) return std::move(steps.error());
    for (const Step& step : *steps) {
      if (auto added = append_step(store, step, view); !added) return std::move(added.error());
    }
  }
  auto memory = store.scan_memory(kStep, "", "", 1'000'000, std::size_t{1} << 30);
  if (!memory) return std::move(memory.error());
  auto host = store.host_values("");
  if (!host) return std::move(host.error());
  for (const auto* list : {&*memory, &*host}) {
    for (const auto& [key, value] : *list) view.append(key).append(":").append(value).append("\n");
  }
  return hash::sha256_hex(view);
}

History history_of(Shape shape) {
  const Place place, other;
  in_a_process([&] { write_nights(place, shape); });
  in_a_process([&] { write_nights(other, Shape::kClosed); });
  History history;
  history.material.now = image_of(place.state());
  history.material.other = image_of(other.state());
  for (int i = 0; fs::exists(place.root() / ("older-" + std::to_string(i))); ++i)
    history.material.older.push_back(image_of(place.root() / ("older-" + std::to_string(i))));
  for (const auto& entry : fs::directory_iterator(place.root() / "views"))
    history.views[std::stoll(entry.path().filename())] = testing::read_file(entry);
  return history;
}

Place::Place() {
  std::string name = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + std::string("/daydream-damage-XXXXXX");
  REQUIRE(mkdtemp(name.data()) != nullptr);
  root_ = name;
}

Place::~Place() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Store::Options Place::options() const {
  Store::Options options;
  options.state_directory = state();
  options.marker_directory = root_ / "work";
  return options;
}

}  // namespace daydream::damage
