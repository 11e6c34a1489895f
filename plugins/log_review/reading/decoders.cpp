#include "plugins/log_review/reading/decoders.hpp"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <vector>

namespace daydream::logs {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;

// What the decoders share: a block of compressed bytes, refilled.
class Decoder : public Source {
 public:
  explicit Decoder(std::unique_ptr<Source> inner) : inner_(std::move(inner)), block_(kBlock) {}

 protected:
  // False at the end of the compressed bytes.
  Result<bool> refill() {
    auto got = inner_->read(block_.data(), block_.size());
    if (!got) return std::move(got.error());
    have_ = *got;
    return have_ > 0;
  }
  static Error damaged(const char* format) {
    return Error(ErrorKind::kInvalid, std::string("damaged ") + format + " data");
  }
  static Error cut(const char* format) {
    return Error(ErrorKind::kInvalid, std::string(format) + " data ends in the middle");
  }
  unsigned char* block() { return reinterpret_cast<unsigned char*>(block_.data()); }

  std::unique_ptr<Source> inner_;
  std::vector<char> block_;
  std::size_t have_ = 0;
};

class Gzip final : public Decoder {
 public:
  explicit Gzip(std::unique_ptr<Source> inner) : Decoder(std::move(inner)) {
    good_ = ::inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip() override { (void)::inflateEnd(&stream_); }

  Result<std::size_t> read(char* out, std::size_t size) override {
    if (!good_) return damaged("gzip");
    stream_.next_out = reinterpret_cast<unsigned char*>(out);
    stream_.avail_out = static_cast<unsigned>(size);
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0) {
        auto more = refill();
        if (!more) return std::move(more.error());
        if (!*more) return between_ ? Result<std::size_t>(std::size_t{0}) : Result<std::size_t>(cut("gzip"));
        stream_.next_in = block();
        stream_.avail_in = static_cast<unsigned>(have_);
      }
      if (between_) {  // another member, or padding behind the last
        if (*stream_.next_in == 0) {
          --stream_.avail_in;
          ++stream_.next_in;
          continue;
        }
        (void)::inflateReset(&stream_);
        between_ = false;
      }
      const int status = ::inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) between_ = true;
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return damaged("gzip");
    }
    return size - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool good_ = false, between_ = false;
};

class Zstd final : public Decoder {
 public:
  explicit Zstd(std::unique_ptr<Source> inner) : Decoder(std::move(inner)), stream_(::ZSTD_createDStream()) {
    (void)::ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, 26);
  }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;
  ~Zstd() override { (void)::ZSTD_freeDStream(stream_); }

  Result<std::size_t> read(char* out, std::size_t size) override {
    ZSTD_outBuffer to{out, size, 0};
    while (to.pos == 0) {
      if (from_.pos == from_.size) {
        auto more = refill();
        if (!more) return std::move(more.error());
        if (!*more) return whole_ ? Result<std::size_t>(std::size_t{0}) : Result<std::size_t>(cut("zstd"));
        from_ = {block_.data(), have_, 0};
      }
      const std::size_t left = ::ZSTD_decompressStream(stream_, &to, &from_);
      if (::ZSTD_isError(left) != 0) {
        if (::ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge)
          return Error(ErrorKind::kUnsupported, "zstd data with a window over 64 MiB");
        return damaged("zstd");
      }
      whole_ = left == 0;
    }
    return to.pos;
  }

 private:
  ZSTD_DStream* stream_;
  ZSTD_inBuffer from_{nullptr, 0, 0};
  bool whole_ = true;
};

class Xz final : public Decoder {
 public:
  explicit Xz(std::unique_ptr<Source> inner) : Decoder(std::move(inner)) {
    good_ = ::lzma_stream_decoder(&stream_, kLargestWindow + (std::uint64_t{2} << 20), LZMA_CONCATENATED) == LZMA_OK;
  }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;
  ~Xz() override { ::lzma_end(&stream_); }

  Result<std::size_t> read(char* out, std::size_t size) override {
    if (!good_) return damaged("xz");
    stream_.next_out = reinterpret_cast<unsigned char*>(out);
    stream_.avail_out = size;
    while (stream_.avail_out == size && !ended_) {
      lzma_action action = LZMA_RUN;
      if (stream_.avail_in == 0) {
        auto more = refill();
        if (!more) return std::move(more.error());
        stream_.next_in = block();
        stream_.avail_in = have_;
        if (!*more) action = LZMA_FINISH;
      }
      const lzma_ret status = ::lzma_code(&stream_, action);
      if (status == LZMA_STREAM_END) ended_ = true;
      if (status == LZMA_MEMLIMIT_ERROR) return Error(ErrorKind::kUnsupported, "xz data with a window over 64 MiB");
      if (status == LZMA_BUF_ERROR) return cut("xz");
      if (status != LZMA_OK && status != LZMA_STREAM_END) return damaged("xz");
    }
    return size - stream_.avail_out;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool good_ = false, ended_ = false;
};

class Bzip2 final : public Decoder {
 public:
  explicit Bzip2(std::unique_ptr<Source> inner) : Decoder(std::move(inner)) { start(); }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;
  ~Bzip2() override { (void)::BZ2_bzDecompressEnd(&stream_); }

  Result<std::size_t> read(char* out, std::size_t size) override {
    if (!good_) return damaged("bzip2");
    stream_.next_out = out;
    stream_.avail_out = static_cast<unsigned>(size);
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0) {
        auto more = refill();
        if (!more) return std::move(more.error());
        if (!*more) return between_ ? Result<std::size_t>(std::size_t{0}) : Result<std::size_t>(cut("bzip2"));
        stream_.next_in = block_.data();
        stream_.avail_in = static_cast<unsigned>(have_);
      }
      if (between_) restart();
      const int status = ::BZ2_bzDecompress(&stream_);
      if (status == BZ_STREAM_END) between_ = true;
      if (status != BZ_OK && status != BZ_STREAM_END) return damaged("bzip2");
    }
    return size - stream_.avail_out;
  }

 private:
  void start() {
    stream_ = bz_stream{};
    good_ = ::BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  }
  // The next of several streams in one file.
  void restart() {
    const bz_stream before = stream_;
    (void)::BZ2_bzDecompressEnd(&stream_);
    start();
    stream_.next_in = before.next_in;
    stream_.avail_in = before.avail_in;
    stream_.next_out = before.next_out;
    stream_.avail_out = before.avail_out;
    between_ = false;
  }
  bz_stream stream_{};
  bool good_ = false, between_ = false;
};

}  // namespace

Result<std::unique_ptr<Source>> gzip_source(std::unique_ptr<Source> inner) {
  return std::unique_ptr<Source>(std::make_unique<Gzip>(std::move(inner)));
}
Result<std::unique_ptr<Source>> zstd_source(std::unique_ptr<Source> inner) {
  return std::unique_ptr<Source>(std::make_unique<Zstd>(std::move(inner)));
}
Result<std::unique_ptr<Source>> xz_source(std::unique_ptr<Source> inner) {
  return std::unique_ptr<Source>(std::make_unique<Xz>(std::move(inner)));
}
Result<std::unique_ptr<Source>> bzip2_source(std::unique_ptr<Source> inner) {
  return std::unique_ptr<Source>(std::make_unique<Bzip2>(std::move(inner)));
}

}  // namespace daydream::logs
