#include "architecture_option.h"

#include "tasks/architecture.h"
#include "usage.h"

namespace eddy {
namespace {

std::string WhatIsWrong(const std::string& part) {
  const size_t colon = part.find(':');
  if (colon == std::string::npos) {
    std::vector<std::string> names = CellNames();
    names.insert(names.end(), OtherLayerNames().begin(), OtherLayerNames().end());
    return OneOf(names)(std::string(part));
  }
  std::string hybrid = part.substr(0, colon), cell = part.substr(colon + 1);
  const std::string wrong = OneOf(HybridNames())(hybrid);
  return wrong.empty() ? OneOf(CellNames())(cell) : wrong;
}

}  // namespace

CLI::Validator Architecture() {
  const auto check = [](const std::string& name) {
    for (const std::string& part : SplitArchitecture(name)) {
      if (std::string wrong = WhatIsWrong(part); !wrong.empty()) return wrong;
    }
    return std::string();
  };
  return CLI::Validator(check, "");
}

}  // namespace eddy
