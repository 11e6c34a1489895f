#include "changes/compress.hpp"

#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <memory>
#include <vector>

namespace daydream::changes::compress {

namespace {

constexpr int kLevel = 9;

Result<std::size_t> read_some(int fd, std::vector<char>& buffer) {
  for (;;) {
    ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return Error::from_errno(errno, "reading");
  }
}

Result<void> write_all(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    ssize_t count = ::write(fd, data, size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error::from_errno(errno, "writing");
    data += count;
    size -= static_cast<std::size_t>(count);
  }
  return {};
}

Result<void> compress_part(ZSTD_CCtx* context, ZSTD_inBuffer input, ZSTD_EndDirective end, std::vector<char>& out,
                           int to) {
  for (;;) {
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    std::size_t rest = ZSTD_compressStream2(context, &output, &input, end);
    if (ZSTD_isError(rest) != 0) return Error(ErrorKind::kInternal, ZSTD_getErrorName(rest));
    if (auto written = write_all(to, out.data(), output.pos); !written) return written;
    if (end == ZSTD_e_end ? rest == 0 : input.pos == input.size) return {};
  }
}

}  // namespace

Result<std::uint64_t> stream(int from, int to) {
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  contract(context != nullptr, "zstd context");
  (void)ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  (void)ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::vector<char> in(ZSTD_CStreamInSize());
  std::vector<char> out(ZSTD_CStreamOutSize());
  std::uint64_t total = 0;
  for (;;) {
    auto count = read_some(from, in);
    if (!count) return std::move(count.error());
    total += *count;
    auto end = *count == 0 ? ZSTD_e_end : ZSTD_e_continue;
    if (auto done = compress_part(context.get(), {in.data(), *count, 0}, end, out, to); !done)
      return std::move(done.error());
    if (*count == 0) return total;
  }
}

Result<void> expand(int from, const std::function<Result<void>(std::string_view)>& part) {
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  contract(context != nullptr, "zstd context");
  std::vector<char> in(ZSTD_DStreamInSize());
  std::vector<char> out(ZSTD_DStreamOutSize());
  std::size_t open = 1;  // 0: a frame has just ended
  for (;;) {
    auto count = read_some(from, in);
    if (!count) return std::move(count.error());
    if (*count == 0) break;
    ZSTD_inBuffer input{in.data(), *count, 0};
    ZSTD_outBuffer output{out.data(), out.size(), out.size()};
    while (input.pos < input.size || output.pos == output.size) {
      output.pos = 0;
      open = ZSTD_decompressStream(context.get(), &output, &input);
      if (ZSTD_isError(open) != 0) return Error(ErrorKind::kDamaged, ZSTD_getErrorName(open));
      if (auto taken = part({out.data(), output.pos}); !taken) return taken;
      if (input.pos == input.size && output.pos < output.size) break;
    }
  }
  if (open != 0) return Error(ErrorKind::kDamaged, "cut short");
  return {};
}

Result<std::string> whole(std::string_view plain) {
  std::string result(ZSTD_compressBound(plain.size()), '\0');
  std::size_t size = ZSTD_compress(result.data(), result.size(), plain.data(), plain.size(), kLevel);
  if (ZSTD_isError(size) != 0) return Error(ErrorKind::kInternal, ZSTD_getErrorName(size));
  result.resize(size);
  return result;
}

}  // namespace daydream::changes::compress
