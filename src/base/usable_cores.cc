#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

#include "base/cpu_quota.h"
#include "eddy/threads.h"

namespace eddy {
namespace {

// Of one folder; 0 for none. "max 100000", or "50000 100000".
double QuotaOfVersion2(const std::string& folder) {
  std::ifstream file(folder + "/cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period && quota > 0 && period > 0 ? quota / period : 0;
}

double QuotaOfVersion1(const std::string& folder) {
  std::ifstream quota_file(folder + "/cpu.cfs_quota_us"), period_file(folder + "/cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quota_file >> quota && period_file >> period && quota > 0 && period > 0 ? quota / period : 0;
}

// The least of a group's folder and of all above it.
template <class QuotaOf>
double LeastQuota(const std::string& root, std::string group, const QuotaOf& quota_of) {
  double least = 0;
  for (;;) {
    const double quota = quota_of(root + group);
    if (quota > 0 && (least == 0 || quota < least)) least = quota;
    if (group.empty()) return least;
    group.resize(std::min(group.size(), group.rfind('/')));
  }
}

bool ControlsCpu(const std::string& controllers) {
  std::istringstream list(controllers);
  for (std::string name; std::getline(list, name, ',');) {
    if (name == "cpu") return true;
  }
  return false;
}

}  // namespace

double CpuQuota(const std::string& groups, const std::string& root) {
  std::ifstream file(groups);
  double least = 0;
  const auto keep = [&](double quota) {
    if (quota > 0 && (least == 0 || quota < least)) least = quota;
  };
  // Lines are "4:cpu,cpuacct:/group" in version 1 and "0::/group" in version 2.
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    std::string group = line.substr(second + 1);
    if (group == "/") group.clear();
    if (controllers.empty()) {
      keep(LeastQuota(root, group, QuotaOfVersion2));
      keep(LeastQuota(root + "/unified", group, QuotaOfVersion2));
    } else if (ControlsCpu(controllers)) {
      keep(LeastQuota(root + "/" + controllers, group, QuotaOfVersion1));
      keep(LeastQuota(root + "/cpu", group, QuotaOfVersion1));
    }
  }
  return least;
}

int GrantedCores() {
  constexpr double kMost = std::numeric_limits<int>::max();
  const double quota = CpuQuota("/proc/self/cgroup", "/sys/fs/cgroup");
  return static_cast<int>(quota > 0 ? std::clamp(std::round(quota), 1.0, kMost) : kMost);
}

int UsableCores() {
  int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) cores = std::max(1, CPU_COUNT(&allowed));
#endif
  return std::min(cores, GrantedCores());
}

}  // namespace eddy
