#include "plugins/log_review/command.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "plugins/log_review/command_words.hpp"
#include "plugins/log_review/grouping/patterns.hpp"
#include "plugins/log_review/night/identity.hpp"
#include "plugins/log_review/reading/records.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kPrintAt = std::size_t{64} << 10;
constexpr std::size_t kLongestShown = 2000;

// What one file gave.
struct FileFigures {
  std::string name;
  Compression compression = Compression::kNone;
  std::string format;
  std::uint64_t lines = 0, records = 0, headless = 0, timed = 0, bytes = 0;
  std::vector<std::uint32_t> shapes;  // of each line, where assignments are asked for
  std::string trouble;                // why it could not be read to its end
};

std::string shown(std::string_view text) {
  return text::shorten(text::mask(text::to_utf8(text)), kLongestShown);
}

class Command {
 public:
  Command(sdk::Run& run, CommandWords words) : run_(run), words_(std::move(words)) {}

  Result<sdk::Outcome> execute() {
    for (const std::string& file : words_.files) {
      if (run_.cancelled()) return sdk::Outcome::cancelled();
      auto figures = read(file);
      if (!figures) return std::move(figures.error());
      files_.push_back(std::move(*figures));
    }
    Result<void> printed;
    if (words_.what == CommandWords::What::kDetect) {
      printed = print_detected();
    } else {
      grouped_ = patterns_.grouped();
      printed = words_.form == CommandWords::Form::kJson          ? print_json()
                : words_.form == CommandWords::Form::kAssignments ? print_assignments()
                                                                  : print_text();
    }
    if (!printed) return std::move(printed.error());
    if (auto flushed = flush(); !flushed) return std::move(flushed.error());
    for (const FileFigures& file : files_) {
      if (!file.trouble.empty()) return sdk::Outcome::permanent(file.name + ": " + file.trouble, "unreadable");
    }
    return sdk::Outcome::ok();
  }

 private:
  Result<int> open(const std::string& file) const {
    if (file == "-") return ::dup(STDIN_FILENO);
    auto directory = command_directory(run_);
    if (!directory) return std::move(directory.error());
    const std::string path = file[0] == '/' ? file : *directory + "/" + file;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return Error::from_errno(errno, text::show_path(file));
    return descriptor;
  }

  Result<FileFigures> read(const std::string& file) {
    FileFigures figures;
    figures.name = text::show_path(file);
    auto descriptor = open(file);
    if (!descriptor) return Error(ErrorKind::kInvalid, descriptor.error().message());
    auto opened = open_source(*descriptor);
    if (!opened) {
      figures.trouble = opened.error().message();
      return figures;
    }
    figures.compression = opened->compression;
    auto whole = read_records(*opened->source, figures);
    if (!whole) figures.trouble = whole.error().message();
    return figures;
  }

  Result<void> read_records(Source& source, FileFigures& figures) {
    Records records(source, 0, std::nullopt);
    const bool assign = words_.form == CommandWords::Form::kAssignments;
    const bool count = words_.what == CommandWords::What::kPatterns;
    const auto number = static_cast<std::uint32_t>(files_.size());
    Record record;
    std::uint32_t shape = 0;
    bool untold = false;  // the record did not say how grave it is
    for (;;) {
      auto more = records.next(record);
      if (!more) return std::move(more.error());
      if (!*more) break;
      ++figures.lines;
      figures.bytes += record.line.size;
      if (figures.lines % 65536 == 0) {
        run_.progress(figures.lines, 0, figures.name);
        if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
      }
      if (!record.continues) {
        ++figures.records;
        figures.headless += record.parts.head ? 0 : 1;
        figures.timed += record.parts.timed ? 1 : 0;
        if (count) {
          shape = patterns_.add(record.parts.message, record.severity(), record.parts.component,
                                {number, record.number, record.line.offset});
          untold = record.severity() == Severity::kUnknown;
        }
      } else if (count) {
        patterns_.add_line(shape);
      }
      if (record.crash && untold) {
        patterns_.tell_severity(shape, Severity::kError);
        untold = false;
      }
      if (assign) figures.shapes.push_back(shape);
    }
    if (figures.lines > 0) figures.format = records.format().describe();
    return {};
  }

  Result<void> put(std::string_view text) {
    out_ += text;
    return out_.size() < kPrintAt ? Result<void>() : flush();
  }
  Result<void> flush() {
    if (out_.empty()) return {};
    auto printed = run_.print(out_);
    out_.clear();
    return printed;
  }

  Result<void> print_detected() {
    json::Writer writer;
    writer.begin_array();
    for (const FileFigures& file : files_) {
      if (words_.form != CommandWords::Form::kJson) {
        std::string line = file.name + ": " +
                           (!file.trouble.empty() ? file.trouble
                            : file.format.empty() ? "empty"
                                                  : file.format);
        if (file.compression != Compression::kNone) line += ", " + std::string(name_of(file.compression));
        line += ", " + std::to_string(file.lines) + " lines, " + std::to_string(file.records) + " records\n";
        if (auto done = put(line); !done) return done;
        continue;
      }
      put_file(writer, file);
    }
    writer.end_array();
    return words_.form == CommandWords::Form::kJson ? put(writer.take() + "\n") : Result<void>();
  }

  static void put_file(json::Writer& writer, const FileFigures& file) {
    writer.begin_object().field("file", file.name).field("format", file.format);
    writer.field("compression", name_of(file.compression)).field("lines", file.lines).field("records", file.records);
    writer.field("timed", file.timed).field("without_head", file.headless).field("bytes", file.bytes);
    if (!file.trouble.empty()) writer.field("trouble", file.trouble);
    writer.end_object();
  }

  Result<void> print_json() {
    json::Writer writer;
    writer.begin_object().key("files").begin_array();
    for (const FileFigures& file : files_) put_file(writer, file);
    writer.end_array().key("patterns").begin_array();
    for (const Pattern& pattern : grouped_.patterns) {
      writer.begin_object().field("id", pattern_id(pattern.text)).field("count", pattern.tally.count);
      writer.field("lines", pattern.tally.lines)
          .field("template", shown(pattern.text))
          .key("severities")
          .begin_object();
      for (std::size_t i = 0; i < pattern.tally.severities.size(); ++i) {
        if (pattern.tally.severities[i] > 0)
          writer.field(name_of(static_cast<Severity>(i)), pattern.tally.severities[i]);
      }
      writer.end_object()
          .field("component", shown(pattern.tally.component))
          .field("sample", shown(pattern.tally.sample));
      writer.key("first").begin_object().field("file", files_[pattern.tally.first.file].name);
      writer.field("line", pattern.tally.first.line)
          .field("offset", pattern.tally.first.offset)
          .end_object()
          .end_object();
    }
    writer.end_array().end_object();
    return put(writer.take() + "\n");
  }

  Result<void> print_assignments() {
    std::vector<std::string> tails;  // of each pattern, made once
    for (const Pattern& pattern : grouped_.patterns) {
      json::Writer writer;
      writer.begin_object()
          .field("group", pattern_id(pattern.text))
          .field("template", shown(pattern.text))
          .end_object();
      tails.push_back(writer.take().substr(1));
    }
    for (const FileFigures& file : files_) {
      json::Writer name;
      name.value(file.name);
      const std::string head = files_.size() > 1 ? "{\"file\":" + name.take() + ",\"line\":" : "{\"line\":";
      for (std::size_t i = 0; i < file.shapes.size(); ++i) {
        const std::string line = head + std::to_string(i + 1) + "," + tails[grouped_.pattern[file.shapes[i]]] + "\n";
        if (auto done = put(line); !done) return done;
      }
    }
    return {};
  }

  Result<void> print_text() {
    std::uint64_t lines = 0, records = 0;
    for (const FileFigures& file : files_) {
      lines += file.lines;
      records += file.records;
    }
    std::string head = std::to_string(lines) + " lines, " + std::to_string(records) + " records, " +
                       std::to_string(grouped_.patterns.size()) + " patterns\n";
    if (auto done = put(head); !done) return done;
    std::size_t left = words_.top == 0 ? grouped_.patterns.size() : words_.top;
    for (const Pattern& pattern : grouped_.patterns) {
      if (left-- == 0) break;
      char count[32];
      std::snprintf(count, sizeof count, "%9llu", static_cast<unsigned long long>(pattern.tally.count));
      std::string severity(pattern.severity() == Severity::kUnknown ? "-" : name_of(pattern.severity()));
      severity.resize(9, ' ');
      const std::string line =
          std::string(count) + "  " + severity + " " + text::escape_terminal(shown(pattern.text)) + "\n";
      if (auto done = put(line); !done) return done;
    }
    return {};
  }

  sdk::Run& run_;
  CommandWords words_;
  std::vector<FileFigures> files_;
  Patterns patterns_;
  Patterns::Grouped grouped_;
  std::string out_;
};

}  // namespace

Result<sdk::Outcome> run_logs_command(sdk::Run& run, const json::Value& arguments) {
  auto words = read_command_words(arguments);
  if (!words && words.error().kind() == ErrorKind::kUsage) return sdk::Outcome::usage(words.error().message());
  if (!words) return std::move(words.error());
  return Command(run, std::move(*words)).execute();
}

}  // namespace daydream::logs
