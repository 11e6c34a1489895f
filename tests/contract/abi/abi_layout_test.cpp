// The layout of the ABI as a golden file: sizes, offsets and values never change within a major, they only
// grow at the end. A change here is a change of the ABI: say so in the header and in CHANGELOG.md.
#include <catch2/catch.hpp>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/run.h"
#include "daydream/state.h"

namespace {

template <class Function>
struct IsPromise : std::false_type {};
template <class Return, class... Parameters>
struct IsPromise<Return (*)(Parameters...) noexcept> : std::true_type {};

class Table {
 public:
  template <class Struct>
  void begin(const char* name) {
    out_ << "\n" << name << " size " << sizeof(Struct) << " align " << alignof(Struct) << "\n";
    expected_ = 0;
  }
  // Fields lie one behind the other: no hidden padding, and none forgotten in this list.
  void field(const char* name, std::size_t offset, std::size_t size) {
    CHECK(offset == expected_);
    expected_ = offset + size;
    out_ << "  " << offset << " " << name << " " << size << "\n";
  }
  template <class Struct>
  void end() {
    CHECK(sizeof(Struct) == expected_);
  }
  template <class Value>
  void value(const char* name, const Value& value) {
    out_ << name << " " << value << "\n";
  }
  [[nodiscard]] std::string text() const { return out_.str(); }

 private:
  std::ostringstream out_;
  std::size_t expected_ = 0;
};

#define FIELD(type, name) table.field(#name, offsetof(type, name), sizeof(type::name))
#define FUNCTION(type, name)                                                                  \
  static_assert(IsPromise<decltype(type::name)>::value, #type "." #name " must be noexcept"); \
  FIELD(type, name)
#define VALUE(name) table.value(#name, name)

void add_dd_text(Table& table) {
  table.begin<dd_text>("dd_text");
  FIELD(dd_text, data);
  FIELD(dd_text, size);
  table.end<dd_text>();
}

void add_dd_bytes(Table& table) {
  table.begin<dd_bytes>("dd_bytes");
  FIELD(dd_bytes, data);
  FIELD(dd_bytes, size);
  table.end<dd_bytes>();
}

void add_dd_host(Table& table) {
  table.begin<dd_host>("dd_host");
  FIELD(dd_host, struct_size);
  FIELD(dd_host, abi_major);
  FIELD(dd_host, abi_minor);
  FUNCTION(dd_host, log);
  FUNCTION(dd_host, progress);
  FUNCTION(dd_host, cancelled);
  FUNCTION(dd_host, explain);
  FUNCTION(dd_host, service);
  table.end<dd_host>();
}

void add_dd_plugin(Table& table) {
  table.begin<dd_plugin>("dd_plugin");
  FIELD(dd_plugin, struct_size);
  FIELD(dd_plugin, abi_major);
  FIELD(dd_plugin, abi_minor);
  FIELD(dd_plugin, descriptor);
  FUNCTION(dd_plugin, open);
  FUNCTION(dd_plugin, run);
  FUNCTION(dd_plugin, command);
  FUNCTION(dd_plugin, migrate);
  FUNCTION(dd_plugin, reconcile);
  FUNCTION(dd_plugin, close);
  table.end<dd_plugin>();
}

void add_dd_run_service(Table& table) {
  table.begin<dd_run_service>("dd_run_service");
  FIELD(dd_run_service, struct_size);
  FUNCTION(dd_run_service, facts);
  FUNCTION(dd_run_service, root);
  FUNCTION(dd_run_service, print);
  table.end<dd_run_service>();
}

void add_dd_state_service(Table& table) {
  table.begin<dd_state_service>("dd_state_service");
  FIELD(dd_state_service, struct_size);
  FUNCTION(dd_state_service, begin);
  FUNCTION(dd_state_service, commit);
  FUNCTION(dd_state_service, rollback);
  FUNCTION(dd_state_service, checkpoint);
  FUNCTION(dd_state_service, put_checkpoint);
  FUNCTION(dd_state_service, memory);
  FUNCTION(dd_state_service, scan_memory);
  FUNCTION(dd_state_service, put_memory);
  FUNCTION(dd_state_service, drop_memory);
  FUNCTION(dd_state_service, output);
  FUNCTION(dd_state_service, put_output);
  FUNCTION(dd_state_service, put_metric);
  FUNCTION(dd_state_service, put_finding);
  FUNCTION(dd_state_service, findings);
  FUNCTION(dd_state_service, put_file);
  table.end<dd_state_service>();
}

void add_dd_entry(Table& table) {
  table.begin<dd_entry>("dd_entry");
  FIELD(dd_entry, path);
  FIELD(dd_entry, size);
  FIELD(dd_entry, token);
  table.end<dd_entry>();
}

void add_dd_span(Table& table) {
  table.begin<dd_span>("dd_span");
  FIELD(dd_span, offset);
  FIELD(dd_span, size);
  FIELD(dd_span, replacement);
  table.end<dd_span>();
}

void add_dd_changes_service(Table& table) {
  table.begin<dd_changes_service>("dd_changes_service");
  FIELD(dd_changes_service, struct_size);
  FUNCTION(dd_changes_service, list);
  FUNCTION(dd_changes_service, read);
  FUNCTION(dd_changes_service, edit);
  FUNCTION(dd_changes_service, create);
  FUNCTION(dd_changes_service, remove);
  FUNCTION(dd_changes_service, discard);
  FUNCTION(dd_changes_service, archive);
  table.end<dd_changes_service>();
}

void add_dd_http_service(Table& table) {
  table.begin<dd_http_service>("dd_http_service");
  FIELD(dd_http_service, struct_size);
  FUNCTION(dd_http_service, submit);
  FUNCTION(dd_http_service, poll);
  FUNCTION(dd_http_service, effect);
  FUNCTION(dd_http_service, settled);
  table.end<dd_http_service>();
}

void add_values(Table& table) {
  VALUE(DD_ABI_MAJOR);
  VALUE(DD_ABI_MINOR);
  VALUE(DD_ABI_DRAFT);
  VALUE(DD_OK);
  VALUE(DD_RETRY);
  VALUE(DD_PERMANENT);
  VALUE(DD_CANCELLED);
  VALUE(DD_CONFLICT);
  VALUE(DD_UNSUPPORTED);
  VALUE(DD_BAD_ARGUMENT);
  VALUE(DD_NOT_FOUND);
  VALUE(DD_SKIPPED);
  VALUE(DD_LOG_DEBUG);
  VALUE(DD_LOG_INFO);
  VALUE(DD_LOG_WARNING);
  VALUE(DD_LOG_ERROR);
  VALUE(DD_RUN_SERVICE);
  VALUE(DD_STATE_SERVICE);
  VALUE(DD_CHANGES_SERVICE);
  VALUE(DD_HTTP_WAITING);
  VALUE(DD_HTTP_DONE);
  VALUE(DD_HTTP_REFUSED);
  VALUE(DD_HTTP_IN_DOUBT);
  VALUE(DD_HTTP_SERVICE);
}

std::string layout() {
  Table table;
  add_values(table);
  add_dd_text(table);
  add_dd_bytes(table);
  add_dd_host(table);
  add_dd_plugin(table);
  add_dd_run_service(table);
  add_dd_state_service(table);
  add_dd_entry(table);
  add_dd_span(table);
  add_dd_changes_service(table);
  add_dd_http_service(table);
  return table.text();
}

}  // namespace

TEST_CASE("sizes, offsets and values of the ABI are those of abi_layout.txt") {
  std::ifstream in(ABI_LAYOUT_FILE, std::ios::binary);
  REQUIRE(in);
  const std::string golden((std::istreambuf_iterator<char>(in)), {});
  CHECK(layout() == golden);
}
