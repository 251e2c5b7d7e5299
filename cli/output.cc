#include "output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "eddy/error.h"

namespace eddy {
namespace {

[[noreturn]] void FailWrite() { Fail("write", "standard output", "writable", std::strerror(errno)); }

}  // namespace

void Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) FailWrite();
}

void PrintLine(std::string_view text) {
  Print(text);
  Print("\n");
}

void FlushOutput() {
  if (std::fflush(stdout) != 0) FailWrite();
}

}  // namespace eddy
