#include "pipeline/verdicts.hpp"

#include <optional>

#include "daydream/kit/hash.hpp"
#include "log/log.hpp"
#include "pipeline/night_record.hpp"

namespace daydream::pipeline {

namespace {

constexpr const char* kBaselines = "verify/";
constexpr const char* kVerdicts = "verdict/";
constexpr const char* kGreen = "green";
constexpr const char* kFlaky = "flaky";
constexpr const char* kRed = "red";

Result<std::string> try_baseline(Context& context, const changes::VerifyOptions& options) {
  log::info("pipeline", "verify: trying the tree before any change");
  auto first = changes::verify(context.tree, options);
  if (!first) return std::move(first.error());
  if (first->good) return std::string(kGreen);
  auto second = changes::verify(context.tree, options);
  if (!second) return std::move(second.error());
  context.notices.push_back(second->good ? "verify is flaky: before any change it was red and then green. Red is "
                                           "tried twice from here on. It was red with: " +
                                               first->words
                                         : "verify was red before any change: " + first->words);
  return std::string(second->good ? kFlaky : kRed);
}

std::string first_word(const std::string& text) {
  return text.substr(0, text.find(' '));
}

// Those of earlier runs go: their trees are not seen again, or are tried again.
Result<void> keep_baseline(Context& context, const std::string& key, const std::string& word, const std::string& run) {
  auto others = context.store.host_values(kBaselines);
  if (!others) return std::move(others.error());
  checkpoint::Transaction transaction;
  for (const auto& [name, value] : *others) {
    if (value != first_word(value) + " " + run) transaction.drop_host(name);
  }
  transaction.put_host(key, word + " " + run);
  auto kept = context.store.commit(std::move(transaction));
  return kept ? Result<void>() : std::move(kept.error());
}

}  // namespace

changes::VerifyOptions verify_options(Context& context) {
  const auto& verify = context.options.manifest.pipeline.verify;
  changes::VerifyOptions options;
  options.command = verify.command;
  options.timeout = verify.timeout;
  options.cancelled = [&context] { return context.stop(); };
  options.recall = [&context](const std::string& key) -> Result<std::optional<changes::Verdict>> {
    auto known = context.store.host_value(kVerdicts + key);
    if (!known) return std::move(known.error());
    if (!*known) return std::optional<changes::Verdict>();
    const std::string word = first_word(**known);
    return std::optional(changes::Verdict{word == kGreen, (*known)->substr(word.size() + 1)});
  };
  options.remember = [&context](const std::string& key, const changes::Verdict& verdict) -> Result<void> {
    checkpoint::Transaction transaction;
    transaction.put_host(kVerdicts + key, std::string(verdict.good ? kGreen : kRed) + " " + verdict.words);
    auto kept = context.store.commit(std::move(transaction));
    return kept ? Result<void>() : std::move(kept.error());
  };
  return options;
}

Result<Baseline> verify_baseline(Context& context, const std::string& run, const std::string& start,
                                 const changes::VerifyOptions& options) {
  const std::string key = kBaselines + hash::sha256_hex(start + '\0' + json_array(options.command));
  auto known = context.store.host_value(key);
  if (!known) return std::move(known.error());
  std::string word = *known ? first_word(**known) : "";
  if (word.empty() || (word == kRed && **known != word + " " + run)) {
    auto tried = try_baseline(context, options);
    if (!tried) return std::move(tried.error());
    word = std::move(*tried);
    if (auto kept = keep_baseline(context, key, word, run); !kept) return std::move(kept.error());
  }
  return word == kGreen ? Baseline::kGreen : word == kFlaky ? Baseline::kFlaky : Baseline::kRed;
}

Result<void> forget_verdicts(Context& context, checkpoint::Transaction& transaction) {
  auto known = context.store.host_values(kVerdicts);
  if (!known) return std::move(known.error());
  for (const auto& [key, value] : *known) transaction.drop_host(key);
  return {};
}

}  // namespace daydream::pipeline
