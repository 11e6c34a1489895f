#include "frames/messages.hpp"

#include <cmath>
#include <type_traits>

#include "frames/codec.hpp"

// Every message lists its fields once, in `fields`; writing and reading both walk that list, so they
// cannot disagree.
namespace daydream::frames {
namespace {

template <class Message, class Want>
concept Is = std::is_same_v<std::remove_const_t<Message>, Want>;

template <Is<Start> M>
void fields(auto& walk, M& m) {
  walk(m.task, m.plugin_file, m.plugin_sha256, m.plugin_facts, m.config, m.facts, m.roots, m.has_checkpoint,
       m.checkpoint_schema, m.checkpoint, m.memory_schema, m.next_finding, m.command, m.arguments, m.reconcile,
       m.confine, m.readable, m.scratch, m.memory_bytes, m.cpu_seconds, m.open_files);
}
template <Is<Ready> M>
void fields(auto& walk, M& m) {
  walk(m.missing);
}
template <Is<Log> M>
void fields(auto& walk, M& m) {
  walk(m.level, m.message);
}
template <Is<Progress> M>
void fields(auto& walk, M& m) {
  walk(m.done, m.total, m.what);
}
template <Is<Explain> M>
void fields(auto& walk, M& m) {
  walk(m.code, m.message);
}
template <Is<Done> M>
void fields(auto& walk, M& m) {
  walk(m.status, m.stage);
}
template <Is<Reply> M>
void fields(auto& walk, M& m) {
  walk(m.status, m.body);
}
template <Is<Span> M>
void fields(auto& walk, M& m) {
  walk(m.offset, m.size, m.replacement);
}
template <Is<Effect> M>
void fields(auto& walk, M& m) {
  walk(m.kind, m.finding, m.root, m.path, m.token, m.spans, m.content, m.archive_path, m.options, m.key, m.request);
}
template <Is<Commit> M>
void fields(auto& walk, M& m) {
  walk(m.has_checkpoint, m.checkpoint_schema, m.checkpoint, m.migrated, m.put_memory, m.drop_memory, m.outputs,
       m.metrics, m.findings, m.effects);
}
template <Is<MemoryRequest> M>
void fields(auto& walk, M& m) {
  walk(m.key);
}
template <Is<ScanRequest> M>
void fields(auto& walk, M& m) {
  walk(m.prefix, m.after);
}
template <Is<Pairs> M>
void fields(auto& walk, M& m) {
  walk(m.items, m.last);
}
template <Is<OutputRequest> M>
void fields(auto& walk, M& m) {
  walk(m.step, m.name);
}
template <Is<ListRequest> M>
void fields(auto& walk, M& m) {
  walk(m.globs, m.after);
}
template <Is<Entry> M>
void fields(auto& walk, M& m) {
  walk(m.path, m.size, m.token);
}
template <Is<Entries> M>
void fields(auto& walk, M& m) {
  walk(m.items, m.last);
}

class Writer {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  std::string take() { return out_.take(); }

 private:
  void put(bool value) { out_.u8(value ? 1 : 0); }
  void put(std::int32_t value) { out_.i32(value); }
  void put(std::uint32_t value) { out_.u32(value); }
  void put(std::uint64_t value) { out_.u64(value); }
  void put(double value) { out_.f64(value); }
  void put(const std::string& value) { out_.text(value); }
  void put(Task value) { out_.u8(static_cast<std::uint8_t>(value)); }
  void put(EffectKind value) { out_.u8(static_cast<std::uint8_t>(value)); }
  template <class A, class B>
  void put(const std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    out_.u64(values.size());
    for (const T& value : values) put(value);
  }
  template <class T>
  requires std::is_class_v<T>
  void put(const T& message) { fields(*this, message); }

  Encoder out_;
};

// The fewest bytes an item of a list takes: what bounds its count by what is left of the body.
template <class T>
constexpr std::uint64_t kLeast = 8;
template <class A, class B>
constexpr std::uint64_t kLeast<std::pair<A, B>> = 16;
template <>
constexpr std::uint64_t kLeast<Entry> = 24;
template <>
constexpr std::uint64_t kLeast<Span> = 24;
template <>
constexpr std::uint64_t kLeast<Effect> = 1 + 10 * 8;

class Reader {
 public:
  explicit Reader(std::string_view body) : in_(body) {}
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  [[nodiscard]] bool clean() const { return clean_ && in_.finished(); }

 private:
  void get(bool& value) { value = small(1) == 1; }
  void get(std::int32_t& value) { value = in_.i32(); }
  void get(std::uint32_t& value) { value = in_.u32(); }
  void get(std::uint64_t& value) { value = in_.u64(); }
  void get(double& value) {
    value = in_.f64();
    if (!std::isfinite(value)) clean_ = false;
  }
  void get(std::string& value) { value = in_.text(); }
  void get(Task& value) { value = static_cast<Task>(small(static_cast<std::uint8_t>(Task::kCheckConfig))); }
  void get(EffectKind& value) {
    const std::uint8_t kind = small(static_cast<std::uint8_t>(EffectKind::kHttp));
    if (kind == 0) clean_ = false;
    value = static_cast<EffectKind>(kind);
  }
  template <class A, class B>
  void get(std::pair<A, B>& value) {
    get(value.first);
    get(value.second);
  }
  template <class T>
  void get(std::vector<T>& values) {
    const std::uint64_t count = in_.count(kLeast<T>);
    for (std::uint64_t i = 0; i < count && in_.good() && clean_; ++i) get(values.emplace_back());
  }
  template <class T>
  requires std::is_class_v<T>
  void get(T& message) { fields(*this, message); }

  std::uint8_t small(std::uint8_t most) {
    const std::uint8_t value = in_.u8();
    if (value <= most) return value;
    clean_ = false;
    return 0;
  }

  Decoder in_;
  bool clean_ = true;
};

template <class M>
std::string encode_message(const M& message) {
  Writer writer;
  fields(writer, message);
  return writer.take();
}

template <class M>
Result<M> decode_message(std::string_view body, const char* name) {
  M message;
  Reader reader(body);
  fields(reader, message);
  if (!reader.clean()) return Error(ErrorKind::kInvalid, std::string("not a whole ") + name + " message");
  return message;
}

}  // namespace

std::string Start::encode() const {
  return encode_message(*this);
}
Result<Start> Start::decode(std::string_view body) {
  return decode_message<Start>(body, "Start");
}
std::string Ready::encode() const {
  return encode_message(*this);
}
Result<Ready> Ready::decode(std::string_view body) {
  return decode_message<Ready>(body, "Ready");
}
std::string Log::encode() const {
  return encode_message(*this);
}
Result<Log> Log::decode(std::string_view body) {
  return decode_message<Log>(body, "Log");
}
std::string Progress::encode() const {
  return encode_message(*this);
}
Result<Progress> Progress::decode(std::string_view body) {
  return decode_message<Progress>(body, "Progress");
}
std::string Explain::encode() const {
  return encode_message(*this);
}
Result<Explain> Explain::decode(std::string_view body) {
  return decode_message<Explain>(body, "Explain");
}
std::string Done::encode() const {
  return encode_message(*this);
}
Result<Done> Done::decode(std::string_view body) {
  return decode_message<Done>(body, "Done");
}
std::string Reply::encode() const {
  return encode_message(*this);
}
Result<Reply> Reply::decode(std::string_view body) {
  return decode_message<Reply>(body, "Reply");
}
std::string Commit::encode() const {
  return encode_message(*this);
}
Result<Commit> Commit::decode(std::string_view body) {
  return decode_message<Commit>(body, "Commit");
}
std::string MemoryRequest::encode() const {
  return encode_message(*this);
}
Result<MemoryRequest> MemoryRequest::decode(std::string_view body) {
  return decode_message<MemoryRequest>(body, "MemoryRequest");
}
std::string ScanRequest::encode() const {
  return encode_message(*this);
}
Result<ScanRequest> ScanRequest::decode(std::string_view body) {
  return decode_message<ScanRequest>(body, "ScanRequest");
}
std::string Pairs::encode() const {
  return encode_message(*this);
}
Result<Pairs> Pairs::decode(std::string_view body) {
  return decode_message<Pairs>(body, "Pairs");
}
std::string OutputRequest::encode() const {
  return encode_message(*this);
}
Result<OutputRequest> OutputRequest::decode(std::string_view body) {
  return decode_message<OutputRequest>(body, "OutputRequest");
}
std::string ListRequest::encode() const {
  return encode_message(*this);
}
Result<ListRequest> ListRequest::decode(std::string_view body) {
  return decode_message<ListRequest>(body, "ListRequest");
}
std::string Entries::encode() const {
  return encode_message(*this);
}
Result<Entries> Entries::decode(std::string_view body) {
  return decode_message<Entries>(body, "Entries");
}

}  // namespace daydream::frames
