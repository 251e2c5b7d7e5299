#include "eddy/error.h"

namespace eddy {

void Fail(std::string_view operation, std::string_view argument, std::string_view expected, std::string_view given) {
  std::string message(operation);
  message.append(": ").append(argument).append(" must be ").append(expected).append(", but is ").append(given);
  throw Error(message);
}

}  // namespace eddy
