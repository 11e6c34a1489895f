#include "plugins/legacy_cleanup/sealed.hpp"

#include "daydream/kit/hash.hpp"

namespace daydream::legacy {
namespace {

constexpr std::size_t kSeal = 16;

std::string seal_of(std::string_view version, std::string_view key, std::string_view bytes) {
  hash::Sha256 hash;
  for (const std::string_view part : {version, key, bytes}) {
    hash.update(std::to_string(part.size()));
    hash.update(":");
    hash.update(part);
  }
  const auto digest = hash.finish();
  return {digest.begin(), digest.begin() + kSeal};
}

}  // namespace

std::string sealed(std::string_view version, std::string_view key, std::string_view bytes) {
  return seal_of(version, key, bytes).append(bytes);
}

std::optional<std::string_view> opened(std::string_view version, std::string_view key, std::string_view value) {
  if (value.size() < kSeal) return std::nullopt;
  const std::string_view bytes = value.substr(kSeal);
  if (value.substr(0, kSeal) != seal_of(version, key, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace daydream::legacy
