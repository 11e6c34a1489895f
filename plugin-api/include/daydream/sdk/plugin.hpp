// From a class to the one exported table. No exception crosses the line: what() is explained and
// the call answers DD_PERMANENT (std::bad_alloc: DD_RETRY).
#pragma once

#include <concepts>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "daydream/sdk/transaction.hpp"

namespace daydream::sdk {

// How a step ended, other than by an error.
class Outcome {
 public:
  static Outcome ok() { return Outcome(DD_OK, "", ""); }
  // Nothing to do here: no failure. `code` is a short stable word ("not-configured").
  static Outcome skipped(std::string why, std::string code = "skipped") {
    return Outcome(DD_SKIPPED, std::move(code), std::move(why));
  }
  static Outcome retry(std::string why, std::string code = "retry") {
    return Outcome(DD_RETRY, std::move(code), std::move(why));
  }
  static Outcome permanent(std::string why, std::string code = "permanent") {
    return Outcome(DD_PERMANENT, std::move(code), std::move(why));
  }
  static Outcome cancelled() {
    return Outcome(DD_CANCELLED, "cancelled", "the run is stopping; committed work is kept");
  }
  // For commands: the words on the command line are wrong (exit 64).
  static Outcome usage(std::string why) { return Outcome(DD_BAD_ARGUMENT, "usage", std::move(why)); }

  [[nodiscard]] dd_status status() const { return status_; }
  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  Outcome(dd_status status, std::string code, std::string message)
      : status_(status), code_(std::move(code)), message_(std::move(message)) {}
  dd_status status_;
  std::string code_, message_;
};

namespace barrier {

inline dd_status explain(const Run& run, const Error& error) {
  run.explain(code_of(error.kind()), error.message());
  return status_of(error.kind());
}
inline dd_status answer(const Run& run, const Result<void>& result) {
  return result ? DD_OK : explain(run, result.error());
}
inline dd_status answer(const Run& run, const Result<Outcome>& result) {
  if (!result) return explain(run, result.error());
  if (result->status() != DD_OK) run.explain(result->code(), result->message());
  return result->status();
}

// Runs `body`, which answers a status; nothing leaves it but a status.
template <class Body>
dd_status guard(const dd_host* host, dd_run* run, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const std::bad_alloc&) {
    host->explain(run, text_of("out-of-memory"), text_of("the step ran out of memory"));
    return DD_RETRY;
  } catch (const std::exception& thrown) {
    host->explain(run, text_of("exception"), text_of(thrown.what()));
  } catch (...) {
    host->explain(run, text_of("exception"), text_of("the step threw something that is no std::exception"));
  }
  return DD_PERMANENT;
}

// A step offers either of:
//   static Result<std::unique_ptr<Step>> open(Run&, const json::Value& configuration);
//   Step(Run&, const json::Value& configuration);
template <class Step>
concept HasOpen = requires(Run& run, const json::Value& configuration) {
  { Step::open(run, configuration) } -> std::same_as<Result<std::unique_ptr<Step>>>;
};
template <class Step>
concept HasCommand = requires(Step& step, std::string_view name, const json::Value& arguments) {
  step.command(name, arguments);
};
template <class Step>
concept HasMigrate = requires(Step& step, std::uint32_t schema, Transaction& txn) {
  step.migrate(schema, schema, txn);
};
template <class Step>
concept HasReconcile = requires(Step& step, std::string_view key, const json::Value& request) {
  { step.reconcile(key, request) } -> std::same_as<Result<bool>>;
};

inline Result<json::Text> parse(dd_text text, const char* name, std::string_view when_empty = "{}") {
  json::ParseOptions options;
  options.name = name;
  return json::Text::parse(text.size == 0 ? when_empty : view_of(text), options);
}

template <class Step>
struct Instance {
  Instance(const dd_host* host, dd_run* handle, json::Text text) : run(host, handle), configuration(std::move(text)) {}
  Run run;
  json::Text configuration;  // lives as long as the step: it may keep references into it
  std::unique_ptr<Step> step;
};

template <class Step>
dd_status make(Instance<Step>& instance) {
  if constexpr (HasOpen<Step>) {
    auto opened = Step::open(instance.run, instance.configuration.root());
    if (!opened) return explain(instance.run, opened.error());
    instance.step = std::move(*opened);
  } else {
    instance.step = std::make_unique<Step>(instance.run, instance.configuration.root());
  }
  return DD_OK;
}

template <class Step>
struct Entry {
  using Self = Instance<Step>;
  static Self& of(void* self) { return *static_cast<Self*>(self); }
  template <class Body>
  static dd_status guarded(void* self, Body&& body) noexcept {
    return guard(of(self).run.host(), of(self).run.handle(), std::forward<Body>(body));
  }

  static dd_status open(const dd_host* host, dd_run* run, dd_text configuration, void** self) noexcept {
    return guard(host, run, [&]() -> dd_status {
      auto parsed = parse(configuration, "configuration of the step");
      if (!parsed) return explain(Run(host, run), parsed.error());
      auto instance = std::make_unique<Self>(host, run, std::move(*parsed));
      const dd_status made = make(*instance);
      if (made == DD_OK) *self = instance.release();
      return made;
    });
  }
  static dd_status run(void* self) noexcept {
    return guarded(self, [&] { return answer(of(self).run, of(self).step->run()); });
  }
  static dd_status command(void* self, dd_text name, dd_text arguments) noexcept {
    return guarded(self, [&]() -> dd_status {
      auto parsed = parse(arguments, "arguments of the command", "[]");
      if (!parsed) return explain(of(self).run, parsed.error());
      return answer(of(self).run, of(self).step->command(view_of(name), parsed->root()));
    });
  }
  static dd_status migrate(void* self, std::uint32_t checkpoint, std::uint32_t memory, dd_txn* txn) noexcept {
    return guarded(self, [&]() -> dd_status {
      Transaction borrowed = Transaction::borrow(of(self).run, txn);
      const dd_status status = answer(of(self).run, of(self).step->migrate(checkpoint, memory, borrowed));
      if (status == DD_OK && borrowed.error() != nullptr) return explain(of(self).run, *borrowed.error());
      return status;
    });
  }
  static dd_status reconcile(void* self, dd_text key, dd_text request, std::int32_t* happened) noexcept {
    return guarded(self, [&]() -> dd_status {
      auto parsed = parse(request, "request");
      if (!parsed) return explain(of(self).run, parsed.error());
      Result<bool> answered = of(self).step->reconcile(view_of(key), parsed->root());
      if (!answered) return explain(of(self).run, answered.error());
      *happened = *answered ? 1 : 0;
      return DD_OK;
    });
  }
  static void close(void* self) noexcept {
    guarded(self, [&]() -> dd_status {
      of(self).step.reset();
      return DD_OK;
    });
    delete static_cast<Self*>(self);
  }

  static constexpr dd_plugin table(const char* descriptor) {
    dd_plugin plugin{};
    plugin.struct_size = sizeof(dd_plugin);
    plugin.abi_major = DD_ABI_MAJOR;
    plugin.abi_minor = DD_ABI_MINOR;
    plugin.descriptor = descriptor;
    plugin.open = &open;
    plugin.run = &run;
    if constexpr (HasCommand<Step>) plugin.command = &command;
    if constexpr (HasMigrate<Step>) plugin.migrate = &migrate;
    if constexpr (HasReconcile<Step>) plugin.reconcile = &reconcile;
    plugin.close = &close;
    return plugin;
  }
};

}  // namespace barrier
}  // namespace daydream::sdk

// Once in a plugin, outside any namespace. `descriptor_json`: a constant const char*; with
// daydream_add_step() it is daydream::kStepDescriptor of "daydream_descriptor.hpp".
#define DAYDREAM_PLUGIN(StepClass, descriptor_json)         \
  extern "C" constinit const dd_plugin daydream_plugin_v1 = \
      ::daydream::sdk::barrier::Entry<StepClass>::table(descriptor_json)
