#include "plugins/log_review/settings.hpp"

namespace daydream::logs {

Result<Settings> Settings::read(const json::Value& root) {
  Settings settings;
  settings.files = json::get_strings(root, "files");
  settings.exclude = json::get_strings(root, "exclude");
  settings.inputs = json::get_strings(root, "inputs");
  settings.assignments = json::get_bool(root, "assignments");
  settings.max_findings = static_cast<std::size_t>(json::get_int(root, "max_findings", 10));
  auto window = json::parse_duration_ms(json::get_string(root, "window", "24h"));
  if (!window) return std::move(window.error()).context("window");
  settings.window_ms = *window;
  auto batch = json::parse_duration_ms(json::get_string(root, "batch", "900ms"));
  if (!batch) return std::move(batch.error()).context("batch");
  settings.batch_ms = *batch;
  const std::string zone = json::get_string(root, "zone_offset");
  if (zone.size() == 6) {
    const int minutes = ((zone[1] - '0') * 10 + zone[2] - '0') * 60 + (zone[4] - '0') * 10 + zone[5] - '0';
    settings.zone_minutes = zone[0] == '-' ? -minutes : minutes;
  }
  std::string after = "1h";
  if (const json::Value* archive = json::find(root, "archive"); archive != nullptr && archive->IsObject()) {
    settings.unlink = json::get_bool(*archive, "unlink");
    after = json::get_string(*archive, "after", "1h");
  }
  auto grace = json::parse_duration_ms(after);
  if (!grace) return std::move(grace.error()).context("archive.after");
  settings.archive_after_ms = *grace;
  return settings;
}

}  // namespace daydream::logs
