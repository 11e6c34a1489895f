#include "plugins/log_review/night/identity.hpp"

#include "daydream/kit/hash.hpp"

namespace daydream::logs {

std::string pattern_id(std::string_view text) {
  return hash::sha256_hex(text).substr(0, 12);
}

Result<std::string> command_directory(const sdk::Run& run) {
  const sdk::Service<dd_run_service> service(run.host(), run.handle(), DD_RUN_SERVICE);
  dd_text text{};
  auto called = service.call(&dd_run_service::facts, "facts", run.handle(), &text);
  if (!called) return std::move(called.error());
  auto facts = json::Text::parse(sdk::view_of(text), {.name = "facts of the run", .positions = false});
  if (!facts) return std::move(facts.error());
  std::string directory = json::get_string(facts->root(), "directory");
  return directory.empty() ? run.root("repository") : Result<std::string>(std::move(directory));
}

}  // namespace daydream::logs
