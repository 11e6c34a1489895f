// Running text: code spans, autolinks and HTML bind first, then brackets become links, as CommonMark
// says it. Each kind of search that can fail is made at most once, so no text is slow.
#include <algorithm>
#include <map>

#include "parts.hpp"

namespace daydream::markdown {
namespace {

constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
bool is_word(char byte) {
  return kWord.find(byte) != kNo;
}

class Scanner {
 public:
  Scanner(const Flat& flat, const Definitions& known, const Inlines& out)
      : flat_(flat), text_(flat.text()), known_(known), out_(out) {}

  void scan(std::size_t from) {
    index_backticks(from);
    for (at_ = from; at_ < text_.size();) step();
  }

 private:
  struct Bracket {
    std::size_t at = 0;     // of '['
    std::size_t links = 0;  // how many were known when it came
    bool image = false;
  };

  void step() {
    switch (text_[at_]) {
      case '\\':
        at_ += at_ + 1 < text_.size() && is_punctuation(text_[at_ + 1]) ? 2 : 1;
        return;
      case '`':
        code();
        return;
      case '<':
        pointed();
        return;
      case '!':
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '[') {
          brackets_.push_back({at_ + 1, out_.links->size(), true});
          ++at_;
        }
        ++at_;
        return;
      case '[':
        brackets_.push_back({at_, out_.links->size(), false});
        ++at_;
        return;
      case ']':
        close();
        return;
      case 'h':
      case 'w':
      case 'f':
        bare();
        return;
      default:
        ++at_;
    }
  }

  // Where runs of backticks are, by their length.
  void index_backticks(std::size_t from) {
    for (std::size_t at = text_.find('`', from); at != kNo; at = text_.find('`', at)) {
      const std::size_t end = std::min(text_.find_first_not_of('`', at), text_.size());
      runs_[end - at].push_back(at);
      at = end;
    }
  }

  void code() {
    const std::size_t begin = at_;
    const std::size_t open = std::min(text_.find_first_not_of('`', begin), text_.size());
    const auto& runs = runs_[open - begin];
    // An escaped backtick shortens a run: the index then holds a longer one, which is not ours.
    const auto close = std::lower_bound(runs.begin(), runs.end(), open);
    at_ = open;
    if (close == runs.end()) return;
    at_ = *close + (open - begin);
    CodeSpan span;
    span.span = flat_.span(begin, at_);
    span.content = flat_.span(open, *close);
    out_.code_spans->push_back(span);
  }

  void pointed() {
    const std::size_t begin = at_;
    if (const std::size_t end = autolink(begin); end != kNo) {
      at_ = end;
      return;
    }
    const bool comment = text_.substr(begin).starts_with("<!--");
    ++at_;
    if (comment && no_comment_end_) return;
    RawTag tag;
    const std::size_t end = read_html(text_, begin, tag);
    if (end == kNo) {
      no_comment_end_ = no_comment_end_ || comment;
      return;
    }
    at_ = end;
    if (out_.html != nullptr) out_.html->push_back(flat_.span(begin, end));
    if (!tag.name.empty() && out_.tags != nullptr) out_.tags->push_back(to_tag(tag, flat_, begin, end));
  }

  std::size_t autolink(std::size_t begin) {
    const std::size_t end = text_.find_first_of("<> \n\t", begin + 1);
    if (end == kNo || text_[end] != '>') return kNo;
    const std::string_view inner = text_.substr(begin + 1, end - begin - 1);
    const std::size_t colon = inner.find(':');
    bool good = colon != kNo && colon >= 2 && colon <= 32 && inner.find_first_not_of(kWord) >= 1 &&
                inner.substr(0, colon).find_first_not_of(std::string(kWord) + "+.-") == kNo;
    const std::size_t sign = inner.find('@');
    if (!good) {
      good = sign != kNo && sign > 0 && sign + 1 < inner.size() && inner.find_first_of("/\\:") == kNo &&
             inner.find('@', sign + 1) == kNo;
    }
    if (!good) return kNo;
    Link link;
    link.kind = LinkKind::kAutolink;
    link.span = flat_.span(begin, end + 1);
    link.text = link.destination = flat_.span(begin + 1, end);
    link.url = (colon == kNo ? "mailto:" : "") + std::string(inner);
    out_.links->push_back(std::move(link));
    return end + 1;
  }

  void close() {
    const std::size_t here = at_++;
    if (brackets_.empty()) return;
    const Bracket opener = brackets_.back();
    brackets_.pop_back();
    const bool active = opener.image || brackets_.size() >= inactive_;
    inactive_ = std::min(inactive_, brackets_.size());
    if (!active) return;
    Link link;
    link.image = opener.image;
    link.text = flat_.span(opener.at + 1, here);
    std::size_t end = inline_target(here + 1, link);
    if (end == kNo) end = reference(opener.at, here, link);
    if (end == kNo) return;
    link.span = flat_.span(opener.at - (opener.image ? 1 : 0), end);
    drop_bare(opener.links);
    out_.links->push_back(std::move(link));
    at_ = end;
    if (!opener.image) inactive_ = brackets_.size();  // a link holds no link
  }

  // In the text of a link a bare address is no link of its own.
  void drop_bare(std::size_t from) {
    auto& links = *out_.links;
    links.erase(std::remove_if(links.begin() + static_cast<std::ptrdiff_t>(from), links.end(),
                               [](const Link& link) { return link.kind == LinkKind::kBare; }),
                links.end());
  }

  std::size_t inline_target(std::size_t at, Link& link) {
    if (at >= text_.size() || text_[at] != '(') return kNo;
    std::pair<std::size_t, std::size_t> inner;
    const std::size_t begin = skip_space(text_, at + 1);
    std::size_t end = read_destination(text_, begin, inner);
    if (end == kNo) return kNo;
    std::size_t close = skip_space(text_, end);
    if (close < text_.size() && text_[close] != ')' && close > end) {
      const std::size_t title = read_title(text_, close);
      if (title == kNo) return kNo;
      close = skip_space(text_, title);
    }
    if (close >= text_.size() || text_[close] != ')') return kNo;
    link.kind = LinkKind::kInline;
    link.destination = flat_.span(inner.first, inner.second);
    link.url = unescaped(text_.substr(inner.first, inner.second - inner.first));
    return close + 1;
  }

  std::size_t reference(std::size_t open, std::size_t close, Link& link) {
    if (known_.empty()) return kNo;
    link.kind = LinkKind::kReference;
    std::size_t end = close + 1;
    std::string_view label = text_.substr(open + 1, close - open - 1);
    bool full = false;
    if (end < text_.size() && text_[end] == '[') {
      const std::size_t second = read_label(text_, end);
      if (second != kNo) {
        label = text_.substr(end + 1, second - end - 2);
        end = second;
        full = true;
      } else if (text_.substr(end).starts_with("[]")) {
        end += 2;
      }
    }
    if (!full && read_label(text_, open) != close + 1) return kNo;
    const auto found = known_.find(normal_label(label));
    if (found == known_.end()) return kNo;
    link.definition = found->second;
    return end;
  }

  // GFM's extended autolinks.
  void bare() {
    const std::size_t begin = at_;
    ++at_;
    const std::string_view rest = text_.substr(begin);
    std::size_t host = kNo;
    for (const std::string_view scheme : {"http://", "https://", "ftp://"}) {
      if (rest.starts_with(scheme)) host = begin + scheme.size();
    }
    const bool www = rest.starts_with("www.");
    if (www) host = begin;
    if (host == kNo) return;
    if (begin > 0 && !is_space(text_[begin - 1]) && std::string_view("*_~(").find(text_[begin - 1]) == kNo) return;
    if (host >= text_.size() || !is_word(text_[host])) {
      if (host >= text_.size() || static_cast<unsigned char>(text_[host]) < 0x80) return;
    }
    std::size_t end = host;
    // A bracket or backtick that something around it needs ends it too.
    while (end < text_.size() && !is_space(text_[end]) && text_[end] != '<' && text_[end] != '`' &&
           (text_[end] != ']' || brackets_.empty())) {
      ++end;
    }
    end = trimmed(begin, end);
    if (end <= host) return;
    Link link;
    link.kind = LinkKind::kBare;
    link.span = link.text = link.destination = flat_.span(begin, end);
    link.url = text_.substr(begin, end - begin);
    out_.links->push_back(std::move(link));
    at_ = end;
  }

  // Punctuation at the end of an address belongs to the sentence.
  [[nodiscard]] std::size_t trimmed(std::size_t begin, std::size_t end) const {
    const std::string_view whole = text_.substr(begin, end - begin);
    const auto opened = std::count(whole.begin(), whole.end(), '(');
    auto closed = std::count(whole.begin(), whole.end(), ')');
    while (end > begin) {
      const char last = text_[end - 1];
      if (last == ')') {
        if (closed <= opened) break;
        --closed;
      } else if (last == ';') {
        std::size_t word = end - 1;
        while (word > begin && is_word(text_[word - 1])) --word;
        if (word > begin && text_[word - 1] == '&') {
          end = word - 1;
          continue;
        }
        break;
      } else if (std::string_view("?!.,:*_~'\"").find(last) == kNo) {
        break;
      }
      --end;
    }
    return end;
  }

  const Flat& flat_;
  std::string_view text_;
  const Definitions& known_;
  const Inlines& out_;
  std::size_t at_ = 0;
  std::vector<Bracket> brackets_;
  std::size_t inactive_ = 0;  // brackets below it open no link any more
  std::map<std::size_t, std::vector<std::size_t>> runs_;
  bool no_comment_end_ = false;
};

}  // namespace

void scan_inlines(const Flat& flat, std::size_t from, const Definitions& known, const Inlines& out) {
  Scanner(flat, known, out).scan(from);
}

}  // namespace daydream::markdown
