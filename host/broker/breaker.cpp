#include "broker/breaker.hpp"

namespace daydream::broker {

bool Breaker::failed(const std::string& host, const std::string& why) {
  Trouble& trouble = hosts_[host];
  if (!trouble.words.empty() || ++trouble.in_row < kMostInRow) return false;
  trouble.words = host + " is left alone for the rest of this run: " + std::to_string(kMostInRow) +
                  " requests in a row failed, the last with " + why;
  return true;
}

void Breaker::worked(const std::string& host) {
  const auto found = hosts_.find(host);
  if (found != hosts_.end() && found->second.words.empty()) hosts_.erase(found);
}

const std::string* Breaker::left_alone(const std::string& host) const {
  const auto found = hosts_.find(host);
  return found == hosts_.end() || found->second.words.empty() ? nullptr : &found->second.words;
}

}  // namespace daydream::broker
