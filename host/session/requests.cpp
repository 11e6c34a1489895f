#include "session/requests.hpp"

#include <algorithm>

#include "daydream/abi.h"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::session {

namespace {

constexpr int kMemoryPage = 512;
constexpr std::size_t kMemoryPageBytes = std::size_t{1} << 20;
constexpr std::size_t kListPage = 2000;

frames::Reply refused(std::int32_t status) {
  frames::Reply reply;
  reply.status = status;
  return reply;
}

frames::Reply good(std::string body) {
  frames::Reply reply;
  reply.status = DD_OK;
  reply.body = std::move(body);
  return reply;
}

Result<std::vector<std::string>> parse_globs(const std::string& json) {
  std::vector<std::string> globs;
  if (json.empty()) return globs;
  auto text = json::Text::parse(json, {.name = "globs", .positions = false});
  if (!text) return std::move(text.error());
  if (!text->root().IsArray()) return Error(ErrorKind::kInvalid, "globs: expected an array of patterns");
  for (const auto& item : text->root().GetArray()) {
    if (!item.IsString()) return Error(ErrorKind::kInvalid, "globs: expected strings");
    globs.push_back(json::string_of(item));
  }
  return globs;
}

bool matches(const std::vector<std::string>& globs, const std::string& path) {
  return globs.empty() ||
         std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return text::glob_match(glob, path); });
}

}  // namespace

bool Requests::earlier(const std::string& step) const {
  const auto& earlier = options_.earlier_steps;
  return step == "daydream" || std::find(earlier.begin(), earlier.end(), step) != earlier.end();
}

Result<std::optional<frames::Reply>> Requests::answer(const frames::Frame& frame) {
  auto wrap = [](Result<frames::Reply> reply) -> Result<std::optional<frames::Reply>> {
    if (!reply) return std::move(reply.error());
    return std::optional<frames::Reply>(std::move(*reply));
  };
  switch (static_cast<frames::Type>(frame.type)) {
    case frames::Type::kMemory:
      return wrap(memory(frame.body));
    case frames::Type::kScanMemory:
      return wrap(scan(frame.body));
    case frames::Type::kOutput:
      return wrap(output(frame.body));
    case frames::Type::kFindings:
      return wrap(findings(frame.body));
    case frames::Type::kList:
      return wrap(list(frame.body));
    default:
      return std::optional<frames::Reply>();
  }
}

Result<frames::Reply> Requests::memory(std::string_view body) {
  auto request = frames::MemoryRequest::decode(body);
  if (!request) return std::move(request.error());
  auto value = options_.store->memory(options_.plugin_id, request->key);
  if (!value) return std::move(value.error());
  return *value ? good(std::move(**value)) : refused(DD_NOT_FOUND);
}

Result<frames::Reply> Requests::scan(std::string_view body) {
  auto request = frames::ScanRequest::decode(body);
  if (!request) return std::move(request.error());
  auto rows =
      options_.store->scan_memory(options_.plugin_id, request->prefix, request->after, kMemoryPage, kMemoryPageBytes);
  if (!rows) return std::move(rows.error());
  frames::Pairs pairs;
  pairs.last = rows->empty();  // a short page may have been cut by bytes; an empty one is the end
  pairs.items = std::move(*rows);
  return good(pairs.encode());
}

Result<frames::Reply> Requests::output(std::string_view body) {
  auto request = frames::OutputRequest::decode(body);
  if (!request) return std::move(request.error());
  if (!earlier(request->step)) return refused(DD_NOT_FOUND);
  auto value = options_.store->output(options_.run_id, request->step, request->name);
  if (!value) return std::move(value.error());
  return *value ? good(std::move(**value)) : refused(DD_NOT_FOUND);
}

Result<frames::Reply> Requests::findings(std::string_view body) {
  auto request = frames::OutputRequest::decode(body);
  if (!request) return std::move(request.error());
  if (!request->step.empty() && !earlier(request->step)) return refused(DD_NOT_FOUND);
  auto rows = options_.store->findings(options_.run_id, request->step);
  if (!rows) return std::move(rows.error());
  std::string lines;
  for (const Finding& finding : *rows) {
    if (earlier(finding.step)) lines += to_json(finding) + "\n";
  }
  return good(std::move(lines));
}

Result<frames::Reply> Requests::list(std::string_view body) {
  auto request = frames::ListRequest::decode(body);
  if (!request) return std::move(request.error());
  if (options_.tree == nullptr) return refused(DD_UNSUPPORTED);
  auto globs = parse_globs(request->globs);
  if (!globs) return refused(DD_BAD_ARGUMENT);
  if (!listing_) {
    auto all = options_.tree->list();
    if (!all) return std::move(all.error());
    listing_ = std::move(*all);
  }
  auto next =
      std::upper_bound(listing_->begin(), listing_->end(), request->after,
                       [](const std::string& after, const changes::Entry& entry) { return after < entry.path; });
  frames::Entries page;
  for (; next != listing_->end() && page.items.size() < kListPage; ++next) {
    if (matches(*globs, next->path)) page.items.push_back({next->path, next->size, next->token});
  }
  page.last = next == listing_->end();
  return good(page.encode());
}

}  // namespace daydream::session
