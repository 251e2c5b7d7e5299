// The main function of a test program. A program of several files' tests runs those of one, FILE.cc, when it is called with
// FILE; what --gtest_filter or the environment leaves out stays out.

#include <gtest/gtest.h>

#include <string>

namespace {

// Adds to the filter that no test of a file other than `file` runs.
void KeepTestsOf(const std::string& file) {
  const std::string ending = "/" + file + ".cc";
  std::string filter = GTEST_FLAG_GET(filter);
  char separator = filter.find('-') == std::string::npos ? '-' : ':';
  const auto& tests = *testing::UnitTest::GetInstance();
  for (int i = 0; i < tests.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *tests.GetTestSuite(i);
    for (int k = 0; k < suite.total_test_count(); ++k) {
      const testing::TestInfo& test = *suite.GetTestInfo(k);
      if (std::string(test.file()).ends_with(ending)) continue;
      filter += separator + (suite.name() + ("." + std::string(test.name())));
      separator = ':';
    }
  }
  GTEST_FLAG_SET(filter, filter);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc > 1) KeepTestsOf(argv[1]);
  return RUN_ALL_TESTS();
}
