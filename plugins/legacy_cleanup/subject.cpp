#include "plugins/legacy_cleanup/subject.hpp"

#include "plugins/legacy_cleanup/remarks.hpp"

namespace daydream::legacy {

const source::python::Lexed& Subject::lexed() const {
  if (!lexed_) lexed_ = source::python::lex(content_);
  return *lexed_;
}

const source::c::Lexed& Subject::c_lexed() const {
  if (!c_lexed_) c_lexed_ = source::c::lex(content_);
  return *c_lexed_;
}

const source::File* Subject::tree() const {
  if (!tree_asked_) {
    tree_asked_ = true;
    auto parsed = source::File::parse(content_, language_);
    if (parsed) {
      tree_ = std::move(*parsed);
    } else {
      skipped_ = parsed.error().message();
    }
  }
  return tree_ ? &*tree_ : nullptr;
}

const source::python::Names* Subject::names() const {
  if (!names_asked_) {
    names_asked_ = true;
    const source::File* const file = tree();
    if (file != nullptr && file->clean() && language_ == source::Language::kPython) {
      names_ = std::make_unique<source::python::Names>(source::python::Names::analyse(*file));
    }
  }
  return names_.get();
}

const source::javascript::Names* Subject::script_names() const {
  if (!names_asked_) {
    names_asked_ = true;
    const source::File* const file = tree();
    if (file != nullptr && file->clean() && source::javascript::is_script(language_)) {
      script_names_ = std::make_unique<source::javascript::Names>(source::javascript::Names::analyse(*file));
    }
  }
  return script_names_.get();
}

const Remarks& Subject::remarks() const {
  if (remarks_ != nullptr) return *remarks_;
  std::vector<source::Comment> comments;
  if (language_ != source::Language::kC && language_ != source::Language::kCpp) {
    comments = tree()->comments();
  } else {
    for (const source::c::Token& token : c_lexed().tokens) {
      if (token.kind != source::c::TokenKind::kComment) continue;
      const bool block = c_lexed().text(token).starts_with("/*");
      comments.push_back(
          {token.begin, token.end, token.line, block ? source::CommentKind::kBlock : source::CommentKind::kLine});
    }
  }
  remarks_ = std::make_shared<Remarks>(content_, comments);
  return *remarks_;
}

}  // namespace daydream::legacy
