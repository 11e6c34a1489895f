#include "symbols.hpp"

#include <elf.h>

#include <cstring>
#include <optional>
#include <type_traits>

namespace daydream::conformance {
namespace {

#if __SIZEOF_POINTER__ == 8
using Header = Elf64_Ehdr;
using Section = Elf64_Shdr;
using Symbol = Elf64_Sym;
constexpr unsigned char kOurClass = ELFCLASS64;
#else
using Header = Elf32_Ehdr;
using Section = Elf32_Shdr;
using Symbol = Elf32_Sym;
constexpr unsigned char kOurClass = ELFCLASS32;
#endif
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
constexpr unsigned char kOurOrder = ELFDATA2LSB;
#else
constexpr unsigned char kOurOrder = ELFDATA2MSB;
#endif

Error bad(const std::string& what) {
  return {ErrorKind::kInvalid, what};
}

// A copy, because the file aligns nothing.
template <class Part>
std::optional<Part> part_at(std::string_view bytes, std::uint64_t offset) {
  static_assert(std::is_trivially_copyable_v<Part>);
  Part part;
  if (offset > bytes.size() || bytes.size() - offset < sizeof part) return std::nullopt;
  std::memcpy(&part, bytes.data() + offset, sizeof part);
  return part;
}

std::optional<std::string_view> content_of(std::string_view bytes, const Section& section) {
  if (section.sh_offset > bytes.size() || section.sh_size > bytes.size() - section.sh_offset) return std::nullopt;
  return bytes.substr(section.sh_offset, section.sh_size);
}

Result<Header> header_of(std::string_view bytes) {
  const auto header = part_at<Header>(bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return bad("not a shared library (ELF)");
  if (header->e_ident[EI_CLASS] != kOurClass || header->e_ident[EI_DATA] != kOurOrder) {
    return bad("built for another kind of machine");
  }
  if (header->e_type != ET_DYN) return bad("not a shared library: link it with -shared");
  if (header->e_shoff == 0 || header->e_shnum == 0 || header->e_shentsize != sizeof(Section)) {
    return bad("it has no section headers: do not remove them, `strip` alone is fine");
  }
  return *header;
}

std::optional<Section> section_at(std::string_view bytes, const Header& header, std::uint64_t index) {
  if (index >= header.e_shnum) return std::nullopt;
  return part_at<Section>(bytes, header.e_shoff + index * sizeof(Section));
}

bool exported(const Symbol& symbol) {
  const auto bind = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && (bind == STB_GLOBAL || bind == STB_WEAK || bind == STB_GNU_UNIQUE) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace

Result<std::vector<std::string>> exported_symbols(std::string_view bytes) {
  const auto header = header_of(bytes);
  if (!header) return header.error();
  for (std::uint64_t index = 0; index < header->e_shnum; ++index) {
    const auto table = section_at(bytes, *header, index);
    if (!table) return bad("damaged: section headers beyond its end");
    if (table->sh_type != SHT_DYNSYM) continue;
    const auto strings = section_at(bytes, *header, table->sh_link);
    const auto symbols = content_of(bytes, *table);
    const auto names = strings ? content_of(bytes, *strings) : std::nullopt;
    if (!symbols || !names) return bad("damaged: symbols beyond its end");
    std::vector<std::string> found;
    for (std::uint64_t at = 0; at + sizeof(Symbol) <= symbols->size(); at += sizeof(Symbol)) {
      const auto symbol = part_at<Symbol>(*symbols, at);
      if (!symbol || !exported(*symbol)) continue;
      if (symbol->st_name >= names->size()) return bad("damaged: a symbol without a name");
      const std::string_view name = names->substr(symbol->st_name);
      found.emplace_back(name.substr(0, name.find('\0')));
    }
    return found;
  }
  return bad("it has no dynamic symbols");
}

}  // namespace daydream::conformance
