// Tables in which a row is a series and its steps are columns with one name and a number behind it, such as the bills of six
// months, BILL_AMT1 to BILL_AMT6. A number may follow a space, or one of _ - . : and so PAY_0 is of PAY.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

struct NumberedColumns {
  std::string name;                  // without the number
  std::vector<std::string> columns;  // at least two, by rising number
};

// In the order of their first columns. A number that stands twice behind a name makes it none of these.
std::vector<NumberedColumns> FindNumbered(const std::vector<std::string>& names);

// For each of `wanted` its columns in the order of time: those with a number behind that name, or the one of that name,
// whose value is that of every step. With `newest_first` the lowest number is the last step. None where no numbered one is
// wanted. Throws Error for a name that is neither, with the nearest one, and for names of different numbers of columns.
std::optional<std::vector<std::vector<std::string>>> StepsInColumns(const std::vector<std::string>& wanted,
                                                                    const std::vector<std::string>& names, bool newest_first,
                                                                    std::string_view source);

// "PAY is PAY_6 to PAY_0, BILL_AMT is BILL_AMT6 to BILL_AMT1; AGE is the same at every step"
std::string DescribeSteps(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& steps);

}  // namespace eddy
