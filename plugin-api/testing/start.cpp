#include "daydream/testing/start.hpp"

#include <cstring>
#include <limits>

#include "daydream/abi.h"

namespace daydream::testing {

std::string status_name(std::int32_t status) {
  switch (status) {
    case DD_OK:
      return "ok";
    case DD_SKIPPED:
      return "skipped";
    case DD_RETRY:
      return "retry";
    case DD_PERMANENT:
      return "permanent";
    case DD_CANCELLED:
      return "cancelled";
    case DD_CONFLICT:
      return "conflict";
    case DD_UNSUPPORTED:
      return "unsupported";
    case DD_BAD_ARGUMENT:
      return "bad-argument";
    case DD_NOT_FOUND:
      return "not-found";
    default:
      return "status " + std::to_string(status);
  }
}

namespace {

class Packer {
 public:
  void number(std::uint64_t value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  void pairs(const std::vector<std::pair<std::string, std::string>>& items) {
    number(items.size());
    for (const auto& [key, value] : items) {
      text(key);
      text(value);
    }
  }
  void texts(const std::vector<std::string>& items) {
    number(items.size());
    for (const auto& item : items) text(item);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads on after an error as if all were empty; done() says whether it was whole.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    if (rest_.size() < sizeof value) {
      good_ = false;
      return 0;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) good_ = false;
    if (!good_) return "";
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  // No more items than bytes are left.
  std::uint64_t count() {
    const std::uint64_t items = number();
    if (items > rest_.size()) good_ = false;
    return good_ ? items : 0;
  }
  std::vector<std::pair<std::string, std::string>> pairs() {
    std::vector<std::pair<std::string, std::string>> items(count());
    for (auto& [key, value] : items) {
      key = text();
      value = text();
    }
    return items;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> items(count());
    for (auto& item : items) item = text();
    return items;
  }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::uint64_t bits_of(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
double double_of(std::uint64_t bits) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

void pack_effect(Packer& out, const Effect& effect) {
  out.number(static_cast<std::uint64_t>(effect.kind));
  out.number(effect.finding);
  out.text(effect.root);
  out.text(effect.path);
  out.number(effect.token);
  out.number(effect.spans.size());
  for (const auto& span : effect.spans) {
    out.number(span.offset);
    out.number(span.size);
    out.text(span.replacement);
  }
  out.text(effect.content);
  out.text(effect.archive_path);
  out.text(effect.options);
  out.text(effect.key);
  out.text(effect.request);
}

Effect unpack_effect(Unpacker& in) {
  Effect effect;
  effect.kind = static_cast<EffectKind>(in.number());
  effect.finding = in.number();
  effect.root = in.text();
  effect.path = in.text();
  effect.token = in.number();
  effect.spans.resize(in.count());
  for (auto& span : effect.spans) {
    span.offset = in.number();
    span.size = in.number();
    span.replacement = in.text();
  }
  effect.content = in.text();
  effect.archive_path = in.text();
  effect.options = in.text();
  effect.key = in.text();
  effect.request = in.text();
  return effect;
}

}  // namespace

std::string pack(const Commit& commit) {
  Packer out;
  out.number(commit.checkpoint ? 1 : 0);
  if (commit.checkpoint) {
    out.number(commit.checkpoint->schema);
    out.text(commit.checkpoint->bytes);
  }
  out.pairs(commit.put_memory);
  out.texts(commit.drop_memory);
  out.pairs(commit.outputs);
  out.number(commit.metrics.size());
  for (const auto& [name, value] : commit.metrics) {
    out.text(name);
    out.number(bits_of(value));
  }
  out.number(commit.findings.size());
  for (const auto& [number, json] : commit.findings) {
    out.number(number);
    out.text(json);
  }
  out.pairs(commit.files);
  out.number(commit.effects.size());
  for (const auto& effect : commit.effects) pack_effect(out, effect);
  return out.take();
}

Result<Commit> unpack_commit(std::string_view bytes) {
  Unpacker in(bytes);
  Commit commit;
  if (in.number() == 1) {
    const auto schema = static_cast<std::uint32_t>(in.number());
    commit.checkpoint = Checkpoint{schema, in.text()};
  }
  commit.put_memory = in.pairs();
  commit.drop_memory = in.texts();
  commit.outputs = in.pairs();
  commit.metrics.resize(in.count());
  for (auto& [name, value] : commit.metrics) {
    name = in.text();
    value = double_of(in.number());
  }
  commit.findings.resize(in.count());
  for (auto& [number, json] : commit.findings) {
    number = in.number();
    json = in.text();
  }
  commit.files = in.pairs();
  commit.effects.resize(in.count());
  for (auto& effect : commit.effects) effect = unpack_effect(in);
  if (!in.done()) return Error(ErrorKind::kDamaged, "a commit of the child is cut short");
  return commit;
}

std::string pack(const Answer& answer) {
  Packer out;
  out.number(static_cast<std::uint64_t>(static_cast<std::int64_t>(answer.status)));
  out.text(answer.stage);
  out.text(answer.code);
  out.text(answer.message);
  out.texts(answer.log);
  out.texts(answer.breaks);
  out.text(answer.printed);
  out.number(answer.killed ? 1 : 0);
  out.text(answer.crash);
  return out.take();
}

Result<Answer> unpack_answer(std::string_view bytes) {
  Unpacker in(bytes);
  Answer answer;
  answer.status = static_cast<std::int32_t>(static_cast<std::int64_t>(in.number()));
  answer.stage = in.text();
  answer.code = in.text();
  answer.message = in.text();
  answer.log = in.texts();
  answer.breaks = in.texts();
  answer.printed = in.text();
  answer.killed = in.number() == 1;
  answer.crash = in.text();
  if (!in.done()) return Error(ErrorKind::kDamaged, "the child's answer is cut short");
  return answer;
}

}  // namespace daydream::testing
