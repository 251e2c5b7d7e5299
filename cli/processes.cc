#include "processes.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <thread>

#include "eddy/error.h"
#include "options/option_table.h"
#include "signals.h"
#include "train/process_exchange.h"

namespace eddy {
namespace {

// How many processes mpirun started, as Open MPI and those with MPICH's launcher or Slurm's tell their processes.
int StartedProcesses() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_SIZE"}) {
    if (const char* size = std::getenv(name)) return std::atoi(size);
  }
  return 1;
}

// Beside the program where it was built, in the library's folder where it was installed.
std::string ModulePath() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const std::filesystem::path& path : {folder / "eddy_mpi.so", folder / EDDY_MODULE_FOLDER / "eddy_mpi.so"}) {
    if (std::filesystem::exists(path, error)) return path;
  }
  return {};
}

void* OpenModule() {
  static void* const module = [] {
    const std::string path = ModulePath();
    return path.empty() ? nullptr : dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  }();
  return module;
}

template <class Function>
Function Symbol(const char* name) {
  return reinterpret_cast<Function>(dlsym(OpenModule(), name));
}

int CodeOf(const std::exception& error) { return dynamic_cast<const UsageError*>(&error) != nullptr ? 2 : 1; }

[[noreturn]] void EndAll(const ProcessGroup& group, const std::exception& error) {
  // What is wrong for all is said by the first, which ends this process meanwhile. Memory is each one's own.
  const bool no_memory =
      dynamic_cast<const std::bad_alloc*>(&error) != nullptr || dynamic_cast<const MemoryError*>(&error) != nullptr;
  const bool own = group.rank() > 0 || no_memory;
  if (group.rank() > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
  const std::string who = own ? NameOfProcess(group) + ": " : "";
  std::fprintf(stderr, "eddy: %s%s\n", who.c_str(), DescribeError(error).c_str());
  std::fflush(nullptr);
  Symbol<void (*)(int)>("EddyAbortMpi")(CodeOf(error));
  std::_Exit(CodeOf(error));
}

}  // namespace

std::string DescribeError(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ? "there is not enough memory for this" : error.what();
}

std::unique_ptr<ProcessGroup> JoinProcesses(double timeout) {
  const int processes = StartedProcesses();
  if (processes <= 1) return std::make_unique<SingleProcess>();
  if (OpenModule() == nullptr) {
    const char* why = dlerror();
    Fail("train", "eddy", fmt::format("built with MPI to be one of {} processes", processes),
         why == nullptr ? "built without" : why);
  }
  return std::unique_ptr<ProcessGroup>(Symbol<ProcessGroup* (*)(double)>("EddyJoinMpi")(timeout));
}

void DoTogether(std::unique_ptr<ProcessGroup> group, const std::function<void(ProcessGroup&)>& work) {
  if (group->size() == 1) return work(*group);
  std::optional<Interrupted> interrupted;
  try {
    work(*group);
  } catch (const Interrupted& by_signal) {  // all of them
    interrupted = by_signal;
  } catch (const std::exception& error) {
    EndAll(*group, error);
  }
  group.reset();
  if (interrupted) throw Interrupted(*interrupted);
}

}  // namespace eddy
