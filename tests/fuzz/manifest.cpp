// What comes from other people's hands before a step runs: a manifest, and the descriptor that a plugin carries.
#include <string>

#include "daydream/kit/text.hpp"
#include "loader/descriptor.hpp"
#include "manifest/load.hpp"
#include "targets.hpp"

namespace daydream::fuzz {

namespace {

void check_words(const Error& error) {
  promise(error.kind() == ErrorKind::kInvalid, "what is wrong with a text is that it is invalid");
  promise(!error.message().empty() && text::valid_utf8(error.message()), "a refusal has words");
  for (const char c : error.message()) {
    const auto byte = static_cast<unsigned char>(c);
    promise((byte >= 0x20 && byte != 0x7f) || c == '\n', "a refusal disturbs no terminal");
  }
}

}  // namespace

void manifest(std::string_view bytes) {
  const auto loaded = daydream::manifest::load_text(bytes, "pipeline.json", "/repository");
  if (!loaded) return check_words(loaded.error());
  for (const auto& origin : loaded->origins) promise(!origin.pointer.empty(), "a value has a place");
  for (std::size_t i = 0; i < loaded->pipeline.steps.size(); ++i)
    promise(!loaded->where("/steps/" + std::to_string(i) + "/id").empty(), "a step has a place");
  // What is shown as the manifest in force is one, and says the same.
  const std::string whole = daydream::manifest::effective_json(*loaded);
  const auto again = daydream::manifest::load_text(whole, "pipeline.json", "/repository");
  if (!again) std::fprintf(stderr, "%s\n%s\n", whole.c_str(), again.error().message().c_str());
  promise(again.ok(), "the manifest in force is a manifest");
  promise(daydream::manifest::effective_json(*again) == whole, "the manifest in force is its own");
}

void descriptor(std::string_view bytes) {
  const auto parsed = loader::parse_descriptor(bytes, "plugin.so");
  if (!parsed) return check_words(parsed.error());
  promise(!parsed->id.empty() && parsed->id.size() < 100, "a plugin has a name");
  const auto schema = json::Schema::compile(parsed->config_schema, "config_schema");
  promise(schema.ok(), "the schema of a plugin that is taken is one");
}

}  // namespace daydream::fuzz
