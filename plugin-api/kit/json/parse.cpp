// Text -> document, with the place of every value. RapidJSON reports each token when it has read it; the
// handler finds the token's first byte by going back over it, and keeps a tree parallel to the document.
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "number.hpp"
#include "places.hpp"

namespace daydream::json {

namespace {

using rapidjson::SizeType;

constexpr std::uint32_t kNoPlace = std::numeric_limits<std::uint32_t>::max();

// Where and why parsing stopped, when it was not RapidJSON that stopped it.
struct Refusal {
  bool given = false;
  std::uint32_t offset = 0;
  std::string message;
};

// Between RapidJSON's reader and the document: counts depth, remembers places, refuses duplicates.
class Handler {
 public:
  Handler(Document& document, const rapidjson::MemoryStream& stream, std::string_view bytes,
          const ParseOptions& options, std::vector<Place>* places)
      : document_(document), stream_(stream), bytes_(bytes), options_(options), places_(places) {}

  // The names are RapidJSON's. NOLINTBEGIN(readability-identifier-naming)
  bool Null() { return scalar() && document_.Null(); }
  bool Bool(bool value) { return scalar() && document_.Bool(value); }
  // Numbers come as text only; the rest of RapidJSON's interface is never called.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* text, SizeType size, bool) {
    scalar();
    const char* end = text + size;
    std::int64_t whole = 0;
    std::uint64_t large = 0;
    if (const auto read = std::from_chars(text, end, whole); read.ec == std::errc() && read.ptr == end)
      return document_.Int64(whole);
    if (const auto read = std::from_chars(text, end, large); read.ec == std::errc() && read.ptr == end)
      return document_.Uint64(large);
    const auto number = parse_double({text, size});
    if (!number) return refuse(token_start(), "the number is too big");
    return document_.Double(*number);
  }

  bool String(const char* text, SizeType size, bool copy) {
    const std::uint32_t start = string_start();
    if (!whole_text({text, size}, start)) return false;
    place(start);
    return document_.String(text, size, copy);
  }
  bool Key(const char* text, SizeType size, bool copy) {
    key_start_ = string_start();
    if (!whole_text({text, size}, key_start_)) return false;
    keys_.push_back({arena_.size(), size, key_start_});
    arena_.append(text, size);
    return document_.Key(text, size, copy);
  }

  bool StartObject() { return open() && document_.StartObject(); }
  bool EndObject(SizeType count) {
    if (!distinct_keys()) return false;
    close();
    return document_.EndObject(count);
  }
  bool StartArray() { return open() && document_.StartArray(); }
  bool EndArray(SizeType count) {
    close();
    return document_.EndArray(count);
  }

  // NOLINTEND(readability-identifier-naming)

  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

 private:
  struct KeyRecord {
    std::size_t begin;  // in arena_
    std::size_t size;
    std::uint32_t offset;
  };
  struct Open {
    std::size_t place;  // its index in places_
    std::size_t first_key;
  };

  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(stream_.Tell()); }

  [[nodiscard]] std::uint32_t string_start() const {
    std::size_t at = stream_.Tell() - 1;  // the closing quote
    while (at > 0) {
      --at;
      if (bytes_[at] != '"') continue;
      std::size_t slashes = 0;
      while (slashes < at && bytes_[at - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) break;
      at -= slashes;
    }
    return static_cast<std::uint32_t>(at);
  }

  // Of a number or a name, which has just been read.
  [[nodiscard]] std::uint32_t token_start() const {
    std::size_t at = stream_.Tell();
    const auto in_token = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '.' || c == '+' || c == '-';
    };
    while (at > 0 && in_token(bytes_[at - 1])) --at;
    return static_cast<std::uint32_t>(at);
  }

  bool scalar() {
    place(token_start());
    return true;
  }

  void place(std::uint32_t start) {
    if (places_ != nullptr) places_->push_back({start, std::exchange(key_start_, kNoPlace), 1});
  }

  bool refuse(std::uint32_t offset, std::string message) {
    refusal_ = {true, offset, std::move(message)};
    return false;
  }

  // RapidJSON lets "\udc00" alone through, which would be no UTF-8.
  bool whole_text(std::string_view content, std::uint32_t start) {
    return text::valid_utf8(content) || refuse(start, "a \\u escape names half a surrogate pair");
  }

  bool open() {
    if (open_.size() >= static_cast<std::size_t>(std::max(options_.max_depth, 0)))
      return refuse(here(), "nested deeper than " + std::to_string(options_.max_depth) + " levels");
    open_.push_back({places_ == nullptr ? 0 : places_->size(), keys_.size()});
    place(here());
    return true;
  }

  void close() {
    const Open last = open_.back();
    open_.pop_back();
    if (places_ != nullptr) (*places_)[last.place].subtree = static_cast<std::uint32_t>(places_->size() - last.place);
    if (last.first_key < keys_.size()) arena_.resize(keys_[last.first_key].begin);
    keys_.resize(last.first_key);
  }

  [[nodiscard]] std::string_view key_text(const KeyRecord& key) const {
    return std::string_view(arena_).substr(key.begin, key.size);
  }

  bool distinct_keys() {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(open_.back().first_key);
    std::vector<KeyRecord> sorted(first, keys_.end());
    std::sort(sorted.begin(), sorted.end(), [this](const KeyRecord& a, const KeyRecord& b) {
      const int order = key_text(a).compare(key_text(b));
      return order != 0 ? order < 0 : a.offset < b.offset;
    });
    const KeyRecord* earliest = nullptr;
    const KeyRecord* original = nullptr;
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (key_text(sorted[i]) != key_text(sorted[i - 1])) continue;
      if (earliest != nullptr && earliest->offset < sorted[i].offset) continue;
      earliest = &sorted[i];
      original = &sorted[i - 1];
    }
    if (earliest == nullptr) return true;
    const auto before = text::line_column(bytes_, original->offset);
    return refuse(earliest->offset, "duplicate key \"" + text::escape_terminal(text::shorten(key_text(*earliest), 80)) +
                                        "\"; first at " + std::to_string(before.line) + ":" +
                                        std::to_string(before.column));
  }

  Document& document_;
  const rapidjson::MemoryStream& stream_;
  std::string_view bytes_;
  const ParseOptions& options_;
  std::vector<Place>* places_;
  std::uint32_t key_start_ = kNoPlace;
  std::vector<KeyRecord> keys_;  // of all open objects
  std::string arena_;            // their texts
  std::vector<Open> open_;
  Refusal refusal_;
};

const char* explain(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "the text is empty; expected a JSON value";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "more text after the end of the JSON value";
    case rapidjson::kParseErrorValueInvalid:
      return "expected a value: an object, an array, a \"string\", a number, true, false or null";
    case rapidjson::kParseErrorObjectMissName:
      return "expected a key in double quotes (no comma before a closing brace)";
    case rapidjson::kParseErrorObjectMissColon:
      return "expected ':' after the key";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "expected ',' or '}' after a member";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "expected ',' or ']' after an element";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "\\u needs four hexadecimal digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "a \\u escape names half a surrogate pair";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "unknown escape in a string; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "the string has no closing quote";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "a control character or line break inside a string; write it as an escape";
    case rapidjson::kParseErrorNumberTooBig:
      return "the number is too big";
    case rapidjson::kParseErrorNumberMissFraction:
      return "expected a digit after the decimal point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "expected a digit in the exponent";
    default:
      return "this is not JSON";
  }
}

std::size_t first_invalid_utf8(std::string_view bytes) {
  // Halving would need valid borders; a scan is as quick and runs once, for the message.
  std::size_t good = 0;
  for (std::size_t step = bytes.size(); step > 0; step /= 2) {
    while (good + step <= bytes.size() && text::valid_utf8(bytes.substr(good, step))) good += step;
  }
  return good;
}

template <unsigned kFlags>
Refusal run_reader(Document& document, std::string_view bytes, const ParseOptions& options,
                   std::vector<Place>* places) {
  rapidjson::MemoryStream stream(bytes.data(), bytes.size());
  if (bytes.starts_with("\xEF\xBB\xBF")) {  // a byte order mark is not content
    for (int i = 0; i < 3; ++i) stream.Take();
  }
  rapidjson::Reader reader;
  Refusal refusal;
  auto generate = [&](Document& target) {
    Handler handler(target, stream, bytes, options, places);
    const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, handler);
    refusal = handler.refusal();
    if (!result.IsError() && stream.Tell() == bytes.size()) return true;
    if (refusal.given) return false;
    // A NUL byte ends the text for RapidJSON, but not for us.
    const std::size_t offset = result.IsError() ? result.Offset() : stream.Tell();
    const bool nul = offset < bytes.size() && bytes[offset] == '\0';
    const bool control = !nul && offset < bytes.size() && static_cast<unsigned char>(bytes[offset]) < 0x20;
    // RapidJSON has one code for a bad escape and for a raw control character.
    const auto code = control && result.Code() == rapidjson::kParseErrorStringEscapeInvalid
                          ? rapidjson::kParseErrorStringInvalidEncoding
                          : result.Code();
    const char* message = nul ? "a NUL byte" : explain(code);
    const bool ended = !nul && offset >= bytes.size() && !bytes.empty();
    refusal = {true, static_cast<std::uint32_t>(offset),
               ended ? std::string("the text ends too early: ") + message : std::string(message)};
    return false;
  };
  document.Populate(generate);
  return refusal;
}

std::string at_place(const std::string& name, Position where) {
  std::string file = name.empty() ? "JSON" : text::show_path(name);
  if (where.line == 0) return file;
  return file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}

constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;

}  // namespace

struct Text::State {
  ParseOptions options;
  Document document;
  std::vector<Place> places;
  std::vector<std::uint32_t> lines;  // offsets where lines start

  [[nodiscard]] Position position(std::uint32_t offset) const {
    if (lines.empty() || offset == kNoPlace) return {};
    const auto next = std::upper_bound(lines.begin(), lines.end(), offset);
    const std::uint32_t start = *std::prev(next);
    return {static_cast<int>(next - lines.begin()), static_cast<int>(offset - start) + 1};
  }
  [[nodiscard]] std::size_t place_of(std::string_view pointer) const;
};

// The index of the place of what `pointer` names, or of its nearest ancestor that is there.
std::size_t Text::State::place_of(std::string_view pointer) const {
  std::size_t at = 0;
  const Value* value = &document;
  while (!pointer.empty() && pointer.front() == '/') {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string part = unescape_part(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
    const auto index = child_index(*value, part);
    if (!index) break;
    at = nth_child(places, at, *index);
    value = value->IsObject() ? &(value->MemberBegin() + static_cast<std::ptrdiff_t>(*index))->value
                              : &(*value)[static_cast<SizeType>(*index)];
  }
  return at;
}

Text::Text(std::unique_ptr<State> state) : state_(std::move(state)) {}
Text::Text(Text&&) noexcept = default;
Text& Text::operator=(Text&&) noexcept = default;
Text::~Text() = default;

Result<Text> Text::parse(std::string_view bytes, ParseOptions options) {
  const auto refused = [&options](Position where, const std::string& message) {
    return Error(ErrorKind::kInvalid, at_place(options.name, where) + ": " + message);
  };
  if (bytes.size() > std::min<std::size_t>(options.max_bytes, kNoPlace - 1))
    return refused({}, "larger than " + std::to_string(options.max_bytes) + " bytes");
  const auto at = [&](std::size_t offset, const std::string& message) {
    const auto where = text::line_column(bytes, offset);
    return refused({where.line, where.column}, message);
  };
  if (!text::valid_utf8(bytes)) return at(first_invalid_utf8(bytes), "not valid UTF-8");

  auto state = std::make_unique<State>();
  std::vector<Place>* places = options.positions ? &state->places : nullptr;
  const Refusal refusal =
      options.comments ? run_reader<kFlags | rapidjson::kParseCommentsFlag>(state->document, bytes, options, places)
                       : run_reader<kFlags>(state->document, bytes, options, places);
  if (refusal.given) {
    const std::size_t offset = std::min<std::size_t>(refusal.offset, bytes.size());
    const bool comment = !options.comments && offset < bytes.size() && bytes[offset] == '/';
    return at(offset, comment ? "comments are not allowed here" : refusal.message);
  }
  if (options.positions) {
    state->lines.push_back(0);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\n') state->lines.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }
  state->options = std::move(options);
  return Text(std::move(state));
}

const Value& Text::root() const {
  return state_->document;
}
const std::string& Text::name() const {
  return state_->options.name;
}

Position Text::position(std::string_view pointer) const {
  if (state_->places.empty()) return {};
  return state_->position(state_->places[state_->place_of(pointer)].value);
}

Position Text::key_position(std::string_view pointer) const {
  if (state_->places.empty()) return {};
  const Place& place = state_->places[state_->place_of(pointer)];
  return state_->position(place.key == kNoPlace ? place.value : place.key);
}

Error Text::error_at(std::string_view pointer, std::string_view message) const {
  return {ErrorKind::kInvalid, at_place(state_->options.name, position(pointer)) + ": " +
                                   text::escape_terminal(readable_pointer(pointer)) + ": " + std::string(message)};
}

}  // namespace daydream::json
