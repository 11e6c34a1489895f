#include "number.hpp"

#include <algorithm>
#include <charconv>

namespace daydream::json {

namespace {

// Whether the number, known to be out of a double's range, is too small rather than too big: the place of
// its first digit other than 0, moved by its exponent, lies behind the point.
bool is_tiny(std::string_view text) {
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  const std::string_view digits = text.substr(0, mark);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto before_point = static_cast<long long>(point) - static_cast<long long>(first);
  std::string_view written = text.substr(std::min(mark + 1, text.size()));
  const bool negative = written.starts_with('-');
  if (negative || written.starts_with('+')) written.remove_prefix(1);
  long long exponent = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), exponent);
  if (error == std::errc::result_out_of_range) return negative;
  return before_point + (negative ? -exponent : exponent) <= 0;
}

}  // namespace

std::optional<double> parse_double(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc()) return number;
  if (error == std::errc::result_out_of_range && is_tiny(text)) return text.starts_with('-') ? -0.0 : 0.0;
  return std::nullopt;
}

}  // namespace daydream::json
