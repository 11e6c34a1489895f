// A manifest file and all it extends, each checked by the schema, merged into one tree.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "manifest/problems.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

using Reader = std::function<Result<std::string>(const Path&)>;
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

// nullptr when a file could not be read, parsed or merged; why is in `problems`. `main` is absolute.
std::shared_ptr<Tree> read_tree(const Path& main, const Reader& reader, Problems& problems);

}  // namespace daydream::manifest
