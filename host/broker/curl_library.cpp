#include "broker/curl_library.hpp"

#include <dlfcn.h>
#include <locale.h>

#include <string>

namespace daydream::broker {
namespace {

class Loader {
 public:
  explicit Loader(void* library) : library_(library) {}
  template <class Function>
  void load(Function*& into, const char* name) {
    into = reinterpret_cast<Function*>(::dlsym(library_, name));
    if (into == nullptr && missing_.empty()) missing_ = name;
  }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  void* library_;
  std::string missing_;
};

Result<const Curl*> open_library() {
  void* const library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return Error(ErrorKind::kUnsupported, std::string("libcurl cannot be opened: ") + (why == nullptr ? "" : why));
  }
  static Curl curl;
  Loader loader(library);
  loader.load(curl.global_init, "curl_global_init");
  loader.load(curl.easy_init, "curl_easy_init");
  loader.load(curl.easy_cleanup, "curl_easy_cleanup");
  loader.load(curl.easy_reset, "curl_easy_reset");
  loader.load(curl.easy_strerror, "curl_easy_strerror");
  loader.load(curl.easy_setopt, "curl_easy_setopt");
  loader.load(curl.easy_getinfo, "curl_easy_getinfo");
  loader.load(curl.multi_init, "curl_multi_init");
  loader.load(curl.multi_cleanup, "curl_multi_cleanup");
  loader.load(curl.multi_setopt, "curl_multi_setopt");
  loader.load(curl.multi_add_handle, "curl_multi_add_handle");
  loader.load(curl.multi_remove_handle, "curl_multi_remove_handle");
  loader.load(curl.multi_perform, "curl_multi_perform");
  loader.load(curl.multi_poll, "curl_multi_poll");
  loader.load(curl.multi_info_read, "curl_multi_info_read");
  loader.load(curl.slist_append, "curl_slist_append");
  loader.load(curl.slist_free_all, "curl_slist_free_all");
  loader.load(curl.url, "curl_url");
  loader.load(curl.url_cleanup, "curl_url_cleanup");
  loader.load(curl.url_set, "curl_url_set");
  loader.load(curl.url_get, "curl_url_get");
  loader.load(curl.free, "curl_free");
  if (!loader.missing().empty())
    return Error(ErrorKind::kUnsupported, "libcurl is too old: it has no " + loader.missing());
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return Error(ErrorKind::kUnsupported, "libcurl cannot be initialised");
  return &curl;
}

}  // namespace

Result<const Curl*> curl_library() {
  static const Result<const Curl*> opened = open_library();
  return opened;
}

std::string ascii_host(const Curl& curl, const std::string& host) {
  CURLU* const handle = curl.url();
  std::string ascii;
  const std::string text = "http://" + host + "/";
  char* found = nullptr;
  // libcurl takes names to be in the locale's encoding.
  const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", static_cast<locale_t>(nullptr));
  const locale_t before = utf8 == nullptr ? nullptr : ::uselocale(utf8);
  if (handle != nullptr && curl.url_set(handle, CURLUPART_URL, text.c_str(), 0) == CURLUE_OK &&
      curl.url_get(handle, CURLUPART_HOST, &found, CURLU_PUNYCODE) == CURLUE_OK)
    ascii = found;
  if (utf8 != nullptr) {
    ::uselocale(before);
    ::freelocale(utf8);
  }
  if (found != nullptr) curl.free(found);
  curl.url_cleanup(handle);
  return ascii;
}

}  // namespace daydream::broker
