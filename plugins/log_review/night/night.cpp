#include "plugins/log_review/night/night.hpp"

#include "plugins/log_review/grouping/packing.hpp"

namespace daydream::logs {
namespace {

std::vector<std::uint64_t*> all_of(Figures& figures) {
  return {&figures.entries,   &figures.outside,       &figures.continuation, &figures.headless,
          &figures.nul_bytes, &figures.waiting_bytes, &figures.bytes,        &figures.files};
}

void put_texts(Packer& out, const std::vector<std::string>& texts) {
  out.number(texts.size());
  for (const std::string& text : texts) out.text(text);
}
void get_texts(Unpacker& in, std::vector<std::string>& texts) {
  for (std::uint64_t left = in.number(); left > 0 && in.good(); --left) texts.push_back(in.text());
}

}  // namespace

std::string Night::to_bytes() const {
  Packer out;
  out.number(done ? 1 : 0);
  if (done) return out.take();
  Figures copy = figures;
  for (const std::uint64_t* figure : all_of(copy)) out.number(*figure);
  out.number(generations.size());
  for (const Generation& generation : generations) out.text(to_json(generation));
  put_texts(out, files);
  out.number(sources.size());
  for (const SourceFigures& source : sources) {
    out.text(source.name);
    out.number(source.records);
  }
  put_texts(out, notes);
  out.text(patterns.to_bytes());
  return out.take();
}

Result<Night> Night::from_bytes(std::string_view bytes) {
  Unpacker in(bytes);
  Night night;
  night.done = in.number() == 1;
  if (night.done) return night;
  for (std::uint64_t* figure : all_of(night.figures)) *figure = in.number();
  for (std::uint64_t left = in.number(); left > 0 && in.good(); --left) {
    auto generation = generation_from_json(in.text());
    if (!generation) return std::move(generation.error());
    night.generations.push_back(std::move(*generation));
  }
  get_texts(in, night.files);
  for (std::uint64_t left = in.number(); left > 0 && in.good(); --left) {
    SourceFigures source;
    source.name = in.text();
    source.records = in.number();
    night.sources.push_back(std::move(source));
  }
  get_texts(in, night.notes);
  auto patterns = Patterns::from_bytes(in.text());
  if (!in.good()) return Error(ErrorKind::kInvalid, "the checkpoint is damaged");
  if (!patterns) return std::move(patterns.error());
  night.patterns = std::move(*patterns);
  return night;
}

}  // namespace daydream::logs
