#include "tasks/standard_input.h"

#include <unistd.h>

#include <algorithm>

namespace eddy {

std::string ReadSomeInput() {
  std::string bytes(size_t{1} << 12, '\0');
  const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  bytes.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
  return bytes;
}

}  // namespace eddy
