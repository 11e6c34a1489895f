// What a file is, told before dlopen sees it: dlopen's own words name neither machine nor class.
#include <elf.h>
#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"

namespace daydream::loader {
namespace {

constexpr unsigned char kOurClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
constexpr unsigned char kOurOrder = ELFDATA2LSB;
#else
constexpr unsigned char kOurOrder = ELFDATA2MSB;
#endif

#if defined(__x86_64__)
constexpr std::uint16_t kOurMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kOurMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr std::uint16_t kOurMachine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr std::uint16_t kOurMachine = EM_PPC64;
#elif defined(__s390x__)
constexpr std::uint16_t kOurMachine = EM_S390;
#else
#error "which e_machine is ours?"
#endif

struct MachineName {
  std::uint16_t machine;
  const char* name;
};
constexpr std::array<MachineName, 9> kMachines = {{{EM_X86_64, "x86-64"},
                                                   {EM_386, "x86 (32 bits)"},
                                                   {EM_AARCH64, "ARM 64"},
                                                   {EM_ARM, "ARM (32 bits)"},
                                                   {EM_RISCV, "RISC-V"},
                                                   {EM_PPC64, "PowerPC 64"},
                                                   {EM_S390, "IBM Z"},
                                                   {EM_MIPS, "MIPS"},
                                                   {EM_LOONGARCH, "LoongArch"}}};

std::string machine_name(std::uint16_t machine) {
  for (const MachineName& known : kMachines)
    if (known.machine == machine) return known.name;
  return "another machine (ELF number " + std::to_string(machine) + ")";
}

std::string what_it_is(std::string_view content) {
  if (content.empty()) return "the file is empty";
  if (content.substr(0, 2) == "#!") return "it is a script";
  if (content.substr(0, 8) == "!<arch>\n") return "it is a static library";
  if (content.substr(0, 2) == "MZ") return "it is a Windows program or library";
  if (content.substr(0, 4) == "\xcf\xfa\xed\xfe") return "it is a macOS program or library";
  if (content.substr(0, 4) ==
      "\x7f"
      "ELF")
    return "it is cut short";
  return "it begins with \"" + text::escape_terminal(content.substr(0, 16)) + "\"";
}

}  // namespace

std::string file_facts(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return "";
  std::string words =
      std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino) + ":" + std::to_string(facts.st_size) + ":";
  for (const timespec& time : {facts.st_mtim, facts.st_ctim})
    words += std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec) + ":";
  return words;
}

Result<void> check_elf(std::string_view content, const std::string& file) {
  const auto refuse = [&](const std::string& why) {
    return Error(ErrorKind::kInvalid, "plugin " + text::show_path(file) + ": " + why);
  };
  Elf64_Ehdr header{};
  if (content.size() < sizeof header || std::memcmp(content.data(), ELFMAG, SELFMAG) != 0)
    return refuse("not a shared library (ELF): " + what_it_is(content));
  std::memcpy(&header, content.data(), sizeof header);
  // In a header of the other class or byte order e_machine lies at the same place.
  const auto low = static_cast<unsigned char>(content[18]);
  const auto high = static_cast<unsigned char>(content[19]);
  const bool little = header.e_ident[EI_DATA] == ELFDATA2LSB;
  const auto machine = static_cast<std::uint16_t>(little ? low | (high << 8) : high | (low << 8));
  if (header.e_ident[EI_CLASS] != kOurClass || header.e_ident[EI_DATA] != kOurOrder || machine != kOurMachine)
    return refuse("built for " + machine_name(machine) + ", but this Daydream runs on " + machine_name(kOurMachine) +
                  ": build it for this machine");
  if (header.e_type == ET_EXEC) return refuse("a program, not a shared library: build it with -shared -fPIC");
  if (header.e_type == ET_REL) return refuse("an object file, not a shared library: link it with -shared");
  if (header.e_type == ET_CORE) return refuse("a core dump, not a shared library");
  if (header.e_type != ET_DYN) return refuse("not a shared library (ELF type " + std::to_string(header.e_type) + ")");
  return {};
}

}  // namespace daydream::loader
