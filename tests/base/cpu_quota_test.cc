#include "base/cpu_quota.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "eddy/threads.h"

namespace eddy {
namespace cpu_quota_test {

// A machine's control groups, made of files.
class CpuQuotaTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "eddy-quota-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = std::filesystem::path(root_) / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  double Quota(const std::string& groups) const {
    Write("groups", groups);
    return CpuQuota(root_ + "/groups", root_);
  }

  std::string root_;
};

TEST_F(CpuQuotaTest, there_is_none_without_control_groups) {
  EXPECT_EQ(Quota(""), 0);
  EXPECT_EQ(Quota("0::/\n"), 0);
  EXPECT_EQ(Quota("nonsense\n:\n"), 0);
  EXPECT_EQ(CpuQuota(root_ + "/missing", root_), 0);
}

TEST_F(CpuQuotaTest, version_2_gives_the_least_of_a_group_and_those_above_it) {
  Write("a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(Quota("0::/a/b\n"), 0);
  Write("a/cpu.max", "150000 100000\n");
  EXPECT_EQ(Quota("0::/a/b\n"), 1.5);
  Write("a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(Quota("0::/a/b\n"), 0.5);
  EXPECT_EQ(Quota("0::/other\n"), 0);
}

TEST_F(CpuQuotaTest, a_container_sees_its_own_quota_at_the_root) {
  Write("cpu.max", "200000 100000\n");
  EXPECT_EQ(Quota("0::/\n"), 2);
  EXPECT_EQ(Quota("0::/docker/0123\n"), 2);
}

TEST_F(CpuQuotaTest, version_1_gives_the_quota_of_the_controller_cpu) {
  Write("cpu,cpuacct/job/cpu.cfs_quota_us", "25000\n");
  Write("cpu,cpuacct/job/cpu.cfs_period_us", "50000\n");
  Write("memory/job/cpu.cfs_quota_us", "1\n");
  EXPECT_EQ(Quota("5:memory:/job\n4:cpu,cpuacct:/job\n"), 0.5);
  Write("cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(Quota("4:cpu,cpuacct:/job\n"), 0);
}

TEST(UsableCores, are_at_least_one) { EXPECT_GE(UsableCores(), 1); }

TEST(GrantedCores, bound_the_usable_ones_and_the_threads_among_which_work_is_split) {
  EXPECT_GE(GrantedCores(), 1);
  EXPECT_LE(UsableCores(), GrantedCores());
  const Threads threads(4);
  EXPECT_EQ(threads.count(), 4);
  EXPECT_LE(threads.team(), GrantedCores());
}

}  // namespace cpu_quota_test
}  // namespace eddy
