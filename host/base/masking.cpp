#include "base/masking.hpp"

#include <memory>
#include <mutex>

#include "daydream/kit/text.hpp"

namespace daydream {

namespace {

struct Hidden {
  std::mutex mutex;
  std::shared_ptr<const text::Masker> masker = std::make_shared<const text::Masker>();
};

// Never destroyed: threads may log until the very end.
Hidden& hidden() {
  static Hidden& instance = *new Hidden;
  return instance;
}

std::shared_ptr<const text::Masker> masker() {
  const std::lock_guard lock(hidden().mutex);
  return hidden().masker;
}

}  // namespace

void hide_secrets(const std::vector<std::string>& values) {
  const std::lock_guard lock(hidden().mutex);
  text::Masker more = *hidden().masker;
  for (const std::string& value : values) more.add_secret(value);
  hidden().masker = std::make_shared<const text::Masker>(std::move(more));
}

std::string mask(std::string_view text) {
  return masker()->mask(text);
}

bool shows_hidden(std::string_view text) {
  return masker()->mask(text) != text::mask(text);
}

}  // namespace daydream
