#include "pipeline/network.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/files.hpp"
#include "base/masking.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::pipeline {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;

// Its text, or words in `missing` why there is none.
std::string read_file(const std::string& path, std::string& missing) {
  struct stat status {};
  const std::string shown = text::show_path(path);
  if (::stat(path.c_str(), &status) != 0) {
    missing = "is to come from " + shown + ", which cannot be read";
    return "";
  }
  const bool ours = status.st_uid == ::geteuid() || status.st_uid == 0;
  if (!S_ISREG(status.st_mode) || !ours || (status.st_mode & 077U) != 0) {
    missing = "is in " + shown + ", which others may read: it must be a file of yours with the mode 0600";
    return "";
  }
  auto content = files::read(path, kMostBytes);
  if (!content) {
    missing = "cannot be read: " + content.error().message();
    return "";
  }
  return std::string(text::trim(*content));
}

broker::Secret read_secret(const std::string& name, const manifest::Secret& declared) {
  broker::Secret secret;
  secret.name = name;
  secret.hosts = declared.hosts;
  if (!declared.file.empty()) {
    secret.value = read_file(declared.file, secret.missing);
  } else if (const char* value = std::getenv(declared.environment.c_str())) {
    secret.value = text::trim(value);
  } else {
    secret.missing = "has no value: the variable " + declared.environment + " is not set";
  }
  if (secret.value.empty() && secret.missing.empty()) secret.missing = "has no value: what holds it is empty";
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(secret.value.begin(), secret.value.end(), control)) {
    secret.missing = "has a line break or another control character in it";
    secret.value.clear();
  }
  if (!secret.value.empty()) hide_secrets({secret.value});
  return secret;
}

}  // namespace

broker::Policy network_policy(const manifest::Pipeline& pipeline, const manifest::Step& step) {
  broker::Policy policy;
  if (const auto hosts = pipeline.hosts.find(step.id); hosts != pipeline.hosts.end()) policy.hosts = hosts->second;
  for (const std::string& name : step.secrets) {
    const auto declared = pipeline.secrets.find(name);
    if (declared != pipeline.secrets.end()) policy.secrets.push_back(read_secret(name, declared->second));
  }
  return policy;
}

}  // namespace daydream::pipeline
