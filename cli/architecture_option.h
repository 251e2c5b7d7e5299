// The check of an option that names layers (tasks/architecture.h).
#pragma once

#include <CLI/CLI.hpp>

namespace eddy {

CLI::Validator Architecture();  // suggests the nearest

}  // namespace eddy
