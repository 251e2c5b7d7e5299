// Processor time that Linux control groups grant a process, in cores.
#pragma once

#include <string>

namespace eddy {

// The least quota of the groups that `groups` (/proc/self/cgroup) names, below `root` (/sys/fs/cgroup), and of those above
// them; 0 where there is none. Reads version 1 (cpu.cfs_quota_us and cpu.cfs_period_us) and version 2 (cpu.max); inside a
// container, where a group's own folder may not be seen, the folder that is seen in its place.
double CpuQuota(const std::string& groups, const std::string& root);

// Cores whose processor time this process is granted, to the nearest whole number but at least 1; the largest int where
// there is no quota.
int GrantedCores();

}  // namespace eddy
