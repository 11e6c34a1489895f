// The model of a run (host/report/model.hpp says its shape) as the Markdown that people read.
#pragma once

#include <string>

#include "daydream/kit/json.hpp"

namespace daydream::daily_report {

struct MarkdownOptions {
  std::size_t items = 10;  // named under each line
};

// Never fails: what is absent from the model is absent from the page. Everything in it is escaped and
// masked; the same model gives the same bytes.
std::string to_markdown(const json::Value& model, const MarkdownOptions& options);

}  // namespace daydream::daily_report
