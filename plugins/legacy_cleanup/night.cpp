#include "plugins/legacy_cleanup/night.hpp"

#include <iterator>

#include "daydream/kit/hash.hpp"
#include "plugins/legacy_cleanup/packed.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"

namespace daydream::legacy {
namespace {

void put(Packer& out, const Finding& finding) {
  out.text(finding.rule);
  out.number(static_cast<std::uint64_t>(finding.severity));
  out.number(static_cast<std::uint64_t>(finding.safety));
  for (const std::uint32_t number : {finding.line, finding.column, finding.end_line}) out.number(number);
  for (const std::string* text :
       {&finding.symbol, &finding.context, &finding.message, &finding.evidence, &finding.suggestion}) {
    out.text(*text);
  }
  out.number(finding.edits.size());
  for (const Edit& edit : finding.edits) {
    out.number(edit.begin);
    out.number(edit.end);
    out.text(edit.replacement);
  }
}

// The name as the rule itself has it, which lives for ever; "" for a rule that is no more.
std::string_view rule_named(std::string_view name) {
  for (const auto& rule : file_rules()) {
    if (rule->name() == name) return rule->name();
  }
  return {};
}

std::uint32_t small_number(Unpacker& in) {
  return static_cast<std::uint32_t>(in.number());
}

// False for values that no finding has.
bool get(Unpacker& in, Finding& finding) {
  finding.rule = rule_named(in.text());
  const std::uint64_t severity = in.number(), safety = in.number();
  if (finding.rule.empty() || severity > 2 || safety > 2) return false;
  finding.severity = static_cast<Severity>(severity);
  finding.safety = static_cast<Safety>(safety);
  for (std::uint32_t* number : {&finding.line, &finding.column, &finding.end_line}) *number = small_number(in);
  for (std::string* text :
       {&finding.symbol, &finding.context, &finding.message, &finding.evidence, &finding.suggestion}) {
    *text = in.text();
  }
  finding.edits.resize(in.count());
  for (Edit& edit : finding.edits) {
    edit.begin = small_number(in);
    edit.end = small_number(in);
    edit.replacement = in.text();
  }
  return true;
}

}  // namespace

void Night::append(Night part) {
  if (until.empty() || (!part.until.empty() && part.until < until)) until = part.until;
  whole &= part.whole;
  commits.merge(part.commits);
  said.insert(said.end(), std::make_move_iterator(part.said.begin()), std::make_move_iterator(part.said.end()));
}

std::string Night::encode() const {
  Packer out;
  out.text(date);
  out.text(until);
  out.number(whole ? 1 : 0);
  out.number(files);
  out.list({commits.begin(), commits.end()});
  out.number(users.size());
  for (const auto& [api, paths] : users) {
    out.text(api);
    out.list(paths);
  }
  out.number(said.size());
  for (const Said& one : said) {
    out.text(one.path);
    out.number(one.token);
    out.text(one.skipped);
    out.number(one.findings.size());
    for (const Finding& finding : one.findings) put(out, finding);
  }
  return out.take();
}

Result<Night> Night::decode(std::string_view bytes) {
  const Error damaged(ErrorKind::kDamaged, "what is remembered of the last night cannot be read");
  Unpacker in(bytes);
  Night night;
  night.date = in.text();
  night.until = in.text();
  night.whole = in.number() != 0;
  night.files = in.number();
  for (std::string& commit : in.list()) night.commits.insert(std::move(commit));
  for (std::uint64_t left = in.count(); left > 0; --left) {
    std::string api = in.text();
    night.users.emplace(std::move(api), in.list());
  }
  night.said.resize(in.count());
  for (Said& one : night.said) {
    one.path = in.text();
    one.token = in.number();
    one.skipped = in.text();
    one.findings.resize(in.count());
    for (Finding& finding : one.findings) {
      if (!get(in, finding)) return damaged;
    }
  }
  if (!in.good()) return damaged;
  return night;
}

std::string circumstances(const Repository& repository, std::string_view build) {
  hash::Sha256 hash;
  const auto add = [&hash](std::string_view text) {
    hash.update(std::to_string(text.size()));
    hash.update(":");
    hash.update(text);
  };
  add(rules_version(repository.settings, build));
  add(repository.settings.text);
  Packer files;
  for (const TreeFile& file : repository.files) {
    files.text(file.path);
    files.number(file.size);
    files.number(file.token);
  }
  add(files.take());
  const auto digest = hash.finish();
  return {digest.begin(), digest.end()};
}

}  // namespace daydream::legacy
