#include "plugins/legacy_cleanup/ahead.hpp"

#include "daydream/source/javascript_kinds.hpp"

namespace daydream::legacy {
namespace {

constexpr std::size_t kMostFiles = 32;
constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // a tree takes some twenty times as much

// What the rules are going to ask for.
void prepare(const Subject& subject) {
  if (subject.language() == source::Language::kPython) {
    subject.lexed();
    subject.names();
  } else if (source::javascript::is_script(subject.language())) {
    subject.script_names();
  } else {
    subject.tree();
  }
}

}  // namespace

Result<const Subject*> Ahead::subject(std::size_t at) {
  if (at >= first_ + files_.size()) {
    if (auto fetched = fetch(at); !fetched) return std::move(fetched.error());
  }
  const File& file = files_[at - first_];
  return file.same ? file.subject.get() : nullptr;
}

Result<void> Ahead::fetch(std::size_t from) {
  first_ = from;
  files_.clear();
  files_.reserve(kMostFiles);  // subjects look into the contents: they must not move
  std::size_t bytes = 0;
  std::vector<const Subject*> wanted;
  for (std::size_t at = from; at < concerns_.size() && files_.size() < kMostFiles && bytes < kMostBytes; ++at) {
    const Concern& concern = concerns_[at];
    File& file = files_.emplace_back();
    if (!concern.candidates) continue;
    auto content = run_.files().read(concern.path);
    // Of a later one it is said when its turn comes.
    if (!content && at > from) {
      files_.pop_back();
      break;
    }
    if (!content) return std::move(content.error());
    file.same = content->token == concern.token;
    file.content = content->bytes;
    bytes += file.content.size();
    const auto language = source::detect(concern.path, std::string_view(file.content).substr(0, 256));
    file.subject = std::make_unique<const Subject>(concern.path, file.content, language);
    if (concern.parsed && file.same) wanted.push_back(file.subject.get());
  }
  if (wanted.size() < 2) return {};
  if (!crew_) crew_.emplace();
  crew_->each(wanted.size(), [&](std::size_t at) {
    if (run_.cancelled()) return;
    run_.progress(from, concerns_.size(), wanted[at]->path());
    prepare(*wanted[at]);
  });
  return {};
}

}  // namespace daydream::legacy
